using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using TfRunner.Engines;
using TfRunner.Onnx.Conversion.Building;
using TfRunner.Onnx.Conversion.Programs;
using TfRunner.Onnx.Conversion.Rows;
using TfRunner.Onnx.Conversion.Storage;
using TfRunner.Onnx.Execution.Profiling;
using TfRunner.Onnx.Host;

namespace TfRunner.Onnx.Execution;

/// <summary>Makes the runners of a program in a mode.</summary>
internal sealed class SessionFactory
{
    /// <summary>Weights of fewer bytes are handed over in memory.</summary>
    private const long PassingBytes = 1 << 20;

    /// <summary>A session of its own for parts side by side costs the weights once more: not where they are larger.</summary>
    private const long SoloBytes = 32 << 20;

    private readonly EngineOptions options;
    private readonly string mode;
    private readonly string signature;
    private readonly ProfileCollector? profile;

    /// <summary>Makes runners.</summary>
    /// <param name="options">How sessions are made.</param>
    /// <param name="mode">The mode.</param>
    /// <param name="signature">Named in errors.</param>
    /// <param name="profile">Where given, sessions are profiled and host steps timed.</param>
    public SessionFactory(EngineOptions options, string mode, string signature, ProfileCollector? profile = null)
    {
        this.profile = profile;
        this.options = options;
        this.mode = mode;
        this.signature = signature;
    }

    /// <summary>Op by op, nodes are timed from outside, as their caller sees them; a session per node tells nothing more.</summary>
    private ProfileCollector? SessionProfile => mode == OnnxModes.Eager ? null : profile;

    /// <summary>Makes the runner of a program.</summary>
    /// <param name="program">The program.</param>
    /// <returns>The runner; the caller disposes it.</returns>
    public ProgramRunner Create(ConvertedProgram program) => new(program, [.. program.Steps.Select(Create)]);

    private SlotRunner Create(ProgramStep step) => step switch
    {
        OnnxStep onnx when mode == OnnxModes.Eager => new EagerRunner(onnx, bytes => Open(o => new(bytes, o)), OnnxBuilder.DefaultOpset, signature, profile),
        OnnxStep onnx => Create(onnx),
        StoredOnnxStep stored => Create(stored),
        HostStep { Node.Op: "While" } loop => new LoopRunner(loop, Create(loop.Graphs[0]), Create(loop.Graphs[1])),
        HostStep { Node.Op: "If" or "Case" } branch => new BranchRunner(branch, [.. branch.Graphs.Select(Create)]),
        HostStep host when profile is not null => new TimedRunner(new HostRunner(host, HostRegistry.Default.Find(host.Node.Op)!), host.Node.Name, host.Node.Op, profile),
        HostStep host => new HostRunner(host, HostRegistry.Default.Find(host.Node.Op)!),
        _ => throw new InvalidOperationException($"No runner for {step.GetType().Name}."),
    };

    private SessionRunner Create(OnnxStep step)
    {
        var weights = step.Graph.AllNodes().SelectMany(static n => n.Inputs).Where(static i => i is { IsConstant: true }).Distinct().Sum(static i => i!.Constant!.ByteLength);
        var folder = weights >= PassingBytes ? PassingFolder.TryCreate() : null;
        try
        {
            var session = folder is null ? Open(step) : Open(step, folder.Path);
            folder?.LetGo();
            return new(
                session, step, [.. step.Graph.Inputs.Select(static i => i.Name)], [.. step.Graph.Outputs.Select(static o => o.Name)], signature, SplitOf(step.Split), Cores, folder,
                Solo(step.Split, weights, o => new(new ModelWriter().Write(step.Graph, OnnxBuilder.DefaultOpset).ToByteArray(), o)));
        }
        catch
        {
            folder?.Dispose();
            throw;
        }
    }

    /// <summary>Opens a part from memory, which copies its weights.</summary>
    private InferenceSession Open(OnnxStep step)
    {
        var bytes = new ModelWriter().Write(step.Graph, OnnxBuilder.DefaultOpset).ToByteArray();
        return Open(o => new(bytes, o));
    }

    /// <summary>Opens a part from files; from memory where the disk is full.</summary>
    private InferenceSession Open(OnnxStep step, string folder)
    {
        var file = Path.Combine(folder, "part.onnx");
        try
        {
            using var weights = new WeightsFile(Path.Combine(folder, "weights.bin"));
            using var stream = File.Create(file);
            new ModelWriter(weights.Add).Write(step.Graph, OnnxBuilder.DefaultOpset).WriteTo(stream);
        }
        catch (IOException)
        {
            return Open(step);
        }

        return Open(o => new(file, o));
    }

    private SessionRunner Create(StoredOnnxStep step) => new(
        Open(o => new(step.File, o)), step, [.. step.InputNames], [.. step.OutputNames], signature, SplitOf(step.Split), Cores,
        openSolo: Solo(step.Split, step.Bytes, o => new(step.File, o)));

    /// <summary>What opens the session for parts side by side; null where there are none, or where it would cost too much memory.</summary>
    private Func<InferenceSession?>? Solo(RowSplit? split, long bytes, Func<SessionOptions, InferenceSession> open) =>
        SplitOf(split) is null || Cores < 2 || bytes > SoloBytes ? null : () =>
        {
            try
            {
                return Open(open, threads: 1);
            }
            catch (TfRunnerException)
            {
                // The cache may have let the file go; the first session does the work too.
                return null;
            }
        };

    private RowSplit? SplitOf(RowSplit? split) => ExecutionProviders.IsCpu(options) ? split : null;

    private int Cores => options.IntraOpThreads > 0 ? options.IntraOpThreads : Environment.ProcessorCount;

    private InferenceSession Open(Func<SessionOptions, InferenceSession> open, int? threads = null)
    {
        using var session = Options(threads ?? options.IntraOpThreads);
        try
        {
            var opened = open(session);
            SessionProfile?.Add(opened);
            return opened;
        }
        catch (OnnxRuntimeException e)
        {
            throw OrtErrors.Translate(e, ErrorStage.Load, $"ONNX Runtime refuses the converted signature '{signature}'");
        }
    }

    private SessionOptions Options(int threads)
    {
        var session = new SessionOptions
        {
            GraphOptimizationLevel = mode == OnnxModes.Compiled ? GraphOptimizationLevel.ORT_ENABLE_ALL : GraphOptimizationLevel.ORT_DISABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
            IntraOpNumThreads = threads,
            InterOpNumThreads = options.InterOpThreads,
        };
        if (mode == OnnxModes.Eager)
        {
            // A session per node must not mean a thread pool per node.
            session.AddSessionConfigEntry("session.disable_prepacking", "1");
            if (OrtEnvironment.HasSharedThreads && options.IntraOpThreads != 1)
            {
                session.DisablePerSessionThreads();
            }
            else
            {
                session.IntraOpNumThreads = 1;
            }
        }

        if (SessionProfile is { } profiled)
        {
            // The prefix is read when profiling is switched on.
            session.ProfileOutputPathPrefix = profiled.NextPrefix();
            session.EnableProfiling = true;
        }

        if (options.AllowSpinning is { } spins)
        {
            session.AddSessionConfigEntry("session.intra_op.allow_spinning", spins ? "1" : "0");
            session.AddSessionConfigEntry("session.inter_op.allow_spinning", spins ? "1" : "0");
        }

        if (options.UseArena is { } arena)
        {
            session.EnableCpuMemArena = arena;
        }

        ExecutionProviders.Append(session, options);
        return session;
    }
}
