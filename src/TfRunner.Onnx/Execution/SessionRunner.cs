using Microsoft.ML.OnnxRuntime;
using TfRunner.Onnx.Conversion.Programs;

namespace TfRunner.Onnx.Execution;

/// <summary>A step that a session of ONNX Runtime runs.</summary>
internal sealed class SessionRunner : SlotRunner
{
    private readonly IReadOnlyList<int> inputs;
    private readonly IReadOnlyList<int> outputs;
    private readonly string[] inputNames;
    private readonly string[] outputNames;
    private readonly string signature;

    public SessionRunner(InferenceSession session, ProgramStep step, string[] inputNames, string[] outputNames, string signature)
    {
        Session = session;
        inputs = step.Inputs;
        outputs = step.Outputs;
        this.inputNames = inputNames;
        this.outputNames = outputNames;
        this.signature = signature;
    }

    public InferenceSession Session { get; }

    public IReadOnlyList<int> InputSlots => inputs;

    public IReadOnlyList<int> OutputSlots => outputs;

    public string Signature => signature;

    public IReadOnlyList<string> InputNames => inputNames;

    public IReadOnlyList<string> OutputNames => outputNames;

    /// <inheritdoc/>
    public override void Run(object?[] slots, CancellationToken cancellationToken)
    {
        var values = new OrtValue[inputs.Count];
        using var run = new RunOptions();
        using var cancel = cancellationToken.CanBeCanceled
            ? cancellationToken.Register(static state => ((RunOptions)state!).Terminate = true, run)
            : default;
        try
        {
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = OrtTensors.Wrap((TensorValue)slots[inputs[i]]!);
            }

            var results = Session.Run(run, inputNames, values, outputNames);
            for (var i = 0; i < outputNames.Length; i++)
            {
                slots[outputs[i]] = OrtTensors.Own(results[i]);
            }
        }
        catch (OnnxRuntimeException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw OrtErrors.Translate(e, ErrorStage.Run, $"signature '{signature}'");
        }
        finally
        {
            foreach (var value in values)
            {
                value?.Dispose();
            }

            GC.KeepAlive(slots);
        }
    }

    /// <inheritdoc/>
    public override void Dispose() => Session.Dispose();
}
