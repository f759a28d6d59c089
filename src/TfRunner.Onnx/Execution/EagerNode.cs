using Microsoft.ML.OnnxRuntime;

namespace TfRunner.Onnx.Execution;

/// <summary>One node of a graph with a session of its own.</summary>
/// <param name="Session">The session of the one-node model.</param>
/// <param name="InputNames">The model's inputs.</param>
/// <param name="OutputNames">The model's outputs.</param>
/// <param name="Inputs">Where the inputs' values lie.</param>
/// <param name="Outputs">Where the outputs' values go.</param>
/// <param name="Released">Values that nothing after this node reads.</param>
/// <param name="Name">The node's name.</param>
/// <param name="Op">The operator.</param>
internal sealed record EagerNode(
    InferenceSession Session, string[] InputNames, string[] OutputNames, int[] Inputs, int[] Outputs, int[] Released, string Name, string Op)
{
    /// <summary>The operator and the node's name, for errors.</summary>
    public string What => $"{Op} '{Name}'";
}
