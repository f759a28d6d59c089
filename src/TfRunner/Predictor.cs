using TfRunner.Engines;

namespace TfRunner;

/// <summary>
/// One signature prepared on one engine in one mode: the only thing that runs. May be called from many threads at once.
/// </summary>
public sealed class Predictor : IDisposable
{
    private readonly IPreparedSignature prepared;
    private readonly CallsInFlight calls = new();

    internal Predictor(Signature signature, string engine, string mode, IPreparedSignature prepared)
    {
        Signature = signature;
        Engine = engine;
        Mode = mode;
        this.prepared = prepared;
    }

    /// <summary>What is called.</summary>
    public Signature Signature { get; }

    /// <summary>The engine that computes.</summary>
    public string Engine { get; }

    /// <summary>How the engine is called, such as <c>graph</c>.</summary>
    public string Mode { get; }

    /// <summary>Whether the engine copies inputs whose memory is not aligned.</summary>
    internal bool CopiesUnaligned => prepared is IAlignedInputs;

    /// <summary>Whether it copies aligned ones too.</summary>
    /// <param name="isCancellable">Whether the call can be left early, and its inputs with it.</param>
    internal bool CopiesAligned(bool isCancellable) => prepared is IAlignedInputs aligned && (isCancellable || !aligned.TakesAligned);

    /// <summary>Runs one call with inputs in the signature's order.</summary>
    /// <param name="inputs">One tensor per input. Must not change during the call; stay the caller's.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <returns>One tensor per output, in the signature's order; the caller disposes them.</returns>
    /// <exception cref="TfRunnerException">InvalidArgument, naming the input, what was expected and what came; or the model's own failure.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public TensorValue[] Predict(ReadOnlySpan<TensorValue> inputs, CancellationToken cancellationToken = default)
    {
        InputCheck.Check(Signature, inputs);
        cancellationToken.ThrowIfCancellationRequested();
        var outputs = new TensorValue[Signature.Outputs.Count];
        calls.Enter(this);
        try
        {
            prepared.Run(inputs, outputs, cancellationToken);
        }
        finally
        {
            calls.Leave();
        }

        return outputs;
    }

    /// <summary>Runs one call with inputs by name.</summary>
    /// <param name="inputs">One tensor per input of the signature.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <returns>One tensor per output, by name; the caller disposes them.</returns>
    /// <exception cref="TfRunnerException">InvalidArgument, naming the input, what was expected and what came; or the model's own failure.</exception>
    public Dictionary<string, TensorValue> Predict(IReadOnlyDictionary<string, TensorValue> inputs, CancellationToken cancellationToken = default)
    {
        var ordered = InputCheck.Order(Signature, inputs);
        var outputs = Predict(ordered, cancellationToken);
        var named = new Dictionary<string, TensorValue>(outputs.Length, StringComparer.Ordinal);
        for (var i = 0; i < outputs.Length; i++)
        {
            named.Add(Signature.Outputs[i].Name, outputs[i]);
        }

        return named;
    }

    /// <summary>Settles inputs and outputs for a call that is repeated over the same memory and allocates nothing on the managed heap.</summary>
    /// <param name="inputs">One tensor per input; read anew by each call.</param>
    /// <param name="outputs">One tensor per output with the exact dtype and shape that the call gives; written by each call. Not string tensors.</param>
    /// <returns>The bound call, for one thread at a time; the caller disposes it before the predictor.</returns>
    /// <exception cref="TfRunnerException">InvalidArgument when a tensor does not fit the signature.</exception>
    public BoundPredictor Bind(ReadOnlySpan<TensorValue> inputs, ReadOnlySpan<TensorValue> outputs)
    {
        InputCheck.Check(Signature, inputs);
        InputCheck.CheckOutputs(Signature, outputs);
        calls.Enter(this);
        try
        {
            return new(prepared.Bind(inputs, outputs), calls, this);
        }
        finally
        {
            calls.Leave();
        }
    }

    /// <summary>Runs one call and times its ops. The timing itself slows the call.</summary>
    /// <param name="inputs">One tensor per input, in the signature's order.</param>
    /// <returns>One entry per op run, in order of their starts.</returns>
    /// <exception cref="TfRunnerException">Unimplemented when this engine or mode cannot be profiled; or the model's own failure.</exception>
    public IReadOnlyList<OpTime> Profile(ReadOnlySpan<TensorValue> inputs)
    {
        InputCheck.Check(Signature, inputs);
        if (prepared is not IProfiledSignature profiled)
        {
            throw new TfRunnerException(ErrorCode.Unimplemented, ErrorStage.Usage, $"{Engine}:{Mode} cannot be profiled");
        }

        calls.Enter(this);
        try
        {
            return profiled.Profile(inputs);
        }
        finally
        {
            calls.Leave();
        }
    }

    /// <summary>Waits for the calls in flight, then frees what the predictor holds.</summary>
    public void Dispose()
    {
        if (calls.Close())
        {
            prepared.Dispose();
        }
    }
}
