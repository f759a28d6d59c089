using System.Collections.Concurrent;
using TfRunner.Measurement;

namespace TfRunner.Diagnosis.Modes;

/// <summary>A model loaded as often as its modes need: once per engine, or once per mode when calls change its state.</summary>
/// <param name="source">Which model, and how it is loaded.</param>
/// <param name="isStateful">Whether every mode needs a fresh load.</param>
internal sealed class LoadedModes(ModelSource source, bool isStateful) : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<Model>> models = new(StringComparer.Ordinal);
    private readonly Dictionary<ModeName, Predictor> predictors = [];

    public bool IsStateful => isStateful;

    /// <summary>The version of each engine that loaded the model.</summary>
    public ConcurrentDictionary<string, string> Versions { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether work was left going on. What it may use is then not freed before the process ends.</summary>
    public bool HasLeftWork { get; private set; }

    /// <summary>Prepares the signature in a mode, or finds what was prepared.</summary>
    /// <param name="mode">The mode.</param>
    /// <param name="limit">How long loading may take.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The predictor; disposed with this.</returns>
    /// <exception cref="TfRunnerException">The engine cannot load or run it.</exception>
    /// <exception cref="TimeoutException">Loading took longer than the limit.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Predictor Predictor(ModeName mode, TimeInterval limit, CancellationToken cancellationToken)
    {
        if (!predictors.TryGetValue(mode, out var predictor))
        {
            predictors[mode] = predictor = Do(() => Model(mode).Predictor(source.Signature, mode.Mode), limit, cancellationToken);
        }

        return predictor;
    }

    /// <summary>What keeps a mode from running, found without running it.</summary>
    /// <param name="mode">The mode.</param>
    /// <param name="limit">How long it may take to find out.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>One line; null when nothing is known to.</returns>
    /// <exception cref="TfRunnerException">The engine cannot load it.</exception>
    public string? Obstacle(ModeName mode, TimeInterval limit, CancellationToken cancellationToken) =>
        Do(() => Model(mode).Obstacles(source.Signature, mode.Mode) is [var first, ..] ? first : null, limit, cancellationToken);

    /// <summary>Does something with what is loaded, as long as the limit allows.</summary>
    /// <typeparam name="T">What comes of it.</typeparam>
    /// <param name="work">The work.</param>
    /// <param name="limit">How long to wait for it.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>What came of it.</returns>
    /// <exception cref="TimeoutException">It took longer than the limit.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public T Do<T>(Func<T> work, TimeInterval limit, CancellationToken cancellationToken)
    {
        try
        {
            return LeavableWork.Run(work, limit, cancellationToken);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            HasLeftWork = true;
            throw;
        }
    }

    /// <summary>Says that a call was left going on.</summary>
    public void LeaveCall() => HasLeftWork = true;

    public void Dispose()
    {
        if (HasLeftWork)
        {
            return;
        }

        foreach (var model in models.Values.Where(static m => m.IsValueCreated))
        {
            model.Value.Dispose();
        }

        models.Clear();
        predictors.Clear();
    }

    /// <summary>The model on a mode's engine, loaded where it is not yet. Within <see cref="Do"/>.</summary>
    /// <param name="mode">The mode.</param>
    /// <returns>The model; disposed with this.</returns>
    public Model Model(ModeName mode)
    {
        var key = isStateful ? mode.ToString() : mode.Engine;

        // Work that was left may still be loading on another engine, which must not keep this one waiting.
        return models.GetOrAdd(key, _ => new(() =>
        {
            var model = source.Load(mode.Engine);
            Versions[mode.Engine] = model.EngineVersion;
            return model;
        })).Value;
    }
}
