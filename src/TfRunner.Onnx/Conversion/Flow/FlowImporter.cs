using TfRunner.SavedModels.Protos;

namespace TfRunner.Onnx.Conversion.Flow;

/// <summary>
/// Turns a signature's part of a SavedModel into one graph: calls of functions are inlined, loops and conditionals get
/// graphs of their own, identities vanish, and what the loader feeds (assets) becomes constant.
/// </summary>
internal sealed partial class FlowImporter
{
    private const int MaxDepth = 200;

    private readonly SavedModel model;
    private readonly OpDefinitions definitions;
    private readonly Dictionary<string, FunctionDef> functions = new(StringComparer.Ordinal);
    private HashSet<string> names = new(StringComparer.Ordinal);
    private readonly FlowScope main;
    private int depth;

    public FlowImporter(SavedModel model)
    {
        this.model = model;
        definitions = new(model.MetaGraph);
        foreach (var function in model.MetaGraph.GraphDef?.Library?.Function ?? [])
        {
            functions.TryAdd(function.Signature.Name, function);
        }

        main = new(string.Empty, new(), model.MetaGraph.GraphDef?.Node ?? [], null);
        FeedAssets();
    }

    /// <summary>The main graph, which all imports of this importer share.</summary>
    public FlowGraph Main => main.Target;

    /// <summary>Imports a signature.</summary>
    /// <param name="signature">The signature.</param>
    /// <returns>Its graph: inputs and outputs in the signature's order.</returns>
    public FlowGraph Import(Signature signature)
    {
        foreach (var input in signature.Inputs)
        {
            var (node, index) = SplitName(input.TensorName);
            var value = new FlowValue(null, main.Target.Inputs.Count, input.DType, input.Name) { DeclaredShape = input.Shape };
            main.Target.Inputs.Add(value);
            main.Fed[Key(node, index)] = value;
        }

        foreach (var output in signature.Outputs)
        {
            main.Target.Outputs.Add(Resolve(main, output.TensorName));
        }

        return main.Target;
    }

    /// <summary>Imports what leads to nodes of the main graph, such as an initialiser.</summary>
    /// <param name="nodeNames">The nodes.</param>
    public void ImportNodes(IEnumerable<string> nodeNames)
    {
        foreach (var name in nodeNames)
        {
            Evaluate(main, SplitName(name).Node);
        }
    }

    /// <summary>Splits <c>node:index</c>.</summary>
    /// <param name="tensor">A tensor's name in a graph.</param>
    /// <returns>The node and the output's number.</returns>
    public static (string Node, int Index) SplitName(string tensor)
    {
        var name = tensor.StartsWith('^') ? tensor[1..] : tensor;
        var colon = name.LastIndexOf(':');
        return colon > 0 && int.TryParse(name.AsSpan(colon + 1), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var index)
            ? (name[..colon], index)
            : (name, 0);
    }

    private static string Key(string node, int index) => FormattableString.Invariant($"{node}:{index}");

    private void FeedAssets()
    {
        foreach (var asset in model.MetaGraph.AssetFileDef)
        {
            var (node, index) = SplitName(asset.TensorInfo?.Name ?? string.Empty);
            if (node.Length == 0)
            {
                continue;
            }

            var path = Path.Combine(model.Directory, "assets", asset.Filename);
            main.Fed[Key(node, index)] = new(null, 0, DType.String, node) { Constant = TensorValue.FromStrings([path]) };
        }
    }

    private FlowValue Resolve(FlowScope scope, string reference)
    {
        return TryResolve(scope, reference, out var value, out var node)
            ? value
            : throw TfRunnerException.ForLoad(ErrorCode.DataLoss, $"the graph refers to '{reference}', and node '{node}' has no such output");
    }

    private bool TryResolve(FlowScope scope, string reference, out FlowValue value, out string node)
    {
        if (scope.Function is not null)
        {
            return TryResolveInFunction(scope, reference, out value, out node);
        }

        (node, var index) = SplitName(reference);
        if (scope.Fed.TryGetValue(Key(node, index), out value!))
        {
            return true;
        }

        Evaluate(scope, node);
        return TryTake(scope, node, index, out value);
    }

    private bool TryResolveInFunction(FlowScope scope, string reference, out FlowValue value, out string node)
    {
        var parts = reference.Split(':');
        node = parts[0];
        if (parts.Length == 1 || !scope.Nodes.ContainsKey(node))
        {
            if (scope.Arguments.TryGetValue(node, out value!))
            {
                return true;
            }
        }

        Evaluate(scope, node);
        var index = parts.Length > 1 && int.TryParse(parts[^1], System.Globalization.CultureInfo.InvariantCulture, out var i) ? i : 0;
        if (parts.Length == 3 && scope.Nodes.TryGetValue(node, out var definition))
        {
            index = definitions.OutputNumber(definition.Op, Attributes(definition), parts[1], index);
        }

        return TryTake(scope, node, index, out value);
    }

    private static bool TryTake(FlowScope scope, string node, int index, out FlowValue value)
    {
        if (scope.Done.TryGetValue(node, out var outputs) && index < outputs.Count)
        {
            value = outputs[index];
            return true;
        }

        value = null!;
        return false;
    }

    private NodeAttributes Attributes(NodeDef node) => new(node.Attr, definitions.Find(node.Op));

    /// <summary>Imports a node and all that it needs.</summary>
    private void Evaluate(FlowScope scope, string root)
    {
        if (scope.Done.ContainsKey(root))
        {
            return;
        }

        var open = new HashSet<string>(StringComparer.Ordinal);
        var stack = new Stack<(string Name, bool Expanded)>();
        stack.Push((root, false));
        while (stack.TryPop(out var entry))
        {
            if (scope.Done.ContainsKey(entry.Name))
            {
                continue;
            }

            if (!scope.Nodes.TryGetValue(entry.Name, out var node))
            {
                throw TfRunnerException.ForLoad(ErrorCode.DataLoss, $"the graph refers to a node '{entry.Name}' that it does not have");
            }

            if (entry.Expanded)
            {
                scope.Done[entry.Name] = Build(scope, node);
                continue;
            }

            if (!open.Add(entry.Name))
            {
                throw TfRunnerException.ForLoad(ErrorCode.DataLoss, $"node '{entry.Name}' depends on itself outside a loop");
            }

            stack.Push((entry.Name, true));
            if (IsFrameBorder(node.Op))
            {
                continue; // Its inputs belong to another iteration or to the graph around.
            }

            foreach (var input in node.Input)
            {
                var name = Dependency(scope, input);
                if (name is not null && !scope.Done.ContainsKey(name))
                {
                    stack.Push((name, false));
                }
            }
        }
    }

    /// <summary>The node that an input comes from; null where it is fed or an argument.</summary>
    private static string? Dependency(FlowScope scope, string input)
    {
        if (scope.Function is null)
        {
            var (node, index) = SplitName(input);
            return scope.Fed.ContainsKey(Key(node, index)) && !input.StartsWith('^') ? null : node;
        }

        var name = (input.StartsWith('^') ? input[1..] : input).Split(':')[0];
        return scope.Nodes.ContainsKey(name) ? name : null;
    }

    private string Unique(string name)
    {
        var unique = name;
        for (var i = 1; !names.Add(unique); i++)
        {
            unique = FormattableString.Invariant($"{name}_{i}");
        }

        return unique;
    }
}
