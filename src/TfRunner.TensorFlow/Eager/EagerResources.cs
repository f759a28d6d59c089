using System.Text;
using TfRunner.SavedModels.Protos;
using TfRunner.TensorFlow.Analysis;
using TfRunner.TensorFlow.Native;

namespace TfRunner.TensorFlow.Eager;

/// <summary>The variables and tables of a model in the eager runtime, made ready as its plan says.</summary>
internal sealed class EagerResources(EagerModel eager, SavedModel model, SignatureReach reach, StatePlan plan) : IDisposable
{
    private readonly Dictionary<string, EagerTensorHandle> handles = new(StringComparer.Ordinal);

    /// <summary>Makes, restores and initialises resources that are not ready yet.</summary>
    /// <param name="nodes">The nodes that make them, as functions take them.</param>
    /// <returns>Their handles in the same order, owned by this.</returns>
    public IReadOnlyList<EagerTensorHandle> Ready(IReadOnlyList<NodeDef> nodes)
    {
        var change = plan.Need(nodes.Select(n => reach.Nodes[n.Name]));
        if (!change.IsEmpty)
        {
            IReadOnlyList<(TensorName, DType)> filename = plan.FilenameTensor is { } tensor ? [(tensor, DType.String)] : [];
            var restorers = change.Restorers.ConvertAll(n => (Node: n, Program: eager.Effect(Named("restore", n), filename, n)));
            var initialisers = change.Initialisers.ConvertAll(n => (Node: n, Program: eager.Effect(Named("init", n), [], n)));
            Create(nodes);
            restorers.ForEach(r => Create(r.Program.Resources));
            initialisers.ForEach(i => Create(i.Program.Resources));
            Restore(change.Restored);
            using var prefix = Text([plan.Prefix]);
            foreach (var (_, program) in restorers)
            {
                Call(program.Function.Signature.Name, [.. filename.Select(_ => prefix), .. Handles(program.Resources)], $"the variables of {model.Directory} cannot be restored");
            }

            foreach (var (node, program) in initialisers)
            {
                Call(program.Function.Signature.Name, Handles(program.Resources), $"initialising {model.Directory} failed at node '{node}'");
            }

            plan.Done(change);
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

    private static string Named(string purpose, string node) => $"__tfrunner_{purpose}_{node.Replace('/', '_')}";

    private List<EagerTensorHandle> Handles(IReadOnlyList<NodeDef> nodes) => [.. nodes.Select(n => handles[n.Name])];

    private void Create(IReadOnlyList<NodeDef> nodes)
    {
        foreach (var node in nodes.Where(n => !handles.ContainsKey(n.Name)))
        {
            using var op = new EagerOp(eager.Context, node.Op);
            foreach (var (attribute, value) in node.Attr.Where(static a => !a.Key.StartsWith('_')))
            {
                op.Attribute(attribute, value);
            }

            handles.Add(node.Name, op.Execute(1, $"'{node.Name}' ({node.Op}) cannot be made")[0]);
        }
    }

    private void Restore(List<(NodeDef Node, RestoreSource Source)> sources)
    {
        if (sources.Count == 0)
        {
            return;
        }

        using var prefix = Text([plan.Prefix]);
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
}
