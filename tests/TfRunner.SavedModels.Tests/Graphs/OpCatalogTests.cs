using TfRunner.Graphs;
using TfRunner.SavedModels.Protos;

namespace TfRunner.SavedModels.Tests.Graphs;

public sealed class OpCatalogTests
{
    [Theory]
    [InlineData("sparse_values", 2)]
    [InlineData("dense", 5)]
    [InlineData("none", null)]
    public void Outputs_are_numbered_over_lists(string output, int? offset)
    {
        var node = new NodeDef { Op = "Parse", Attr = { ["N"] = new() { I = 2 }, ["T"] = new() { List = new() { Type = { DataType.DtFloat, DataType.DtInt64, DataType.DtString } } } } };
        Assert.Equal(offset, Catalog().OutputOffset(node, output));
        Assert.Equal(6, Catalog().OutputCount(node));
    }

    [Fact]
    public void A_functions_outputs_are_its_arguments()
    {
        var node = new NodeDef { Op = "f" };
        Assert.Equal(1, Catalog().OutputOffset(node, "b"));
        Assert.Equal(2, Catalog().OutputCount(node));
        Assert.Null(Catalog().OutputCount(new NodeDef { Op = "Missing" }));
    }

    private static OpCatalog Catalog()
    {
        var op = new OpDef { Name = "Parse" };
        op.OutputArg.Add(new OpDef.Types.ArgDef { Name = "indices", NumberAttr = "N" });
        op.OutputArg.Add(new OpDef.Types.ArgDef { Name = "sparse_values", TypeListAttr = "T" });
        op.OutputArg.Add(new OpDef.Types.ArgDef { Name = "dense" });
        var function = new FunctionDef { Signature = new() { Name = "f" } };
        function.Signature.OutputArg.Add(new OpDef.Types.ArgDef { Name = "a" });
        function.Signature.OutputArg.Add(new OpDef.Types.ArgDef { Name = "b" });
        return new(new()
        {
            MetaInfoDef = new() { StrippedOpList = new() { Op = { op } } },
            GraphDef = new() { Library = new() { Function = { function } } },
        });
    }
}
