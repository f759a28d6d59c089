using TfRunner.TensorFlow.Native;

namespace TfRunner.TensorFlow.Eager;

/// <summary>Executes single ops through another binding of the eager runtime. May be used from many threads.</summary>
internal unsafe interface IOpDispatcher
{
    /// <summary>Executes one op.</summary>
    /// <param name="node">The op, of kind <see cref="OpKind.Plain"/>.</param>
    /// <param name="slots">The tensors, those of others marked by <see cref="EagerExecutor.Borrowed"/>; receives the outputs.</param>
    /// <param name="status">Receives the result.</param>
    void Execute(EagerNode node, IntPtr* slots, StatusHandle status);
}
