namespace TfRunner.Engines;

/// <summary>Turns the names that users give into an engine and one of its modes.</summary>
internal static class EngineChoice
{
    public static IEngineProvider Choose(ModelOptions options)
    {
        if (options.Engine != ModelOptions.Auto)
        {
            return EngineCatalog.Find(options.Engine);
        }

        var reasons = new List<string>();
        foreach (var provider in EngineCatalog.Providers)
        {
            var availability = provider.Probe(options.EngineOptions);
            if (availability.IsAvailable)
            {
                return provider;
            }

            reasons.Add($"{provider.Name}: {availability.Reason}");
        }

        throw new TfRunnerException(
            ErrorCode.Unavailable,
            ErrorStage.Engine,
            "no engine works on this machine" + (reasons.Count == 0 ? string.Empty : " (" + string.Join("; ", reasons) + ")"),
            "run 'tfrunner doctor' to see what was tried");
    }

    public static string ResolveMode(IEngineProvider provider, string? mode)
    {
        if (mode is null)
        {
            return provider.Modes[0];
        }

        // `compiled` names the mode in general; the tensorflow engine's own name for it is xla.
        var name = mode == "compiled" && !provider.Modes.Contains(mode) ? "xla" : mode;
        return provider.Modes.Contains(name)
            ? name
            : throw new TfRunnerException(
                ErrorCode.InvalidArgument,
                ErrorStage.Usage,
                $"the {provider.Name} engine has no mode '{mode}'",
                $"use one of: {string.Join(", ", provider.Modes)}");
    }
}
