namespace TfRunner.TensorFlow.Eager;

/// <summary>One running loop, or the body itself. Each turn has its own state per node.</summary>
internal sealed class FlowFrame(FlowFrame? parent, int parentTurn, int nodeCount)
{
    private readonly List<FlowNodeState?[]> turns = [];
    private readonly Dictionary<(int Turn, string Name), FlowFrame> children = [];

    public FlowFrame? Parent => parent;

    public int ParentTurn => parentTurn;

    public int Depth { get; } = parent is null ? 0 : parent.Depth + 1;

    /// <summary>Values that are the same in every turn, by slot.</summary>
    public List<(int Slot, FlowValue Value)> Constants { get; } = [];

    /// <summary>The Exits that have been dead so far; false once one has let a value out.</summary>
    public Dictionary<int, bool> DeadExits { get; } = [];

    public int Turns => turns.Count;

    public FlowNodeState State(int turn, int node, EagerNode[] nodes, FlowPlan plan)
    {
        while (turns.Count <= turn)
        {
            turns.Add(new FlowNodeState?[nodeCount]);
        }

        return turns[turn][node] ??= new(nodes[node].Inputs.Length, plan.ControlCount[node]);
    }

    /// <summary>The loop of a name that a turn has entered.</summary>
    public FlowFrame Child(int turn, string name) =>
        children.TryGetValue((turn, name), out var child) ? child : children[(turn, name)] = new(this, turn, nodeCount);
}
