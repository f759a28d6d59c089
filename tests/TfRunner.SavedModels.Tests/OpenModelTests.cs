using System.Text.Json;
using TfRunner.RecordedCases;

namespace TfRunner.SavedModels.Tests;

public sealed class OpenModelTests
{
    // Of serving_half_plus_three, which declares its serialized examples as floats: the placeholder's dtype is taken instead.
    private const string WithWrongDType = "tensorflow/serving/regress";

    [Theory]
    [MemberData(nameof(VisibleModels.Readable), MemberType = typeof(VisibleModels))]
    public void Every_model_opens_and_names_a_signature(string name)
    {
        var tags = name == "tfrust_regression_model" ? new[] { "serve", "train" } : null;
        using var model = SavedModel.Open(RecordedModel.Find(name).SavedModelDirectory, new() { Tags = tags });
        Assert.All(model.Signatures, static s => Assert.NotEqual("__saved_model_init_op", s.Name));
        Assert.All(model.Assets, a => Assert.StartsWith(Path.Combine(model.Directory, "assets"), a.Path, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(VisibleModels.OfOtherProjects), MemberType = typeof(VisibleModels))]
    public void A_model_says_what_Python_says_about_it(string name)
    {
        var recorded = RecordedModel.Find(name);
        using var model = SavedModel.Open(recorded.SavedModelDirectory);
        var meta = recorded.About.GetProperty("meta_graphs")[0];
        Assert.Equal(meta.GetProperty("tensorflow_version").GetString(), model.TensorFlowVersion);
        Assert.Equal(recorded.About.GetProperty("schema_version").GetInt64(), model.SchemaVersion);
        Assert.Equal(recorded.About.GetProperty("keras_versions").EnumerateArray().FirstOrDefault() is { ValueKind: JsonValueKind.String } v ? v.GetString() : null, model.Keras?.Version);
        var expected = meta.GetProperty("signatures").EnumerateObject()
            .Where(static s => s.Name is not ("__saved_model_init_op" or WithWrongDType))
            .Select(static s => $"{s.Name}({Describe(s.Value.GetProperty("inputs"))})->({Describe(s.Value.GetProperty("outputs"))}) {s.Value.GetProperty("method").GetString()}")
            .Order(StringComparer.Ordinal);
        Assert.Equal(
            expected,
            model.Signatures.Where(static s => s.Name != WithWrongDType).Select(static s => $"{s.Name}({Describe(s.Inputs)})->({Describe(s.Outputs)}) {s.MethodName}").Order(StringComparer.Ordinal));
    }

    // Python takes a shape that the file leaves out for a scalar's; here it is unknown.
    private static string Describe(IReadOnlyList<TensorSpec> specs) =>
        string.Join(" ", specs.Select(static s => $"{s.Name}:{s.DType.Name()}{(s.Shape.IsRankKnown ? s.Shape : TensorShape.Scalar)}"));

    private static string Describe(JsonElement specs) =>
        string.Join(" ", specs.EnumerateObject().OrderBy(static s => s.Name, StringComparer.Ordinal).Select(static s =>
            $"{s.Name}:{s.Value[0].GetString()!.Replace("_ref", "", StringComparison.Ordinal)}{(s.Value[1].ValueKind == JsonValueKind.Null ? TensorShape.Scalar : TensorShape.Of([.. s.Value[1].EnumerateArray().Select(static d => d.GetInt64())]))}"));

    [Fact]
    public void An_inputs_dtype_is_that_of_the_placeholder_it_names()
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        using var model = SavedModel.Open(RecordedModel.Find("serving_half_plus_three").SavedModelDirectory);
        Assert.Equal(DType.String, Assert.Single(model.Signature(WithWrongDType).Inputs).DType);
    }
}
