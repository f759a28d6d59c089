using TfRunner.Engines;

namespace TfRunner.Onnx.Execution;

/// <summary>A converted signature, ready to run.</summary>
internal sealed class OnnxPrepared : IPreparedSignature
{
    private readonly ProgramRunner runner;

    public OnnxPrepared(ProgramRunner runner) => this.runner = runner;

    /// <inheritdoc/>
    public void Run(ReadOnlySpan<TensorValue> inputs, Span<TensorValue> outputs, CancellationToken cancellationToken)
    {
        var values = new object[inputs.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = inputs[i];
        }

        var results = runner.Run(values, cancellationToken);
        for (var i = 0; i < outputs.Length; i++)
        {
            outputs[i] = (TensorValue)results[i];
        }
    }

    /// <inheritdoc/>
    public IBoundCall Bind(ReadOnlySpan<TensorValue> inputs, ReadOnlySpan<TensorValue> outputs)
    {
        var (program, given, taken) = (runner.Program, inputs.ToArray(), outputs.ToArray());
        if (runner.Steps is not [SessionRunner only] || program.Constants.Count > 0 || given.Any(static t => t.IsString)
            || !program.Outputs.Select(static o => o.Slot).Order().SequenceEqual(only.OutputSlots.Order()))
        {
            return new CopiedCall(runner, given, taken);
        }

        var bound = only.InputSlots.Select((slot, i) => (only.InputNames[i], given[program.Inputs.FindIndex(p => p.Slot == slot)]));
        var results = only.OutputSlots.Select((slot, i) => (only.OutputNames[i], taken[program.Outputs.FindIndex(p => p.Slot == slot)]));
        return new BoundSession(only.Session, bound, results, only.Signature);
    }

    /// <inheritdoc/>
    public void Dispose() => runner.Dispose();
}
