namespace TfRunner.SavedModels.Tests.Graphs;

public sealed class HostileGraphTests
{
    [Fact]
    public void Functions_that_call_each_other_in_a_circle_are_entered_once()
    {
        var reach = Reach(new ModelBuilder()
            .Function("f", ["a"], ["c:output:0"], ModelBuilder.NewNode("c", "PartitionedCall", "g", "a"))
            .Function("g", ["a"], ["c:output:0"], ModelBuilder.NewNode("c", "PartitionedCall", "f", "a"))
            .Node("v", "VarHandleOp").Call("call", "PartitionedCall", "f", "v"));
        Assert.Equal(["f", "g"], reach.Functions);
    }

    [Fact]
    public void Paths_that_double_at_every_function_are_not_walked_one_by_one()
    {
        var builder = new ModelBuilder();
        for (var i = 0; i < 60; i++)
        {
            var next = FormattableString.Invariant($"f{i + 1}");
            builder.Function(
                FormattableString.Invariant($"f{i}"), ["a", "b"], ["c:output:0", "d:output:0"],
                ModelBuilder.NewNode("c", "PartitionedCall", next, "a", "b"), ModelBuilder.NewNode("d", "PartitionedCall", next, "b", "a"));
        }

        builder.Function("f60", ["a", "b"], ["r:value:0"], ModelBuilder.NewNode("r", "ReadVariableOp", null, "a"));
        var reach = Reach(builder.Node("v", "VarHandleOp").Node("w", "VarHandleOp").Call("call", "PartitionedCall", "f0", "v", "w"));
        Assert.Equal(61, reach.Functions.Count);
        Assert.All(reach.Variables, static v => Assert.True(v.IsRead));
    }

    [Fact]
    public void Loops_of_nodes_end() =>
        Assert.Equal(3, Reach(new ModelBuilder()
            .Node("v", "VarHandleOp").Node("m", "Merge", "v", "n").Node("n", "NextIteration", "m").Node("call", "Identity", "m")).Nodes.Count - 1);

    [Fact]
    public void A_missing_input_is_named()
    {
        var error = Assert.Throws<TfRunnerException>(static () => Reach(new ModelBuilder().Node("call", "Identity", "nowhere:3")));
        Assert.Contains("input 'nowhere:3' of node 'call' names nothing", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Writes_inside_nested_functions_are_traced_to_their_variable()
    {
        var reach = Reach(new ModelBuilder()
            .Function("outer", ["p", "q"], ["c:output:0"], ModelBuilder.NewNode("c", "PartitionedCall", "inner", "q", "p"))
            .Function("inner", ["a", "b"], ["i:output:0"], ModelBuilder.NewNode("s", "AssignVariableOp", null, "a", "b"), ModelBuilder.NewNode("i", "Identity", null, "b", "^s"))
            .Node("v", "VarHandleOp").Node("w", "VarHandleOp").Call("call", "PartitionedCall", "outer", "v", "w"));
        Assert.Equal(["w"], reach.Variables.Where(static v => v.IsWritten).Select(static v => v.Variable.Node.Node));
        Assert.True(reach.WritesState);
    }

    private static TfRunner.Graphs.SignatureReach Reach(ModelBuilder builder)
    {
        using var scratch = new ScratchFolder();
        using var model = SavedModel.Open(builder.Signature("serving_default", null, "call:0").Write(scratch));
        return model.Graph.Reach(model.Signature());
    }
}
