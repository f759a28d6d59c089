using System.Globalization;
using System.Text;
using TfRunner.Engines;
using TfRunner.TensorFlow.Analysis;
using TfRunner.TensorFlow.Calls;
using TfRunner.TensorFlow.Native;

namespace TfRunner.TensorFlow.Sessions;

/// <summary>A model in a session: those parts of its graph, and those variables and tables, that the prepared signatures reach.</summary>
internal sealed class SessionModel : IDisposable
{
    private readonly Lock gate = new();
    private readonly SavedModel model;
    private readonly SignatureReach reach;
    private readonly OpCatalog ops = OpCatalog.Current;
    private readonly StatePlan plan;
    private readonly SessionGraph graph;
    private readonly SessionHandle session;
    private int restores;

    public SessionModel(SavedModel model, SignatureReach reach, RestorePlan restore, EngineOptions options)
    {
        this.model = model;
        this.reach = reach;
        plan = new(model, reach, restore, ops);
        graph = new(model, reach, ops);
        try
        {
            session = Start(options);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public GraphHandle Graph => graph.Handle;

    public SessionHandle Session => session;

    /// <summary>Makes a signature ready: its variables restored, its tables initialised, its nodes in the graph.</summary>
    public void Prepare(SignatureWiring wiring)
    {
        var feeds = wiring.Feeds.Select(static f => TensorName.Parse(f.TensorName)).ToHashSet();
        var fetches = wiring.Fetches.Select(static f => TensorName.Parse(f.TensorName)).ToList();
        lock (gate)
        {
            // The state comes first, while the graph is small: each run of new targets goes through all of it.
            Ready(plan.Need(reach.MainNodes(fetches, feeds).Where(n => ResourceNodes.IsResource(n, ops))));

            // What makes a fed tensor does not run, but must be there to be fed.
            graph.Reach(fetches.Concat(feeds));
        }
    }

    /// <summary>Finds a tensor of the signature in the graph.</summary>
    /// <exception cref="TfRunnerException">NotFound, naming the tensor.</exception>
    public unsafe NativeOutput Output(TensorSpec spec, Signature signature)
    {
        var name = TensorName.Parse(spec.TensorName);
        var operation = graph.Operation(name.Node);
        if (operation == IntPtr.Zero || name.Index < 0 || name.Index >= TensorFlowApi.Loaded.TF_OperationNumOutputs(operation))
        {
            throw TfRunnerException.ForLoad(
                ErrorCode.NotFound, $"'{spec.Name}' of signature '{signature.Name}' is tensor '{spec.TensorName}', which the graph does not have");
        }

        // A reference type is its base type for whoever feeds or fetches.
        var output = new NativeOutput(operation, name.Index);
        var type = TensorFlowApi.Loaded.TF_OperationOutputType(output) % 100;
        return type == (int)spec.DType
            ? output
            : throw TfRunnerException.ForLoad(
                ErrorCode.InvalidArgument,
                $"'{spec.Name}' of signature '{signature.Name}' is said to be {spec.DType.Name()}, but the graph's '{spec.TensorName}' is {((DType)type).Name()}");
    }

    public void Dispose()
    {
        session?.Dispose();
        graph.Dispose();
    }

    private SessionHandle Start(EngineOptions options)
    {
        var config = DeviceChoice.Configuration(options);
        using var plain = new SessionOptionsHandle(config);
        var started = SessionHandle.Create(graph.Handle, plain);
        if (!SessionHandle.CanListDevices || started.Devices().Any(static d => d.Contains("GPU", StringComparison.Ordinal)))
        {
            return started;
        }

        started.Dispose();
        if (DeviceChoice.WantsGpu(options))
        {
            throw new TfRunnerException(ErrorCode.Unavailable, ErrorStage.Engine, "this TensorFlow library has no GPU to use", "leave out --device, or use --device cpu");
        }

        DeviceChoice.LeaveOutGpuPasses(config);
        using var lean = new SessionOptionsHandle(config);
        return SessionHandle.Create(graph.Handle, lean);
    }

    private void Ready(StateChange change)
    {
        if (change.IsEmpty)
        {
            return;
        }

        if (change.Restored.Count > 0)
        {
            var root = string.Create(CultureInfo.InvariantCulture, $"tfrunner_restore_{restores++}");
            graph.Add(reach.MainNodes(change.Restored.Select(static r => new TensorName(r.Node.Name, -1)), new HashSet<TensorName>())
                .Concat(RestoreGraph.Build(root, change.Restored, plan.Prefix)));
            Run([root], $"{change.Restored.Count} variables cannot be restored from {plan.Prefix}");
        }

        Run(change.Restorers, $"the variables of {model.Directory} cannot be restored", plan.FilenameTensor);
        Run(change.Initialisers, $"initialising {model.Directory} failed");
        plan.Done(change);
    }

    private void Run(List<string> nodes, string doing, TensorName? filename = null)
    {
        if (nodes.Count == 0)
        {
            return;
        }

        IEnumerable<TensorName> fed = filename is { } tensor ? [tensor] : [];
        graph.Reach(nodes.Select(static n => new TensorName(n, -1)).Concat(fed));
        var targets = nodes.Select(graph.Operation).ToArray();
        if (filename is { } name)
        {
            using var prefix = TensorValue.FromStrings([Encoding.UTF8.GetBytes(plan.Prefix)]);
            session.Run(targets, new(graph.Operation(name.Node), name.Index), prefix, doing);
        }
        else
        {
            session.Run(targets, default, null, doing);
        }
    }
}
