namespace TfRunner.Engines;

/// <summary>
/// Finds out whether an engine can work on this machine, and starts it. An engine's assembly names its provider with
/// <see cref="EngineProviderAttribute"/>.
/// </summary>
public interface IEngineProvider
{
    /// <summary>The engine's name, such as <c>tensorflow</c>.</summary>
    string Name { get; }

    /// <summary>The engine's modes, default first: what <c>--mode</c> accepts for it.</summary>
    IReadOnlyList<string> Modes { get; }

    /// <summary>Whether the engine can work here, and why not; never throws, starts nothing that cannot be left alone.</summary>
    /// <param name="options">Where to look and how to run.</param>
    /// <returns>What was found.</returns>
    EngineAvailability Probe(EngineOptions options);

    /// <summary>Starts the engine.</summary>
    /// <param name="options">Where to look and how to run.</param>
    /// <returns>The engine; the caller disposes it.</returns>
    /// <exception cref="TfRunnerException">Unavailable when it cannot work here.</exception>
    IEngine Start(EngineOptions options);
}
