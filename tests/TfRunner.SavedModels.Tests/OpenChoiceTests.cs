using TfRunner.SavedModels.Protos;

namespace TfRunner.SavedModels.Tests;

public sealed class OpenChoiceTests
{
    [Theory]
    [InlineData(null, 10)]
    [InlineData(2L, 2)]
    [InlineData(1L, 1)]
    public void The_highest_version_wins_unless_one_is_named(long? version, long chosen)
    {
        using var scratch = new ScratchFolder();
        foreach (var folder in new[] { "1", "2", "10", "not-a-version" })
        {
            new ModelBuilder().Write(scratch, Path.Combine("versions", folder));
        }

        // A newer version that is still being copied is none yet.
        Directory.CreateDirectory(Path.Combine(scratch.Path, "versions", "11"));
        using var model = SavedModel.Open(Path.Combine(scratch.Path, "versions"), new() { Version = version });
        Assert.Equal(chosen, model.Version);
        Assert.EndsWith(Path.Combine("versions", FormattableString.Invariant($"{chosen}")), model.Directory, StringComparison.Ordinal);
    }

    [Fact]
    public void A_version_that_does_not_exist_is_answered_with_those_that_do()
    {
        using var scratch = new ScratchFolder();
        new ModelBuilder().Write(scratch, Path.Combine("versions", "3"));
        var error = Assert.Throws<TfRunnerException>(() => SavedModel.Open(Path.Combine(scratch.Path, "versions"), new() { Version = 4 }));
        Assert.Equal("versions there are 3", error.Hint);
    }

    [Theory]
    [InlineData(null, "serve")]
    [InlineData("serve,gpu", "gpu,serve")]
    [InlineData("eval", "eval")]
    public void Tags_choose_the_meta_graph(string? asked, string chosen)
    {
        using var scratch = new ScratchFolder();
        var gpu = new MetaGraphDef { MetaInfoDef = new() { Tags = { "gpu", "serve" } } };
        var eval = new MetaGraphDef { MetaInfoDef = new() { Tags = { "eval" } } };
        var path = new ModelBuilder().Write(scratch, "model", gpu, eval);
        using var model = SavedModel.Open(path, new() { Tags = asked?.Split(',') });
        Assert.Equal(chosen.Split(','), model.Tags);
        Assert.Equal(3, model.MetaGraphTags.Count);
    }

    [Fact]
    public void Tags_that_do_not_exist_are_answered_with_those_that_do()
    {
        using var scratch = new ScratchFolder();
        var error = Assert.Throws<TfRunnerException>(() => SavedModel.Open(new ModelBuilder().Write(scratch), new() { Tags = ["train"] }));
        Assert.Equal("there are: serve", error.Hint);
    }

    [Fact]
    public void The_only_signature_is_the_default_one()
    {
        using var scratch = new ScratchFolder();
        using var model = SavedModel.Open(new ModelBuilder().Node("a", "Placeholder").Signature("only", null, "a:0").Signature("__saved_model_init_op", null, "a").Write(scratch));
        Assert.Equal("only", model.Signature().Name);
    }

    [Fact]
    public void A_wrong_name_is_answered_with_the_nearest_and_the_others()
    {
        using var scratch = new ScratchFolder();
        using var model = SavedModel.Open(new ModelBuilder().Signature("classify", null, "a:0").Signature("regress", null, "a:0").Write(scratch));
        var error = Assert.Throws<TfRunnerException>(() => model.Signature("clasify"));
        Assert.Equal("did you mean 'classify'? signatures there are classify, regress", error.Hint);
        Assert.Contains("classify, regress", Assert.Throws<TfRunnerException>(() => model.Signature()).Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Sparse_and_composite_inputs_are_flattened()
    {
        using var scratch = new ScratchFolder();
        var builder = new ModelBuilder().Signature("serving_default", null, "a:0");
        var sparse = new TensorInfo
        {
            CooSparse = new() { ValuesTensorName = "v:0", IndicesTensorName = "i:0", DenseShapeTensorName = "s:0" },
            Dtype = DataType.DtFloat,
            TensorShape = new() { Dim = { new TensorShapeProto.Types.Dim { Size = -1 }, new TensorShapeProto.Types.Dim { Size = 7 } } },
        };
        var composite = new TensorInfo { CompositeTensor = new() };
        composite.CompositeTensor.Components.Add(new TensorInfo { Name = "f:0", Dtype = DataType.DtInt64, TensorShape = new() });
        composite.CompositeTensor.Components.Add(new TensorInfo { Name = "g:0", Dtype = DataType.DtString, TensorShape = new() { UnknownRank = true } });
        builder.Meta.SignatureDef["serving_default"].Inputs.Add("x", sparse);
        builder.Meta.SignatureDef["serving_default"].Inputs.Add("r", composite);
        using var model = SavedModel.Open(builder.Write(scratch));
        Assert.Equal(
            ["r_component_0: int64 []", "r_component_1: string [...]", "x_dense_shape: int64 [2]", "x_indices: int64 [?, 2]", "x_values: float32 [?]"],
            model.Signature().Inputs.Select(static i => i.ToString()));
        Assert.Equal("i:0", model.Signature().Inputs.Single(static i => i.Name == "x_indices").TensorName);
    }

    [Fact]
    public void Defaults_of_inputs_are_read()
    {
        using var scratch = new ScratchFolder();
        var builder = new ModelBuilder().Signature("serving_default", "a:0", "a:0");
        builder.Meta.SignatureDef["serving_default"].Defaults["x"] = new() { Dtype = DataType.DtFloat, TensorShape = new(), FloatVal = { 2.5f } };
        using var model = SavedModel.Open(builder.Write(scratch));
        Assert.Equal(2.5f, model.Signature().Defaults["x"].AsScalar<float>());
    }
}
