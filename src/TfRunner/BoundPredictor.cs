using TfRunner.Engines;

namespace TfRunner;

/// <summary>A predictor with its inputs and outputs settled. One thread at a time.</summary>
public sealed class BoundPredictor : IDisposable
{
    private readonly IBoundCall call;
    private readonly CallsInFlight calls;
    private readonly Predictor predictor;
    private TensorValue[] owned = [];

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

    /// <summary>Hands over tensors that were made for this call only.</summary>
    internal BoundPredictor Owning(TensorValue[] tensors)
    {
        owned = tensors;
        return this;
    }
}
