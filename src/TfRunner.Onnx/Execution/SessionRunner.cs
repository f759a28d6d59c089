using Microsoft.ML.OnnxRuntime;
using TfRunner.Onnx.Conversion.Programs;
using TfRunner.Onnx.Conversion.Rows;

namespace TfRunner.Onnx.Execution;

/// <summary>A step that a session of ONNX Runtime runs.</summary>
internal sealed class SessionRunner : SlotRunner
{
    private readonly IReadOnlyList<int> inputs;
    private readonly IReadOnlyList<int> outputs;
    private readonly RunOptions uncancelled = new();
    private readonly Lazy<RowCrew> crew;
    private readonly Lazy<InferenceSession?>? solo;
    private readonly IDisposable? files;

    /// <summary>Takes a session.</summary>
    /// <param name="session">The session; disposed with this.</param>
    /// <param name="step">The slots that it reads and writes.</param>
    /// <param name="inputNames">The session's names of the inputs.</param>
    /// <param name="outputNames">The session's names of the outputs.</param>
    /// <param name="signature">Named in errors.</param>
    /// <param name="split">How a large batch is computed in parts; null where it is computed as a whole.</param>
    /// <param name="cores">How many threads one call may use.</param>
    /// <param name="files">What the session maps; disposed after it. May be null.</param>
    /// <param name="openSolo">Opens the model once more, for calls that use their own thread alone; gives null where that
    /// cannot be. Called when parts are first computed side by side. May be null.</param>
    public SessionRunner(
        InferenceSession session,
        ProgramStep step,
        string[] inputNames,
        string[] outputNames,
        string signature,
        RowSplit? split = null,
        int cores = 1,
        IDisposable? files = null,
        Func<InferenceSession?>? openSolo = null)
    {
        this.files = files;
        Session = session;
        inputs = step.Inputs;
        outputs = step.Outputs;
        InputNames = inputNames;
        OutputNames = outputNames;
        Signature = signature;
        Split = split;
        Cores = cores;
        OutputTypes = split is null ? [] : Array.ConvertAll(outputNames, n => OrtTypes.From(session.OutputMetadata[n].ElementDataType));
        crew = new(() => new(cores - 1));
        solo = openSolo is null ? null : new(openSolo);
    }

    public InferenceSession Session { get; }

    public IReadOnlyList<int> InputSlots => inputs;

    public IReadOnlyList<int> OutputSlots => outputs;

    public string Signature { get; }

    public string[] InputNames { get; }

    public string[] OutputNames { get; }

    /// <summary>The dtypes of the outputs; only where a batch may be split.</summary>
    public DType[] OutputTypes { get; }

    public RowSplit? Split { get; }

    public int Cores { get; }

    /// <summary>How a batch is computed in parts.</summary>
    /// <param name="given">The inputs.</param>
    /// <returns>The parts; null where the batch stays whole.</returns>
    public RowPlan? PlanOf(TensorValue[] given)
    {
        if (Split is null)
        {
            return null;
        }

        var rows = 0L;
        for (var i = 0; i < given.Length; i++)
        {
            if (Split.Inputs[i])
            {
                var own = given[i].Dimensions[0];
                if (rows != 0 && own != rows)
                {
                    return null;
                }

                rows = own;
            }
        }

        return rows > 1 && Split.Plan(rows, Cores, solo is not null) is { Parts: > 1 } plan ? plan : null;
    }

    /// <summary>
    /// The session for parts: side by side, each thread computes nodes alone, since two that share the threads of one session wait for
    /// each other at every node.
    /// </summary>
    /// <param name="plan">The parts.</param>
    /// <returns>The session.</returns>
    public InferenceSession SessionOf(RowPlan plan) => plan.Cores > 1 && solo?.Value is { } own ? own : Session;

    /// <summary>Runs a call in parts.</summary>
    /// <param name="parts">The parts.</param>
    /// <param name="cores">How many threads should take part.</param>
    public void RunParts(IRowParts parts, int cores)
    {
        if (cores > 1)
        {
            crew.Value.Run(parts, cores);
            return;
        }

        for (var i = 0; i < parts.Count; i++)
        {
            parts.Run(i);
        }
    }

    /// <inheritdoc/>
    public override void Run(object?[] slots, CancellationToken cancellationToken)
    {
        using var cancellable = cancellationToken.CanBeCanceled ? new RunOptions() : null;
        using var registration = cancellable is null ? default : cancellationToken.Register(static state => ((RunOptions)state!).Terminate = true, cancellable);
        var given = new TensorValue[inputs.Count];
        for (var i = 0; i < given.Length; i++)
        {
            given[i] = (TensorValue)slots[inputs[i]]!;
        }

        try
        {
            var results = PlanOf(given) is { } plan && Split!.OutputRows.All(static r => r is not null)
                ? RunSplit(given, plan, cancellable ?? uncancelled, cancellationToken)
                : RunWhole(given, cancellable ?? uncancelled);
            for (var i = 0; i < results.Length; i++)
            {
                slots[outputs[i]] = results[i];
            }
        }
        catch (OnnxRuntimeException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw OrtErrors.Translate(e, ErrorStage.Run, $"signature '{Signature}'");
        }
        finally
        {
            GC.KeepAlive(slots);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (crew.IsValueCreated)
        {
            crew.Value.Dispose();
        }

        Session.Dispose();
        if (solo is { IsValueCreated: true })
        {
            solo.Value?.Dispose();
        }

        uncancelled.Dispose();
        files?.Dispose();
    }

    private TensorValue[] RunSplit(TensorValue[] given, RowPlan plan, RunOptions run, CancellationToken cancellationToken)
    {
        var call = new SplitCall(this, run, given, plan, cancellationToken);
        try
        {
            RunParts(call, plan.Cores);
            return call.Outputs;
        }
        catch
        {
            Array.ForEach(call.Outputs, static o => o.Dispose());
            throw;
        }
    }

    private TensorValue[] RunWhole(TensorValue[] given, RunOptions run)
    {
        var values = new OrtValue[given.Length];
        try
        {
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = OrtTensors.Wrap(given[i]);
            }

            var results = Session.Run(run, InputNames, values, OutputNames);
            var tensors = new TensorValue[OutputNames.Length];
            for (var i = 0; i < tensors.Length; i++)
            {
                tensors[i] = OrtTensors.Own(results[i]);
            }

            return tensors;
        }
        finally
        {
            foreach (var value in values)
            {
                value?.Dispose();
            }
        }
    }
}
