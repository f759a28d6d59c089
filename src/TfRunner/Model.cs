using TfRunner.Engines;

namespace TfRunner;

/// <summary>A loaded SavedModel: signatures to look at and predictors to call. May be used from many threads.</summary>
public sealed class Model : IDisposable
{
    private readonly SavedModel savedModel;
    private readonly IEngine engine;
    private readonly ILoadedModel loaded;
    private readonly IEngineProvider provider;
    private readonly List<Predictor> predictors = [];
    private readonly Lock gate = new();
    private bool disposed;

    private Model(SavedModel savedModel, IEngineProvider provider, IEngine engine, ILoadedModel loaded)
    {
        this.savedModel = savedModel;
        this.provider = provider;
        this.engine = engine;
        this.loaded = loaded;
    }

    /// <summary>The engine that computes, such as <c>tensorflow</c>.</summary>
    public string Engine => engine.Name;

    /// <summary>The version of what computes.</summary>
    public string EngineVersion => engine.Version;

    /// <summary>The engine's modes, default first.</summary>
    public IReadOnlyList<string> Modes => provider.Modes;

    /// <summary>The model as read from its directory.</summary>
    public SavedModel SavedModel => savedModel;

    /// <summary>The entry points, in ordinal order of their names.</summary>
    public IReadOnlyList<Signature> Signatures => savedModel.Signatures;

    /// <summary>Loads a model.</summary>
    /// <param name="path">The SavedModel directory, a directory of numbered versions, or the <c>.pb</c> or <c>.pbtxt</c> file of a SavedModel or of a frozen graph.</param>
    /// <param name="options">How to load it; null takes the defaults.</param>
    /// <returns>The model; the caller disposes it.</returns>
    /// <exception cref="TfRunnerException">NotFound or DataLoss when it cannot be read; Unavailable when no engine works here.</exception>
    public static Model Load(string path, ModelOptions? options = null)
    {
        options ??= new();
        var provider = EngineChoice.Choose(options);
        var savedModel = SavedModel.Open(path, options.SavedModel);
        IEngine? engine = null;
        try
        {
            engine = provider.Start(options.EngineOptions);
            return new(savedModel, provider, engine, engine.Load(savedModel));
        }
        catch
        {
            engine?.Dispose();
            savedModel.Dispose();
            throw;
        }
    }

    /// <summary>What keeps a signature from running in a mode.</summary>
    /// <param name="signature">The signature's name; null takes the default one.</param>
    /// <param name="mode">The mode; null takes the engine's default.</param>
    /// <returns>One line per obstacle; empty when it can run.</returns>
    public IReadOnlyList<string> Obstacles(string? signature = null, string? mode = null) =>
        loaded.Obstacles(savedModel.Signature(signature), EngineChoice.ResolveMode(provider, mode));

    /// <summary>Prepares a signature for calling.</summary>
    /// <param name="signature">The signature's name; null takes <c>serving_default</c>, or the only one.</param>
    /// <param name="mode">The engine's name of a mode, or <c>eager</c>, <c>graph</c>, <c>compiled</c>; null takes the engine's default.</param>
    /// <returns>The predictor; the caller disposes it, or the model does.</returns>
    /// <exception cref="TfRunnerException">NotFound for an unknown signature; Unimplemented, naming the op, when the engine cannot run it.</exception>
    public Predictor Predictor(string? signature = null, string? mode = null)
    {
        return PredictorFor(savedModel.Signature(signature), mode);
    }

    /// <summary>Prepares an entry point made by <see cref="SavedModel.AdHocSignature"/> of this model.</summary>
    /// <param name="signature">The signature.</param>
    /// <param name="mode">As for <see cref="Predictor(string?, string?)"/>.</param>
    /// <returns>The predictor; the caller disposes it, or the model does.</returns>
    /// <exception cref="TfRunnerException">Unimplemented, naming the op, when the engine cannot run it.</exception>
    public Predictor PredictorFor(Signature signature, string? mode = null)
    {
        ArgumentNullException.ThrowIfNull(signature);
        var resolved = EngineChoice.ResolveMode(provider, mode);
        ObjectDisposedException.ThrowIf(disposed, this);
        var predictor = new Predictor(signature, engine.Name, resolved, loaded.Prepare(signature, resolved));
        lock (gate)
        {
            if (!disposed)
            {
                predictors.Add(predictor);
                return predictor;
            }
        }

        predictor.Dispose();
        throw new ObjectDisposedException(nameof(Model));
    }

    /// <summary>Waits for the calls in flight, then frees everything.</summary>
    public void Dispose()
    {
        Predictor[] open;
        lock (gate)
        {
            if (disposed)
            {
                return;
            }

            disposed = true;
            open = [.. predictors];
        }

        foreach (var predictor in open)
        {
            predictor.Dispose();
        }

        loaded.Dispose();
        engine.Dispose();
        savedModel.Dispose();
    }
}
