namespace TfRunner.Onnx.Conversion.Flow;

/// <summary>
/// A graph without function calls. A loop's or conditional's graph may use values of the graphs around it directly.
/// </summary>
internal sealed class FlowGraph
{
    /// <summary>What is fed, in order.</summary>
    public List<FlowValue> Inputs { get; } = [];

    /// <summary>What is asked for, in order.</summary>
    public List<FlowValue> Outputs { get; } = [];

    /// <summary>Nodes that run for what they check, not for what they give: assertions.</summary>
    public List<FlowNode> Effects { get; } = [];

    /// <summary>The nodes that outputs and effects need, each after all it depends on. Nodes of graphs around are not among them.</summary>
    /// <returns>The nodes in an order to run them in.</returns>
    public List<FlowNode> Order() => FlowOrder.Of(this);

    /// <summary>The values of graphs around that this graph and the graphs in it use, without those that are constant.</summary>
    /// <returns>Each value once, in order of first use.</returns>
    public List<FlowValue> Captures() => FlowOrder.Captures(this);

    /// <summary>Forgets the effects so far.</summary>
    /// <returns>The effects.</returns>
    public List<FlowNode> TakeEffects()
    {
        var taken = Effects.ToList();
        Effects.Clear();
        return taken;
    }

    /// <summary>Nodes that belong to this graph; what others produce comes from a graph around it.</summary>
    public HashSet<FlowNode> Members { get; } = [];
}
