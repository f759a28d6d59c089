using TfRunner.Checkpoints;
using TfRunner.SavedModels.Protos;

namespace TfRunner.TensorFlow.Analysis;

/// <summary>
/// Finds where each variable's value is in the checkpoint, without running the restore op: from the assignments behind that
/// op, and, for variables that it leaves out, from the names in the object graph.
/// </summary>
internal sealed class RestorePlan
{
    private const string ValueSuffix = "/.ATTRIBUTES/VARIABLE_VALUE";
    private const int MostTensors = 1 << 20;

    private readonly SignatureReach reach;
    private readonly Dictionary<string, RestoreSource> sources = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> pathOfName = new(StringComparer.Ordinal);
    private readonly List<string> wholes = [];

    public RestorePlan(MetaGraphDef metaGraph, SignatureReach reach)
    {
        this.reach = reach;
        RestoreOp = metaGraph.SaverDef?.RestoreOpName is { Length: > 0 } name ? TensorName.Parse(name).Node : null;
        FilenameTensor = metaGraph.SaverDef?.FilenameTensorName;
        if (RestoreOp is not null)
        {
            foreach (var effect in new EffectNodes(reach).Behind([RestoreOp]))
            {
                if (!Read(reach.Nodes[effect]))
                {
                    wholes.Add(effect);
                }
            }
        }

        ReadObjectGraph(metaGraph.ObjectGraphDef);
    }

    /// <summary>The node that restores everything; null when there is none.</summary>
    public string? RestoreOp { get; }

    /// <summary>The tensor through which it is told the checkpoint's name.</summary>
    public string? FilenameTensor { get; }

    /// <summary>The parts of the restore op that do more than assign, so that they must run as they are.</summary>
    public IReadOnlyList<string> Wholes => wholes;

    /// <summary>Finds a variable's value: where the restore op takes it from or, when that leaves it out, under its own name in the object graph.</summary>
    /// <param name="node">The node that makes the variable.</param>
    /// <param name="checkpoint">The checkpoint; null when there is none.</param>
    /// <returns>Where it is; null when the checkpoint does not have it.</returns>
    public RestoreSource? Find(NodeDef node, Checkpoint? checkpoint)
    {
        if (node.Op != "VarHandleOp" && !LegacyOps.IsVariable(node.Op))
        {
            return null;
        }

        return sources.TryGetValue(node.Name, out var source) ? source
            : node.Attr.TryGetValue("shared_name", out var name) && pathOfName.TryGetValue(name.S.ToStringUtf8(), out var path)
                && checkpoint?.Contains(path + ValueSuffix) == true
                ? new(path + ValueSuffix, string.Empty, (DType)node.Attr["dtype"].Type)
            : null;
    }

    /// <summary>Reads the assignments that a part of the restore op makes.</summary>
    /// <returns>Whether that is all it does.</returns>
    private bool Read(NodeDef effect)
    {
        if (IsAssignment(effect))
        {
            return Assignment(effect, new Body(reach.Nodes, static name => name));
        }

        var isUnderstood = false;
        foreach (var function in reach.FunctionNames(effect))
        {
            isUnderstood = true;
            var definition = reach.Functions[function];
            var resourceOf = new Dictionary<string, string>(StringComparer.Ordinal);
            for (var i = 0; i < definition.Signature.InputArg.Count && i < effect.Input.Count; i++)
            {
                resourceOf[definition.Signature.InputArg[i].Name] = TensorName.Parse(effect.Input[i]).Node;
            }

            var nodes = definition.NodeDef.ToDictionary(static n => n.Name, StringComparer.Ordinal);
            var body = new Body(nodes, name => resourceOf.GetValueOrDefault(name));
            foreach (var node in definition.NodeDef)
            {
                if (IsAssignment(node) && Assignment(node, body))
                {
                    continue;
                }

                // Tables and other things that are restored: whatever takes the resource and is no assignment that was understood.
                isUnderstood &= !node.Input.Any(i => resourceOf.ContainsKey(i)
                    && definition.Signature.InputArg.First(a => a.Name == i).Type == DataType.DtResource);
            }
        }

        return isUnderstood;
    }

    private static bool IsAssignment(NodeDef node) => node.Op is "Assign" or "AssignVariableOp" && node.Input.Count >= 2;

    private bool Assignment(NodeDef node, Body body)
    {
        if (body.Resource(BaseName(node.Input[0])) is not { } variable || Origin(node.Input[1], body) is not { } source)
        {
            return false;
        }

        sources[variable] = source;
        return true;
    }

    /// <summary>The RestoreV2 output that a tensor is.</summary>
    private static RestoreSource? Origin(string tensor, Body body)
    {
        while (body.Nodes.TryGetValue(BaseName(tensor), out var node))
        {
            if (node.Op == "Identity")
            {
                tensor = node.Input[0];
                continue;
            }

            if (node.Op != "RestoreV2" || node.Input.Count < 3)
            {
                return null;
            }

            var index = OutputIndex(tensor);
            var keys = Strings(node.Input[1], body);
            var slices = Strings(node.Input[2], body);
            var types = node.Attr["dtypes"].List.Type;
            return index < keys.Count && index < slices.Count && index < types.Count
                ? new(keys[index], slices[index], (DType)types[index])
                : null;
        }

        return null;
    }

    private static List<string> Strings(string tensor, Body body)
    {
        if (!body.Nodes.TryGetValue(BaseName(tensor), out var node) || node.Op != "Const" || !node.Attr.TryGetValue("value", out var value))
        {
            return [];
        }

        // A constant whose last elements are all the same may hold that one once.
        var strings = value.Tensor.StringVal.Select(static s => s.ToStringUtf8()).ToList();
        var count = value.Tensor.TensorShape?.Dim.Count == 1 ? value.Tensor.TensorShape.Dim[0].Size : strings.Count;
        while (strings.Count > 0 && strings.Count < Math.Min(count, MostTensors))
        {
            strings.Add(strings[^1]);
        }

        return strings;
    }

    /// <summary>The node of <c>node</c>, <c>node:1</c> or <c>node:output:1</c>.</summary>
    private static string BaseName(string tensor) => tensor.IndexOf(':', StringComparison.Ordinal) is var colon and >= 0 ? tensor[..colon] : tensor;

    private static int OutputIndex(string tensor) => TensorName.Parse(tensor).Index;

    private void ReadObjectGraph(SavedObjectGraph? graph)
    {
        if (graph is null || graph.Nodes.Count == 0)
        {
            return;
        }

        var paths = new string?[graph.Nodes.Count];
        paths[0] = string.Empty;
        var waiting = new Queue<int>([0]);
        while (waiting.TryDequeue(out var id))
        {
            if (graph.Nodes[id].Variable is { Name.Length: > 0 } variable)
            {
                pathOfName.TryAdd(variable.Name, paths[id]!);
            }

            foreach (var child in graph.Nodes[id].Children)
            {
                if (child.NodeId >= 0 && child.NodeId < paths.Length && paths[child.NodeId] is null)
                {
                    // As in the checkpoint's keys: '.' and '/' in a name are escaped.
                    var name = child.LocalName.Replace(".", "..", StringComparison.Ordinal).Replace("/", ".S", StringComparison.Ordinal);
                    paths[child.NodeId] = id == 0 ? name : $"{paths[id]}/{name}";
                    waiting.Enqueue(child.NodeId);
                }
            }
        }
    }

    private sealed record Body(IReadOnlyDictionary<string, NodeDef> Nodes, Func<string, string?> Resource);
}
