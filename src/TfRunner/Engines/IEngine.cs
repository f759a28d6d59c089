namespace TfRunner.Engines;

/// <summary>What computes. May be used from many threads.</summary>
public interface IEngine : IDisposable
{
    /// <summary>The engine's name, such as <c>tensorflow</c>.</summary>
    string Name { get; }

    /// <summary>The version of the library below, such as <c>2.21.0</c>.</summary>
    string Version { get; }

    /// <summary>Loads a model. Nothing of it is computed before a signature is prepared, as far as the engine allows.</summary>
    /// <param name="savedModel">The model as read; stays open, and the caller's, at least as long as the result.</param>
    /// <returns>The loaded model; the caller disposes it.</returns>
    /// <exception cref="TfRunnerException">The engine cannot load it.</exception>
    ILoadedModel Load(SavedModel savedModel);
}
