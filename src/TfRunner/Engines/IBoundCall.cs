namespace TfRunner.Engines;

/// <summary>A call with its inputs and outputs settled. One thread at a time.</summary>
public interface IBoundCall : IDisposable
{
    /// <summary>Reads the inputs, computes, writes the outputs. Allocates nothing on the managed heap unless it fails.</summary>
    /// <exception cref="TfRunnerException">The model failed, or an output has another shape than the one bound.</exception>
    void Run();
}
