namespace TfRunner.TensorFlow.Eager;

/// <summary>What has arrived at a node in one turn.</summary>
internal sealed class FlowNodeState(int inputs, int controls)
{
    public FlowValue?[] Inputs { get; } = new FlowValue?[inputs];

    public int MissingInputs { get; set; } = inputs;

    public int MissingControls { get; set; } = controls;

    public int DeadInputs { get; set; }

    /// <summary>Whether something that the node waits for is dead.</summary>
    public bool IsDead { get; set; }

    /// <summary>The position of the first living input; -1 before one came.</summary>
    public int FirstLiving { get; set; } = -1;

    public bool HasRun { get; set; }
}
