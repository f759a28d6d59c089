using TfRunner.Onnx.Conversion.Programs;
using TfRunner.Onnx.Host.Arrays;

namespace TfRunner.Onnx.Execution;

/// <summary>A loop that runs on the host; condition and body are programs.</summary>
internal sealed class LoopRunner : SlotRunner
{
    private readonly HostStep step;
    private readonly ProgramRunner condition;
    private readonly ProgramRunner body;

    public LoopRunner(HostStep step, ProgramRunner condition, ProgramRunner body)
    {
        this.step = step;
        this.condition = condition;
        this.body = body;
    }

    /// <inheritdoc/>
    public override void Run(object?[] slots, CancellationToken cancellationToken)
    {
        var inputs = new object[step.Inputs.Count];
        for (var i = 0; i < inputs.Length; i++)
        {
            inputs[i] = slots[step.Inputs[i]]!;
        }

        var variables = step.Outputs.Count;
        var isOwned = false;
        while (Holds(inputs, cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var next = body.Run(inputs, cancellationToken);
            for (var i = 0; i < variables; i++)
            {
                if (isOwned)
                {
                    (inputs[i] as TensorValue)?.Dispose();
                }

                inputs[i] = next[i];
            }

            isOwned = true;
        }

        for (var i = 0; i < variables; i++)
        {
            slots[step.Outputs[i]] = inputs[i];
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        condition.Dispose();
        body.Dispose();
    }

    private bool Holds(object[] inputs, CancellationToken cancellationToken)
    {
        var result = (TensorValue)condition.Run(inputs, cancellationToken)[0];
        using (result)
        {
            return ArrayCast.ToDoubles(result)[0] != 0;
        }
    }
}
