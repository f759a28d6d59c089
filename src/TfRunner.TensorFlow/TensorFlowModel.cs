using TfRunner.Engines;
using TfRunner.TensorFlow.Analysis;
using TfRunner.TensorFlow.Calls;
using TfRunner.TensorFlow.Eager;
using TfRunner.TensorFlow.Native;
using TfRunner.TensorFlow.Sessions;

namespace TfRunner.TensorFlow;

/// <summary>A model on the tensorflow engine. Each mode loads what it needs when the first signature is prepared in it.</summary>
internal class TensorFlowModel(SavedModel savedModel, EngineOptions options) : ILoadedModel
{
    public const string Graph = "graph";
    public const string Function = "function";
    public const string Xla = "xla";
    public const string OpByOp = "eager";

    private readonly Lock gate = new();
    private readonly SignatureReach reach = new(savedModel.MetaGraph.GraphDef ?? new());
    private RestorePlan? plan;
    private SessionModel? session;
    private EagerModel? eager;
    private bool disposed;

    public IReadOnlyList<string> Obstacles(Signature signature, string mode) => [.. Find(signature, mode).Select(static o => o.Message)];

    public IPreparedSignature Prepare(Signature signature, string mode)
    {
        if (Find(signature, mode) is [var first, ..])
        {
            throw TfRunnerException.ForLoad(ErrorCode.Unimplemented, $"signature '{signature.Name}' of {savedModel.Directory} cannot run: {first.Message}", first.Hint);
        }

        var wiring = new SignatureWiring(signature);
        var reached = reach.All(signature);
        var copyInputs = InputRetention.KeepsInputs(reached, OpCatalog.Current);
        SignatureRunner runner = mode switch
        {
            Graph => NewGraphRunner(Session(), wiring),
            OpByOp => NewEagerRunner(Eager(), wiring, keepsForStep: reached.Any(static n => n.Node.Op.StartsWith("TensorArray", StringComparison.Ordinal))),
            _ => new FunctionRunner(Eager(), wiring, compile: mode == Xla),
        };
        return new PreparedSignature(wiring, runner, mode, copyInputs);
    }

    public virtual void Dispose()
    {
        GC.SuppressFinalize(this);
        lock (gate)
        {
            disposed = true;
            session?.Dispose();
            eager?.Dispose();
            session = null;
            eager = null;
        }
    }

    protected EngineOptions Options => options;

    /// <summary>How the mode <c>graph</c> calls a loaded session.</summary>
    protected virtual SignatureRunner NewGraphRunner(SessionModel loaded, SignatureWiring wiring) => new GraphRunner(loaded, wiring);

    /// <summary>How the mode <c>eager</c> executes ops.</summary>
    protected virtual SignatureRunner NewEagerRunner(EagerModel model, SignatureWiring wiring, bool keepsForStep) =>
        new EagerRunner(model, wiring, keepsForStep);

    /// <summary>The eager runtime that the model is put into.</summary>
    protected virtual ContextHandle NewContext() => new(DeviceChoice.Configuration(options));

    private List<Obstacle> Find(Signature signature, string mode)
    {
        var found = new List<Obstacle>();
        if (mode != Graph && Features.EagerProblem(TensorFlowApi.Loaded, mode == OpByOp) is { } problem)
        {
            found.Add(new(string.Empty, $"mode {mode}: {problem}", "use --mode graph, or a newer TensorFlow"));
        }

        found.AddRange(new SignatureObstacles(reach, OpCatalog.Current).Find(signature, behindFeeds: mode == Graph));
        if (mode == Xla)
        {
            found.AddRange(XlaObstacles.Find(signature, reach.All(signature)));
        }

        return found;
    }

    private SessionModel Session()
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            return session ??= new(savedModel, reach, plan ??= new(savedModel.MetaGraph, reach), options);
        }
    }

    private EagerModel Eager()
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            return eager ??= new(savedModel, reach, plan ??= new(savedModel.MetaGraph, reach), NewContext());
        }
    }
}
