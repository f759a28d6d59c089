namespace TfRunner.Engines;

/// <summary>A model on an engine. May be used from many threads.</summary>
public interface ILoadedModel : IDisposable
{
    /// <summary>What keeps a signature from running in a mode, found without running it.</summary>
    /// <param name="signature">The signature.</param>
    /// <param name="mode">The engine's own name of the mode.</param>
    /// <returns>One line per obstacle, naming the op and where it is; empty when it can run.</returns>
    IReadOnlyList<string> Obstacles(Signature signature, string mode);

    /// <summary>Prepares one signature in one mode.</summary>
    /// <param name="signature">The signature.</param>
    /// <param name="mode">The engine's own name of the mode.</param>
    /// <returns>The prepared signature; the caller disposes it.</returns>
    /// <exception cref="TfRunnerException">Unimplemented, naming op and node, when it cannot run.</exception>
    IPreparedSignature Prepare(Signature signature, string mode);
}
