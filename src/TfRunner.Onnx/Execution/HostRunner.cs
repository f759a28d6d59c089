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
        kernel(call);
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
