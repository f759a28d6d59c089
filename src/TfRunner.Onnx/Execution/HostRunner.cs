using TfRunner.Onnx.Conversion.Programs;
using TfRunner.Onnx.Host;

namespace TfRunner.Onnx.Execution;

/// <summary>A step that a host kernel runs.</summary>
internal sealed class HostRunner : SlotRunner
{
    private readonly HostStep step;
    private readonly HostKernel kernel;

    public HostRunner(HostStep step, HostKernel kernel)
    {
        this.step = step;
        this.kernel = kernel;
    }

    /// <inheritdoc/>
    public override void Run(object?[] slots, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var inputs = new object[step.Inputs.Count];
        for (var i = 0; i < inputs.Length; i++)
        {
            inputs[i] = slots[step.Inputs[i]]!;
        }

        var call = new HostCall(step.Node, inputs, cancellationToken);
        try
        {
            kernel(call);
        }
        catch (Exception e) when (e is not (TfRunnerException or OperationCanceledException or OutOfMemoryException))
        {
            // A kernel names what it refuses; what else its inputs bring about must still not end the caller without the node's name.
            throw new TfRunnerException(ErrorCode.InvalidArgument, ErrorStage.Run, $"{step.Node.Op} '{step.Node.Name}' cannot compute what it was given: {e.Message}", innerException: e);
        }

        var results = call.Results();
        for (var i = 0; i < results.Length; i++)
        {
            slots[step.Outputs[i]] = results[i];
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
    }
}
