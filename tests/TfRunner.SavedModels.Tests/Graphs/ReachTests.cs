using TfRunner.RecordedCases;

namespace TfRunner.SavedModels.Tests.Graphs;

public sealed class ReachTests
{
    // Its variables were never saved; TensorFlow cannot run it either.
    private const string WithoutValues = "tfnet_example1_novars";

    [Theory]
    [MemberData(nameof(VisibleModels.Readable), MemberType = typeof(VisibleModels))]
    public void Every_variable_that_a_signature_reaches_is_in_the_checkpoint_with_its_dtype_and_shape(string name)
    {
        using var model = SavedModel.Open(RecordedModel.Find(name).SavedModelDirectory);
        var lost = model.Signatures.SelectMany(s => model.Graph.Reach(s).Variables).Select(static v => v.Variable).Distinct()
            .Where(v => !v.IsInitialized && !(v.CheckpointKey is { } key && model.Checkpoint?.Find(key) is { } entry && entry.DType == v.DType && v.Shape.Accepts(entry.Shape.Dimensions)));
        Assert.Equal(name == WithoutValues, lost.Any());
    }

    [Fact]
    public void Variables_whose_copies_are_restored_are_found_through_the_object_graph()
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        using var model = SavedModel.Open(RecordedModel.Find("jpeg_bytes").SavedModelDirectory);
        var kernel = model.Graph.Reach(model.Signature()).Variables.Single(static v => v.Variable.SharedName == "sequential/conv2d/kernel");
        Assert.False(kernel.Variable.IsRestored);
        Assert.Equal("_v/0/.ATTRIBUTES/VARIABLE_VALUE", kernel.Variable.CheckpointKey);
        Assert.True(kernel.IsRead);
        Assert.False(kernel.IsWritten);
    }

    [Fact]
    public void A_table_is_filled_from_its_asset()
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        using var model = SavedModel.Open(RecordedModel.Find("vocab_asset").SavedModelDirectory);
        var table = Assert.Single(model.Graph.Reach(model.Signature()).Tables);
        Assert.Equal("InitializeTableFromTextFileV2", table.Initializer!.Op);
        Assert.Equal(model.Assets[0], table.Asset);
    }

    [Fact]
    public void A_python_op_is_named_with_its_function()
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        using var model = SavedModel.Open(RecordedModel.Find("py_function").SavedModelDirectory);
        var place = Assert.Single(model.Graph.Reach(model.Signature()).PythonNodes);
        Assert.Equal("PyFunc", place.Op);
        Assert.StartsWith("__inference_f_", place.Function, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("serving_default", true)]
    [InlineData("peek", false)]
    public void A_signature_that_changes_a_variable_says_so(string signature, bool writes)
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        using var model = SavedModel.Open(RecordedModel.Find("counter_stateful").SavedModelDirectory);
        var reach = model.Graph.Reach(model.Signature(signature));
        Assert.Equal(writes, reach.WritesState);
        Assert.Equal(writes, Assert.Single(reach.Variables).IsWritten);
    }
}
