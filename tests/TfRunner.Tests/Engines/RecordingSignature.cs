using TfRunner.Engines;

namespace TfRunner.Tests.Engines;

/// <summary>A prepared signature that copies its inputs to its outputs and remembers what happened to it.</summary>
internal sealed class RecordingSignature : IPreparedSignature, IAlignedInputs
{
    public int Runs { get; private set; }

    /// <summary>Where the inputs of the last call were.</summary>
    public IReadOnlyList<IntPtr> Addresses { get; private set; } = [];

    public bool IsDisposed { get; private set; }

    public bool TakesAligned { get; init; } = true;

    public void Run(ReadOnlySpan<TensorValue> inputs, Span<TensorValue> outputs, CancellationToken cancellationToken)
    {
        Runs++;
        Addresses = [.. inputs.ToArray().Select(static i => i.IsString ? 0 : i.Pointer)];
        for (var i = 0; i < outputs.Length; i++)
        {
            outputs[i] = inputs[i].Clone();
        }
    }

    public IBoundCall Bind(ReadOnlySpan<TensorValue> inputs, ReadOnlySpan<TensorValue> outputs) => new Copy(inputs[0], outputs[0]);

    public void Dispose() => IsDisposed = true;

    private sealed class Copy(TensorValue input, TensorValue output) : IBoundCall
    {
        public void Run() => input.Bytes.CopyTo(output.Bytes);

        public void Dispose()
        {
        }
    }
}
