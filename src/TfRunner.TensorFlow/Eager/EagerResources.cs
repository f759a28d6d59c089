using System.Text;
using TfRunner.SavedModels.Protos;
using TfRunner.TensorFlow.Analysis;
using TfRunner.TensorFlow.Native;

namespace TfRunner.TensorFlow.Eager;

/// <summary>
/// The variables and tables of a model in the eager runtime. Each is made when a signature reaches it first, restored from
/// the checkpoint, and initialised by those parts of the init op that touch it.
/// </summary>
internal sealed class EagerResources : IDisposable
{
    private readonly EagerModel eager;
    private readonly SavedModel model;
    private readonly RestorePlan plan;
    private readonly Dictionary<string, EagerTensorHandle> handles = new(StringComparer.Ordinal);
    private readonly List<InitEffect> waiting = [];

    public EagerResources(EagerModel eager, SavedModel model, SignatureReach reach, RestorePlan plan)
    {
        this.eager = eager;
        this.model = model;
        this.plan = plan;
        foreach (var node in new EffectNodes(reach).Behind(InitRoots.Find(model.MetaGraph)))
        {
            waiting.Add(new(node));
        }
    }

    /// <summary>Makes, restores and initialises resources that are not ready yet.</summary>
    /// <param name="nodes">The nodes that make them.</param>
    /// <returns>Their handles in the same order, owned by this.</returns>
    public IReadOnlyList<EagerTensorHandle> Ready(IReadOnlyList<NodeDef> nodes)
    {
        Create(nodes);
        InitEffect? next;
        while ((next = waiting.Find(Touches)) is not null)
        {
            waiting.Remove(next);
            var program = next.Program!;
            Create(program.Resources);
            Call(program.Function.Signature.Name, Handles(program.Resources), $"initialising {model.Directory} failed at node '{next.Node}'");
        }

        return Handles(nodes);
    }

    public void Dispose()
    {
        foreach (var handle in handles.Values)
        {
            handle.Dispose();
        }

        handles.Clear();
    }

    /// <summary>Whether a part of the init op touches a resource that is in use, or none at all.</summary>
    private bool Touches(InitEffect effect)
    {
        effect.Program ??= eager.Effect($"__tfrunner_init_{effect.Node.Replace('/', '_')}", [], effect.Node);
        return effect.Program.Resources.Count == 0 || effect.Program.Resources.Any(r => handles.ContainsKey(r.Name));
    }

    private List<EagerTensorHandle> Handles(IReadOnlyList<NodeDef> nodes) => [.. nodes.Select(n => handles[n.Name])];

    private void Create(IReadOnlyList<NodeDef> nodes)
    {
        var created = new List<NodeDef>();
        foreach (var node in nodes.Where(n => !handles.ContainsKey(n.Name)))
        {
            using var op = new EagerOp(eager.Context, node.Op);
            foreach (var (attribute, value) in node.Attr.Where(static a => !a.Key.StartsWith('_')))
            {
                op.Attribute(attribute, value);
            }

            handles.Add(node.Name, op.Execute(1, $"'{node.Name}' ({node.Op}) cannot be made")[0]);
            created.Add(node);
        }

        Restore(created);
    }

    private void Restore(List<NodeDef> created)
    {
        if (created.Any(n => plan.IsRestoredOtherwise(n.Name)))
        {
            RestoreAll();
            return;
        }

        var sources = created
            .Where(static n => n.Op == "VarHandleOp")
            .Select(n => (Node: n, Source: plan.Find(n.Name)!))
            .Where(static s => s.Source is not null)
            .Concat(plan.LeftOut(created, model.Checkpoint))
            .ToList();
        if (sources.Count > 0)
        {
            Restore(sources);
        }
    }

    private void Restore(List<(NodeDef Node, RestoreSource Source)> sources)
    {
        using var prefix = Text([Prefix]);
        using var keys = Texts([.. sources.Select(static s => s.Source.Key)]);
        using var slices = Texts([.. sources.Select(static s => s.Source.Slice)]);
        var types = new AttrValue { List = new() };
        types.List.Type.AddRange(sources.Select(static s => (DataType)s.Source.Type));
        using var restore = new EagerOp(eager.Context, "RestoreV2");
        var values = restore.Attribute("dtypes", types).Input(prefix).Input(keys).Input(slices)
            .Execute(sources.Count, $"the variables of {model.Directory} cannot be restored");
        try
        {
            for (var i = 0; i < sources.Count; i++)
            {
                using var assign = new EagerOp(eager.Context, "AssignVariableOp");
                assign.Attribute("dtype", sources[i].Node.Attr["dtype"]).Input(handles[sources[i].Node.Name]).Input(values[i])
                    .Execute(0, $"variable '{sources[i].Node.Name}' cannot be restored");

                // The variable has taken the value's memory over.
                values[i].Dispose();
            }
        }
        finally
        {
            Array.ForEach(values, static v => v.Dispose());
        }
    }

    /// <summary>Runs the restore op as it is, for savers that do more than assign.</summary>
    private void RestoreAll()
    {
        var name = TensorName.Parse(plan.FilenameTensor!);
        var program = eager.Effect("__tfrunner_restore", [(name, DType.String)], plan.RestoreOp!);
        foreach (var node in program.Resources.Where(n => !handles.ContainsKey(n.Name)))
        {
            using var op = new EagerOp(eager.Context, node.Op);
            foreach (var (attribute, value) in node.Attr.Where(static a => !a.Key.StartsWith('_')))
            {
                op.Attribute(attribute, value);
            }

            handles.Add(node.Name, op.Execute(1, $"'{node.Name}' ({node.Op}) cannot be made")[0]);
        }

        using var prefix = Text([Prefix]);
        Call("__tfrunner_restore", [prefix, .. Handles(program.Resources)], $"the variables of {model.Directory} cannot be restored");
    }

    private string Prefix => Path.Combine(model.Directory, "variables", "variables");

    private void Call(string function, IEnumerable<EagerTensorHandle> arguments, string doing)
    {
        using var op = new EagerOp(eager.Context, function);
        foreach (var argument in arguments)
        {
            op.Input(argument);
        }

        op.Execute(0, doing);
    }

    private static EagerTensorHandle Text(string[] strings) => EagerTensorHandle.From(TensorValue.FromStrings(strings.Select(Encoding.UTF8.GetBytes).ToArray()));

    private static EagerTensorHandle Texts(string[] strings) =>
        EagerTensorHandle.From(TensorValue.FromStrings(strings.Select(Encoding.UTF8.GetBytes).ToArray(), strings.Length));

    /// <summary>A part of the init op that has not run.</summary>
    private sealed class InitEffect(string node)
    {
        public string Node { get; } = node;

        public SignatureProgram? Program { get; set; }
    }
}
