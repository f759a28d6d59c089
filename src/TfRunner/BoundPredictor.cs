using TfRunner.Engines;

namespace TfRunner;

/// <summary>A predictor with its inputs and outputs settled. One thread at a time.</summary>
public sealed class BoundPredictor : IDisposable
{
    private readonly IBoundCall call;
    private readonly CallsInFlight calls;
    private readonly Predictor predictor;
    private TensorValue[] owned = [];
    private int copiedArrays;
    private long copiedBytes;

    internal BoundPredictor(IBoundCall call, CallsInFlight calls, Predictor predictor)
    {
        this.call = call;
        this.calls = calls;
        this.predictor = predictor;
    }

    /// <summary>Reads the inputs, computes, writes the outputs. Allocates nothing on the managed heap unless it fails.</summary>
    /// <exception cref="TfRunnerException">The model failed, or an output has another shape than the one bound.</exception>
    /// <exception cref="ObjectDisposedException">The predictor has been disposed.</exception>
    public void Run()
    {
        calls.Enter(predictor);
        try
        {
            NumSharpConversions.Count(copiedArrays, copiedBytes);
            call.Run();
        }
        finally
        {
            calls.Leave();
        }
    }

    /// <summary>Frees what the bound call holds; the tensors stay the caller's.</summary>
    public void Dispose()
    {
        call.Dispose();
        Array.ForEach(owned, static t => t.Dispose());
    }

    /// <summary>Hands over tensors that were made of arrays for this call only.</summary>
    /// <param name="tensors">The tensors.</param>
    /// <param name="copied">Those of them that the engine copies at each run, which is counted.</param>
    internal BoundPredictor Owning(TensorValue[] tensors, IReadOnlyCollection<TensorValue> copied)
    {
        owned = tensors;
        copiedArrays = copied.Count;
        copiedBytes = copied.Sum(static t => t.ByteLength);
        return this;
    }
}
