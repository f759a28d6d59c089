using System.Runtime.InteropServices;
using TfRunner.Engines;
using TfRunner.TensorFlow.Native;

namespace TfRunner.TensorFlow.Calls;

/// <summary>One call: its input tensors, its results and its status. Owns everything that the native code touches.</summary>
internal sealed unsafe class SignatureCall : IDisposable
{
    private readonly PreparedSignature signature;
    private readonly CancellationHandle? cancellation;
    private readonly StatusHandle status = new();
    private readonly int feedCount;
    private readonly int fetchCount;
    private IntPtr* tensors;

    /// <param name="signature">What is called.</param>
    /// <param name="inputs">The inputs.</param>
    /// <param name="copyInputs">Whether their memory may change or go while the call runs.</param>
    /// <param name="cancellation">What ends the call early, owned by this; null for nothing.</param>
    public SignatureCall(PreparedSignature signature, ReadOnlySpan<TensorValue> inputs, bool copyInputs, CancellationHandle? cancellation)
    {
        this.signature = signature;
        this.cancellation = cancellation;
        feedCount = signature.Wiring.Feeds.Count;
        fetchCount = signature.Wiring.Fetches.Count;
        tensors = (IntPtr*)NativeMemory.AllocZeroed((nuint)(feedCount + fetchCount + 1), (nuint)sizeof(IntPtr));
        try
        {
            for (var i = 0; i < feedCount; i++)
            {
                var input = inputs[signature.Wiring.FeedInput[i]];
                tensors[i] = copyInputs || !InputTensor.IsShareable(input) ? InputTensor.Copy(input) : InputTensor.Share(input);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public void Execute()
    {
        signature.Runner.Run(tensors, tensors + feedCount, status, cancellation);
        OutputTensor.Count(tensors + feedCount, fetchCount);
    }

    /// <summary>Makes the call with each op timed.</summary>
    /// <exception cref="TfRunnerException">Unimplemented when the mode cannot tell; or the model failed.</exception>
    public IReadOnlyList<OpTime> Profile(string mode)
    {
        var times = signature.Runner.Profile(tensors, tensors + feedCount, status);
        OutputTensor.Count(tensors + feedCount, fetchCount);
        status.ThrowIfError(ErrorStage.Run, $"signature '{signature.Wiring.Signature.Name}' failed");
        return times ?? throw new TfRunnerException(
            ErrorCode.Unimplemented, ErrorStage.Usage, $"tensorflow:{mode} does not tell the times of its ops", "profile --mode graph or --mode eager");
    }

    /// <summary>Asks the call to end early, where its mode can.</summary>
    public void Cancel() => cancellation?.Cancel();

    /// <summary>Hands out the results, or throws what went wrong.</summary>
    public void Take(ReadOnlySpan<TensorValue> inputs, Span<TensorValue> outputs, CancellationToken cancellationToken)
    {
        status.ThrowIfError(ErrorStage.Run, $"signature '{signature.Wiring.Signature.Name}' failed", null, cancellationToken);
        for (var i = 0; i < outputs.Length; i++)
        {
            var fetch = signature.Wiring.FetchOf[i];
            outputs[i] = fetch < 0 ? inputs[signature.Wiring.InputOf[i]].Clone()
                : FirstUse(fetch) == i ? TakeFetched(fetch)
                : outputs[FirstUse(fetch)].Clone();
        }
    }

    public void Dispose()
    {
        if (tensors == null)
        {
            return;
        }

        OutputTensor.Delete(tensors, feedCount + fetchCount);
        NativeMemory.Free(tensors);
        tensors = null;
        status.Dispose();
        cancellation?.Dispose();
    }

    private int FirstUse(int fetch) => signature.Wiring.FetchOf.IndexOf(fetch);

    private TensorValue TakeFetched(int index)
    {
        var tensor = tensors[feedCount + index];
        tensors[feedCount + index] = IntPtr.Zero;
        NativeObjects.Deleted();
        return OutputTensor.Take(tensor);
    }
}
