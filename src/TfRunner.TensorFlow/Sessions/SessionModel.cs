using System.Globalization;
using TfRunner.Engines;
using TfRunner.SavedModels.Protos;
using TfRunner.TensorFlow.Analysis;
using TfRunner.TensorFlow.Native;

namespace TfRunner.TensorFlow.Sessions;

/// <summary>A whole SavedModel in a session: graph imported, all variables restored, init op run; or a frozen graph, imported.</summary>
internal sealed class SessionModel : IDisposable
{
    private readonly GraphHandle graph;
    private readonly SessionHandle session;

    private readonly HashSet<string> added = new(StringComparer.Ordinal);

    private SessionModel(GraphHandle graph, SessionHandle session)
    {
        this.graph = graph;
        this.session = session;
    }

    public GraphHandle Graph => graph;

    public SessionHandle Session => session;

    public static SessionModel Load(SavedModel model, EngineOptions options, string? hint)
    {
        using var sessionOptions = new SessionOptionsHandle(DeviceChoice.Configuration(options));
        var graph = new GraphHandle();
        SessionHandle? session = null;
        try
        {
            if (model.IsFrozenGraph)
            {
                graph.Import(model.MetaGraph.GraphDef, $"TensorFlow cannot import the graph of {model.File}");
                session = SessionHandle.Open(sessionOptions, graph);
            }
            else
            {
                session = SessionHandle.Load(sessionOptions, model.Directory, model.Tags, graph, hint);
            }

            if (DeviceChoice.WantsGpu(options) && !session.Devices().Any(static d => d.Contains("GPU", StringComparison.Ordinal)))
            {
                throw new TfRunnerException(ErrorCode.Unavailable, ErrorStage.Engine, "this TensorFlow library has no GPU to use", "leave out --device, or use --device cpu");
            }

            return new(graph, session);
        }
        catch
        {
            session?.Dispose();
            graph.Dispose();
            throw;
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

    /// <summary>Restores variables that the model's own restore op leaves out.</summary>
    /// <param name="variables">The nodes that make the variables, and where their values are.</param>
    /// <param name="prefix">The checkpoint.</param>
    /// <exception cref="TfRunnerException">A value cannot be read.</exception>
    public unsafe void Restore(IEnumerable<(NodeDef Node, RestoreSource Source)> variables, string prefix)
    {
        lock (added)
        {
            var missing = variables.Where(v => !added.Contains(v.Node.Name)).ToList();
            if (missing.Count == 0 || !GraphHandle.CanImport)
            {
                return;
            }

            var root = string.Create(CultureInfo.InvariantCulture, $"tfrunner_restore_{added.Count}");
            graph.Import(RestoreGraph.Build(root, missing, prefix), "the graph cannot be added to");
            using var status = new StatusHandle();
            var target = graph.Operation(root);
            TensorFlowApi.Loaded.TF_SessionRun(session.Pointer, IntPtr.Zero, null, null, 0, null, null, 0, &target, 1, IntPtr.Zero, status.Pointer);
            status.ThrowIfError(ErrorStage.Load, $"{missing.Count} variables cannot be restored from {prefix}");
            added.UnionWith(missing.Select(static v => v.Node.Name));
        }
    }

    public void Dispose()
    {
        session.Dispose();
        graph.Dispose();
    }
}
