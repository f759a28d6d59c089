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
    public IBoundCall Bind(ReadOnlySpan<TensorValue> inputs, ReadOnlySpan<TensorValue> outputs) =>
        new CopiedCall(runner, inputs.ToArray(), outputs.ToArray());

    /// <inheritdoc/>
    public void Dispose() => runner.Dispose();
}
