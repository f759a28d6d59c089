using TfRunner.SavedModels.Protos;
using TfRunner.TensorFlow.Native;

namespace TfRunner.TensorFlow.Eager;

/// <summary>A signature as a function of the eager runtime.</summary>
/// <param name="Function">The function; its arguments are the feeds, then the resources.</param>
/// <param name="Resources">The handles to pass, owned by the model.</param>
internal sealed record EagerProgram(FunctionDef Function, IReadOnlyList<EagerTensorHandle> Resources);
