using TfRunner.SavedModels.Protos;

namespace TfRunner.TensorFlow.Analysis;

/// <summary>What a runtime has to do before it can use further variables and tables, in this order.</summary>
internal sealed class StateChange
{
    /// <summary>The nodes that make resources that nothing has used yet.</summary>
    public List<NodeDef> Made { get; } = [];

    /// <summary>Those among them that are restored by an assignment, and from where.</summary>
    public List<(NodeDef Node, RestoreSource Source)> Restored { get; } = [];

    /// <summary>Parts of the model's restore op that run as they are.</summary>
    public List<string> Restorers { get; } = [];

    /// <summary>Parts of the init op to run.</summary>
    public List<string> Initialisers { get; } = [];

    public bool IsEmpty => Made.Count == 0 && Initialisers.Count == 0;
}
