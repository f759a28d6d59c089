using TfRunner.Engines;

namespace TfRunner.Cli.Inspection;

/// <summary>Whether one engine can run one signature in one mode.</summary>
/// <param name="Signature">The signature's name.</param>
/// <param name="Engine">The engine's name.</param>
/// <param name="Mode">The mode; null where the engine or the model as a whole is the obstacle.</param>
/// <param name="Obstacles">What stands in the way; empty when it can run.</param>
/// <param name="Notes">What is out of the ordinary about how it runs.</param>
internal sealed record SignatureSupport(string Signature, string Engine, string? Mode, IReadOnlyList<string> Obstacles, IReadOnlyList<string> Notes)
{
    /// <summary>Asks every engine.</summary>
    /// <param name="savedModel">The model.</param>
    /// <param name="signatures">The signatures to ask about.</param>
    /// <param name="options">Which engine to ask (<c>auto</c> asks all) and how it is started.</param>
    /// <returns>One entry per signature, engine and mode.</returns>
    public static List<SignatureSupport> Find(SavedModel savedModel, IReadOnlyList<Signature> signatures, ModelOptions options)
    {
        var providers = options.Engine == ModelOptions.Auto ? EngineCatalog.Providers : [EngineCatalog.Find(options.Engine)];
        return [.. providers.SelectMany(p => Ask(p, savedModel, signatures, options.EngineOptions))];
    }

    private static List<SignatureSupport> Ask(IEngineProvider provider, SavedModel savedModel, IReadOnlyList<Signature> signatures, EngineOptions options)
    {
        try
        {
            var availability = provider.Probe(options);
            if (!availability.IsAvailable)
            {
                return [.. signatures.Select(s => new SignatureSupport(s.Name, provider.Name, null, [availability.Reason ?? "not available"], []))];
            }

            using var engine = provider.Start(options);
            using var loaded = engine.Load(savedModel);
            return [.. signatures.SelectMany(s => provider.Modes.Select(m => new SignatureSupport(s.Name, provider.Name, m, loaded.Obstacles(s, m), (loaded as ISignatureNotes)?.Notes(s, m) ?? [])))];
        }
        catch (TfRunnerException e)
        {
            return [.. signatures.Select(s => new SignatureSupport(s.Name, provider.Name, null, [e.Message], []))];
        }
    }
}
