using System.Diagnostics;
using TfRunner.Engines;

namespace TfRunner.Benchmarks;

/// <summary>
/// TfRunner's bound call on one engine in one mode; the unbound call where an output holds strings, which only the onnx engine
/// binds.
/// </summary>
internal sealed class BoundContender : IContender
{
    private readonly Model model;
    private readonly Predictor predictor;
    private readonly BoundPredictor? bound;
    private readonly TensorValue[] inputs;
    private TensorValue[] outputs;

    private BoundContender(string name, Model model, Predictor predictor, TensorValue[] inputs, TensorValue[] outputs, TimeSpan load, TimeSpan cold)
    {
        Name = name;
        this.model = model;
        this.predictor = predictor;
        this.inputs = inputs;
        this.outputs = outputs;
        bound = predictor.Engine != "onnx" && outputs.Any(static o => o.IsString) ? null : predictor.Bind(inputs, outputs);
        LoadTime = load;
        ColdTime = cold;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public IReadOnlyList<TensorValue> Outputs => outputs;

    /// <summary>What is called.</summary>
    public Signature Signature => predictor.Signature;

    /// <summary>The time from nothing to a predictor.</summary>
    public TimeSpan LoadTime { get; }

    /// <summary>The time of the first call.</summary>
    public TimeSpan ColdTime { get; }

    /// <summary>Loads a model and binds a signature.</summary>
    /// <param name="name">The engine and mode, such as <c>onnx:compiled</c>.</param>
    /// <param name="path">The SavedModel directory.</param>
    /// <param name="signature">The signature; null takes the default one.</param>
    /// <param name="inputs">Gives the inputs for the signature; stay the caller's.</param>
    /// <param name="options">How the engine runs.</param>
    /// <returns>The contender.</returns>
    /// <exception cref="TfRunnerException">The engine is not there or cannot run the signature.</exception>
    public static BoundContender Load(
        string name, string path, string? signature, Func<Signature, TensorValue[]> inputs, EngineOptions options)
    {
        var (engine, mode) = name.Split(':') is [var first, var second]
            ? (first, second)
            : throw new ArgumentException($"'{name}' does not read ENGINE:MODE");
        var started = Stopwatch.GetTimestamp();
        var model = Model.Load(path, new() { Engine = engine, EngineOptions = options });
        try
        {
            var predictor = model.Predictor(signature, mode);
            var load = Stopwatch.GetElapsedTime(started);
            var values = inputs(predictor.Signature);
            started = Stopwatch.GetTimestamp();
            var outputs = predictor.Predict(values);
            var cold = Stopwatch.GetElapsedTime(started);
            return new(name, model, predictor, values, outputs, load, cold);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Call()
    {
        if (bound is not null)
        {
            bound.Run();
            return;
        }

        Array.ForEach(outputs, static o => o.Dispose());
        outputs = predictor.Predict(inputs);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        bound?.Dispose();
        model.Dispose();
        Array.ForEach(outputs, static o => o.Dispose());
    }
}
