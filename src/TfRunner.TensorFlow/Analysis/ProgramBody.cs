using System.Globalization;
using TfRunner.SavedModels.Protos;

namespace TfRunner.TensorFlow.Analysis;

/// <summary>The nodes of a function in the making: first with the references of a graph, at the end with those of a function.</summary>
internal sealed class ProgramBody
{
    private readonly SignatureReach reach;
    private readonly OpCatalog ops;
    private readonly Dictionary<string, NodeDef> nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<TensorName, string> fed = [];
    private readonly Dictionary<string, int> resourceOf = new(StringComparer.Ordinal);
    private readonly HashSet<string> variables = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TensorName> writtenBy = new(StringComparer.Ordinal);
    private readonly List<NodeDef> resources = [];
    private int reads;

    public ProgramBody(SignatureReach reach, OpCatalog ops, AssetNodes assets, IEnumerable<NodeDef> reached)
    {
        this.reach = reach;
        this.ops = ops;
        foreach (var original in reached)
        {
            var node = original.Clone();
            node.Op = LegacyOps.Table(node.Op);
            node.Device = string.Empty;
            node.Attr.Remove("_class");
            node.Attr.Remove("_output_shapes");
            DefaultAttributes.Complete(node, ops.Find(node.Op));
            nodes[node.Name] = assets.Found(node);
        }
    }

    /// <summary>The nodes that make the resources.</summary>
    public IReadOnlyList<NodeDef> Resources => resources;

    /// <summary>Lets a tensor come from an argument.</summary>
    public void Feed(TensorName tensor, string argument) => fed[tensor] = argument;

    public static string ResourceArgument(int index) => string.Create(CultureInfo.InvariantCulture, $"resource_{index}");

    /// <summary>Takes the resources out and the references away.</summary>
    public void Rewrite()
    {
        foreach (var node in nodes.Values.ToList())
        {
            if (LegacyOps.IsVariable(node.Op))
            {
                variables.Add(node.Name);
                Take(Variable(node));
            }
            else if (ResourceNodes.MakesHandle(node, ops))
            {
                Take(Named(node));
            }
        }

        foreach (var node in nodes.Values.ToList())
        {
            Write(node);
        }

        foreach (var node in nodes.Values.ToList())
        {
            ReadReferences(node);
        }
    }

    /// <summary>The tensor to use for the value of a tensor that can be a reference.</summary>
    public TensorName Value(TensorName tensor, string purpose)
    {
        return variables.Contains(tensor.Node) && !fed.ContainsKey(tensor) ? Read(tensor.Node, purpose, [])
            : writtenBy.TryGetValue(tensor.Node, out var variable) && tensor.Index == 0 ? Read(variable.Node, purpose, ["^" + tensor.Node])
            : tensor;
    }

    /// <summary>A tensor as a function's nodes name it.</summary>
    public string Reference(TensorName tensor)
    {
        if (fed.TryGetValue(tensor, out var argument))
        {
            return argument;
        }

        if (resourceOf.TryGetValue(tensor.Node, out var resource))
        {
            return ResourceArgument(resource);
        }

        var node = nodes.TryGetValue(tensor.Node, out var found)
            ? found
            : throw TfRunnerException.ForLoad(ErrorCode.NotFound, $"the graph has no node '{tensor.Node}'");
        var outputs = OpArguments.Outputs(node, Definition(node));
        var output = tensor.Index < outputs.Count
            ? outputs[tensor.Index]
            : throw TfRunnerException.ForLoad(ErrorCode.InvalidArgument, $"node '{node.Name}' ({node.Op}) has no output {tensor.Index}");
        return string.Create(CultureInfo.InvariantCulture, $"{node.Name}:{output.Argument}:{output.Index}");
    }

    /// <summary>The finished nodes.</summary>
    public IEnumerable<NodeDef> Nodes()
    {
        foreach (var node in nodes.Values)
        {
            var inputs = node.Input.Select(TensorName.Parse).ToList();
            node.Input.Clear();
            foreach (var input in inputs)
            {
                if (input.Index >= 0)
                {
                    node.Input.Add(Reference(input));
                }
                else if (nodes.ContainsKey(input.Node))
                {
                    node.Input.Add("^" + input.Node);
                }
            }

            yield return node;
        }
    }

    /// <summary>A handle of the same name, type and shape. The shape matters: a value of another one is refused when it is assigned.</summary>
    private static NodeDef Variable(NodeDef node) => Named(new()
    {
        Name = node.Name,
        Op = "VarHandleOp",
        Attr =
        {
            ["dtype"] = node.Attr["dtype"],
            ["shape"] = new() { Shape = new() { UnknownRank = true } },
            ["container"] = node.Attr.TryGetValue("container", out var container) ? container : ProgramBuilder.Text(string.Empty),
            ["shared_name"] = node.Attr.TryGetValue("shared_name", out var shared) ? shared : ProgramBuilder.Text(string.Empty),
        },
    });

    /// <summary>Resources without a shared name are named by their node in a session; outside of one they must be told.</summary>
    private static NodeDef Named(NodeDef node)
    {
        if (node.Attr.TryGetValue("shared_name", out var shared) && shared.S.IsEmpty)
        {
            node.Attr["shared_name"] = ProgramBuilder.Text(node.Name);
        }

        return node;
    }

    private void Take(NodeDef node)
    {
        nodes.Remove(node.Name);
        resourceOf[node.Name] = resources.Count;
        resources.Add(node);
    }

    /// <summary>Lets a node that writes through a reference write through the handle.</summary>
    private void Write(NodeDef node)
    {
        if (node.Input.Count == 0 || TensorName.Parse(node.Input[0]) is not { Index: >= 0 } first || !TryVariable(first, out var variable))
        {
            return;
        }

        if (node.Op == "IsVariableInitialized")
        {
            node.Op = "VarIsInitializedOp";
            node.Attr.Clear();
            node.Input[0] = variable.Node;
        }
        else if (LegacyOps.Writer(node.Op) is { } writer)
        {
            node.Op = writer;
            if (node.Attr.Remove("T", out var type))
            {
                node.Attr["dtype"] = type;
            }

            node.Attr.Remove("use_locking");
            node.Attr.Remove("validate_shape");
            DefaultAttributes.Complete(node, ops.Find(writer));

            // What comes through another writer is written after it.
            if (first.Node != variable.Node)
            {
                node.Input.Add("^" + first.Node);
            }

            node.Input[0] = variable.Node;
            writtenBy[node.Name] = variable;
        }
    }

    /// <summary>The variable behind a reference, through the writers that pass it on.</summary>
    private bool TryVariable(TensorName tensor, out TensorName variable)
    {
        variable = tensor;
        while (tensor.Index == 0 && !fed.ContainsKey(variable))
        {
            if (variables.Contains(variable.Node))
            {
                return true;
            }

            if (writtenBy.TryGetValue(variable.Node, out var before))
            {
                variable = before;
            }
            else if (nodes.TryGetValue(variable.Node, out var node) && LegacyOps.Writer(node.Op) is not null)
            {
                variable = TensorName.Parse(node.Input[0]);
            }
            else
            {
                return false;
            }
        }

        return false;
    }

    private void ReadReferences(NodeDef node)
    {
        var definition = node.Input.Any(i => TensorName.Parse(i) is { Index: >= 0 } t && (variables.Contains(t.Node) || writtenBy.ContainsKey(t.Node)))
            ? Definition(node)
            : null;
        if (definition is null)
        {
            return;
        }

        var arguments = OpArguments.Inputs(node, definition);
        var controls = node.Input.Where(static i => i.StartsWith('^')).ToList();
        for (var i = 0; i < arguments.Count && i < node.Input.Count; i++)
        {
            var tensor = TensorName.Parse(node.Input[i]);
            if (fed.ContainsKey(tensor) || arguments[i].Type == DataType.DtResource)
            {
                continue;
            }

            if (arguments[i].IsReference && (variables.Contains(tensor.Node) || writtenBy.ContainsKey(tensor.Node)))
            {
                throw TfRunnerException.ForLoad(
                    ErrorCode.Unimplemented,
                    $"op {node.Op} (node '{node.Name}') changes a variable of TensorFlow 1 by reference, which only the mode graph can run",
                    "use --mode graph");
            }

            if (variables.Contains(tensor.Node))
            {
                node.Input[i] = Read(tensor.Node, node.Name, controls).ToString();
            }
            else if (writtenBy.TryGetValue(tensor.Node, out var variable) && tensor.Index == 0)
            {
                node.Input[i] = Read(variable.Node, node.Name, [.. controls, "^" + tensor.Node]).ToString();
            }
        }
    }

    private TensorName Read(string variable, string purpose, List<string> controls)
    {
        var resource = resources[resourceOf[variable]];
        var node = new NodeDef
        {
            Name = string.Create(CultureInfo.InvariantCulture, $"{purpose}/read_{reads++}"),
            Op = "ReadVariableOp",
            Attr = { ["dtype"] = resource.Attr["dtype"] },
            Input = { variable, controls },
        };
        nodes[node.Name] = node;
        return new(node.Name, 0);
    }

    private OpDef Definition(NodeDef node) =>
        ops.Find(node.Op) ?? (reach.Functions.TryGetValue(node.Op, out var function) ? function.Signature : null)
        ?? throw TfRunnerException.ForLoad(ErrorCode.Unimplemented, $"op {node.Op} (node '{node.Name}') is not in this TensorFlow library");
}
