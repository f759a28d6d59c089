namespace TfRunner.TensorFlow.Sessions;

/// <summary>A call into the library that can be run on another thread and owns everything it touches.</summary>
internal interface INativeCall : IDisposable
{
    /// <summary>Makes the call; failures stay in its status.</summary>
    void Execute();
}
