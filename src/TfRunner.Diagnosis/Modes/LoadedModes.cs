namespace TfRunner.Diagnosis.Modes;

/// <summary>A model loaded as often as its modes need: once per engine, or once per mode when calls change its state.</summary>
/// <param name="source">Which model, and how it is loaded.</param>
/// <param name="isStateful">Whether every mode needs a fresh load.</param>
internal sealed class LoadedModes(ModelSource source, bool isStateful) : IDisposable
{
    private readonly Dictionary<string, Model> models = new(StringComparer.Ordinal);

    /// <summary>Prepares the signature in a mode.</summary>
    /// <param name="mode">The mode.</param>
    /// <returns>The predictor; disposed with this.</returns>
    /// <exception cref="TfRunnerException">The engine cannot load or run it.</exception>
    public Predictor Predictor(ModeName mode)
    {
        var key = isStateful ? mode.ToString() : mode.Engine;
        if (!models.TryGetValue(key, out var model))
        {
            models[key] = model = source.Load(mode.Engine);
        }

        return model.Predictor(source.Signature, mode.Mode);
    }

    public void Dispose()
    {
        foreach (var model in models.Values)
        {
            model.Dispose();
        }

        models.Clear();
    }
}
