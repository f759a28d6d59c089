using TfRunner.RecordedCases;
using TfRunner.SavedModels.Protos;

namespace TfRunner.SavedModels.Tests.Signatures;

public sealed class NodeSignaturesTests : IDisposable
{
    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory]
    [MemberData(nameof(VisibleModels.Readable), MemberType = typeof(VisibleModels))]
    public void Every_signature_can_be_made_of_the_nodes_that_it_names(string name)
    {
        using var model = SavedModel.Open(RecordedModel.Find(name).SavedModelDirectory);
        foreach (var signature in model.Signatures.Where(static s => s.Outputs.Count > 0 && s.Inputs.Concat(s.Outputs).All(static t => t.TensorName.Length > 0)))
        {
            var made = model.AdHocSignature(Names(signature.Inputs), Names(signature.Outputs));
            Assert.Equal(signature.Inputs.DistinctBy(static i => i.TensorName).Select(static i => (i.TensorName, i.DType)), made.Inputs.Select(static i => (i.TensorName, i.DType)));
            Assert.Equal(signature.Outputs.DistinctBy(static o => o.TensorName).Select(static o => (o.TensorName, o.DType)), made.Outputs.Select(static o => (o.TensorName, o.DType)));
        }
    }

    [Fact]
    public void Inputs_come_in_the_order_given_and_bear_the_names_given()
    {
        using var model = Open();
        var signature = model.AdHocSignature(["y:0", "x"], ["both:1", "sum"]);
        Assert.Equal(["y:0", "x"], signature.Inputs.Select(static i => i.Name));
        Assert.Equal(["y:0", "x:0"], signature.Inputs.Select(static i => i.TensorName));
        Assert.Equal([DType.Int32, DType.Float32], signature.Outputs.Select(static o => o.DType));
        Assert.Equal("x: float32 [?, 2]", signature.Inputs[1].ToString());
    }

    [Fact]
    public void Candidates_are_placeholders_and_what_nothing_reads()
    {
        using var model = Open();
        Assert.Equal(["x", "y"], model.FeedCandidates().Select(static f => f.Name));
        Assert.Equal(["sum", "both", "both:1"], model.FetchCandidates().Select(static f => f.Name));
    }

    [Theory]
    [InlineData("summ", ErrorCode.NotFound, "did you mean 'sum'?")]
    [InlineData("^sum", ErrorCode.NotFound, "did you mean 'sum'?")]
    [InlineData("both:2", ErrorCode.InvalidArgument, "it has 2")]
    [InlineData("v", ErrorCode.InvalidArgument, null)]
    [InlineData("strange", ErrorCode.Unimplemented, "feed or fetch a neighbouring node")]
    public void What_cannot_be_fetched_is_refused(string fetch, ErrorCode code, string? hint)
    {
        using var model = Open();
        var error = Assert.Throws<TfRunnerException>(() => model.AdHocSignature(["x"], [fetch]));
        Assert.Equal((code, hint), (error.Code, error.Hint));
    }

    [Theory]
    [InlineData("x", "x", "sum")]
    [InlineData("x", "y", "sum", "sum")]
    [InlineData("x", "y")]
    public void A_name_given_twice_and_nothing_fetched_are_wrong_use(string first, string second, params string[] fetches)
    {
        using var model = Open();
        var error = Assert.Throws<TfRunnerException>(() => model.AdHocSignature([first, second], fetches));
        Assert.Equal((ErrorCode.InvalidArgument, ErrorStage.Usage), (error.Code, error.Stage));
    }

    [Fact]
    public void A_model_without_signatures_says_how_to_call_it()
    {
        using var model = Open();
        Assert.Contains("--fetch", Assert.Throws<TfRunnerException>(() => model.Signature()).Hint, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Names(IEnumerable<TensorSpec> specs) => specs.Select(static s => s.TensorName).Distinct();

    private SavedModel Open()
    {
        var builder = new ModelBuilder()
            .Node("x", "Placeholder").Node("y", "Placeholder").Node("one", "Const").Node("sum", "AddV2", "x", "one")
            .Node("both", "Two", "y").Node("v", "VarHandleOp").Node("strange", "Nobody", "x");
        var nodes = builder.Meta.GraphDef.Node;
        nodes[0].Attr["dtype"] = new() { Type = DataType.DtFloat };
        nodes[0].Attr["shape"] = new() { Shape = new() { Dim = { new TensorShapeProto.Types.Dim { Size = -1 }, new TensorShapeProto.Types.Dim { Size = 2 } } } };
        nodes[1].Attr["dtype"] = new() { Type = DataType.DtInt32 };
        nodes[3].Attr["T"] = new() { Type = DataType.DtFloat };
        builder.Meta.GraphDef.Versions = new() { Producer = 1000 };
        builder.Meta.MetaInfoDef.StrippedOpList.Op.Add(new OpDef
        {
            Name = "Two",
            OutputArg = { new OpDef.Types.ArgDef { Name = "a", Type = DataType.DtInt64 }, new OpDef.Types.ArgDef { Name = "b", Type = DataType.DtInt32 } },
        });
        builder.Meta.MetaInfoDef.StrippedOpList.Op.Add(new OpDef
        {
            Name = "VarHandleOp",
            OutputArg = { new OpDef.Types.ArgDef { Name = "resource", Type = DataType.DtResource } },
        });
        return SavedModel.Open(builder.Write(scratch));
    }
}
