using TfRunner.SavedModels.Protos;

namespace TfRunner.Graphs;

/// <summary>Replaces calls of functions in a main graph by the functions' nodes, as they are asked for.</summary>
/// <param name="view">The graph.</param>
internal sealed class CallInliner(GraphView view)
{
    private const int MaxDepth = 200;

    // Their place was known by the names of nodes beside them, which are others now.
    private const string Colocation = "_class";

    private readonly List<NodeDef> added = [];
    private readonly HashSet<string> names = [.. view.Main.Nodes.Select(static n => n.Name)];
    private readonly Dictionary<int, InlinedCall> calls = [];
    private readonly Dictionary<int, NodeDef> rewritten = [];

    /// <summary>The tensor of the flat graph that a tensor of the main graph has become.</summary>
    /// <param name="name">The tensor, such as <c>StatefulPartitionedCall:0</c>.</param>
    /// <returns>Its name there.</returns>
    public string Tensor(string name)
    {
        var found = view.Main.Resolve(name) ?? throw Damaged($"the signature names a tensor '{name}' that the graph does not have");
        Reach(found.Node);
        return Main(found);
    }

    /// <summary>All nodes of the flat graph: the main graph's, those behind calls rewritten, and the added ones.</summary>
    public IEnumerable<NodeDef> Nodes() => view.Main.Nodes.Select((n, i) => rewritten.GetValueOrDefault(i, n)).Concat(added);

    /// <summary>Rewrites everything of the main graph that leads to a node.</summary>
    private void Reach(int root)
    {
        var waiting = new Stack<int>([root]);
        while (waiting.TryPop(out var index))
        {
            if (index < 0 || rewritten.ContainsKey(index))
            {
                continue;
            }

            var node = view.Main.Nodes[index].Clone();
            rewritten[index] = node;
            var inputs = view.Main.Inputs(index).ToArray();
            Array.ForEach(inputs, i => waiting.Push(i.Node));

            // A call stays too: what nothing fetches costs nothing, and other entry points may name it.
            if (Called(node) is null)
            {
                node.Input.Clear();
                node.Input.AddRange(inputs.SelectMany(MainInputs));
            }
        }
    }

    private IEnumerable<string> MainInputs(GraphInput input) => input.IsControl ? MainControls(input.Node) : [Main(input)];

    private string Main(GraphInput input) =>
        Called(view.Main.Nodes[input.Node]) is null ? Reference(view.Main.Nodes[input.Node].Name, input.Output) : MainCall(input.Node).Results[input.Output];

    private string[] MainControls(int node) =>
        Called(view.Main.Nodes[node]) is null ? ["^" + view.Main.Nodes[node].Name] : MainCall(node).Controls;

    private InlinedCall MainCall(int node)
    {
        if (!calls.TryGetValue(node, out var call))
        {
            var inputs = view.Main.Inputs(node).ToArray();
            call = Inline(
                view.Main.Nodes[node],
                [.. inputs.Where(static i => !i.IsControl).Select(Main)],
                [.. inputs.Where(static i => i.IsControl).SelectMany(i => MainControls(i.Node))],
                string.Empty,
                0);
            calls.Add(node, call);
        }

        return call;
    }

    /// <summary>The function that a node only calls; null for other nodes and for functions that are to stay whole.</summary>
    private string? Called(NodeDef node)
    {
        var name = node.Op is "PartitionedCall" or "StatefulPartitionedCall" ? node.Attr.GetValueOrDefault("f")?.Func?.Name : node.Op;
        return name is not null && view.Functions.TryGetValue(name, out var function) && !IsWhole(node.Attr) && !IsWhole(function.Attr) ? name : null;
    }

    private static bool IsWhole(Google.Protobuf.Collections.MapField<string, AttrValue> attributes) =>
        (attributes.TryGetValue("_XlaMustCompile", out var compiled) && compiled.B) || (attributes.TryGetValue("_noinline", out var apart) && apart.B);

    private InlinedCall Inline(NodeDef call, string[] arguments, string[] before, string prefix, int depth)
    {
        var name = Called(call)!;
        if (depth > MaxDepth)
        {
            throw TfRunnerException.ForLoad(ErrorCode.Unimplemented, $"functions of {view.Path} are nested more than {MaxDepth} deep at '{name}'");
        }

        // The calls that wrap a signature add nothing to a name that a reader knows.
        var isWrapper = call.Name.Contains("PartitionedCall", StringComparison.Ordinal);
        var scope = new Scope(view.Body(name)!, arguments, before, isWrapper ? prefix : prefix + call.Name + "/", depth, Bound(call));
        for (var i = 0; i < scope.Body.Nodes.Count; i++)
        {
            scope.Names[i] = Called(scope.Body.Nodes[i]) is null ? Unique(scope.Prefix + scope.Body.Nodes[i].Name) : string.Empty;
        }

        for (var i = 0; i < scope.Body.Nodes.Count; i++)
        {
            if (scope.Names[i].Length > 0)
            {
                Add(scope, i);
            }
            else
            {
                Call(scope, i);
            }
        }

        var function = scope.Body.Function!;
        return new(
            [.. function.Signature.OutputArg.Select(o => function.Ret.TryGetValue(o.Name, out var r) && scope.Body.Resolve(r) is { } found
                ? Data(scope, found)
                : throw Damaged($"function '{name}' does not compute its result '{o.Name}'"))],
            [.. function.ControlRet.Values.Select(c => scope.Body.IndexOf(c)).Where(static i => i >= 0).SelectMany(i => Controls(scope, i)).Distinct(StringComparer.Ordinal)]);
    }

    private void Add(Scope scope, int index)
    {
        var node = scope.Body.Nodes[index].Clone();
        node.Name = scope.Names[index];
        node.Attr.Remove(Colocation);
        foreach (var (key, value) in node.Attr.Where(static a => a.Value.ValueCase == AttrValue.ValueOneofCase.Placeholder).ToArray())
        {
            node.Attr[key] = scope.Attributes.GetValueOrDefault(value.Placeholder)
                ?? throw Damaged($"attribute '{key}' of node '{node.Name}' is '{value.Placeholder}', which its caller does not give");
        }

        var inputs = scope.Body.Inputs(index).ToArray();
        node.Input.Clear();
        node.Input.AddRange(inputs.Where(static i => !i.IsControl).Select(i => Data(scope, i)));

        // What waits for nothing of its own body waits for what the call waits for.
        var controls = inputs.Where(static i => i is { IsControl: true, IsArgument: false }).SelectMany(i => Controls(scope, i.Node));
        node.Input.AddRange((inputs.Any(static i => !i.IsArgument) ? controls : controls.Concat(scope.Before)).Distinct(StringComparer.Ordinal));
        added.Add(node);
    }

    private InlinedCall Call(Scope scope, int index)
    {
        if (!scope.Calls.TryGetValue(index, out var call))
        {
            var inputs = scope.Body.Inputs(index).ToArray();
            var controls = inputs.Where(static i => i is { IsControl: true, IsArgument: false }).SelectMany(i => Controls(scope, i.Node));
            call = Inline(
                scope.Body.Nodes[index],
                [.. inputs.Where(static i => !i.IsControl).Select(i => Data(scope, i))],
                [.. controls.Concat(scope.Before).Distinct(StringComparer.Ordinal)],
                scope.Prefix,
                scope.Depth + 1);
            scope.Calls.Add(index, call);
        }

        return call;
    }

    private string Data(Scope scope, GraphInput input) =>
        input.IsArgument ? scope.Arguments.ElementAtOrDefault(input.Argument) ?? throw Damaged($"a call of '{scope.Body.FunctionName}' has too few arguments")
        : scope.Names[input.Node].Length > 0 ? Reference(scope.Names[input.Node], input.Output)
        : Call(scope, input.Node).Results[input.Output];

    private string[] Controls(Scope scope, int node) => scope.Names[node].Length > 0 ? ["^" + scope.Names[node]] : Call(scope, node).Controls;

    private static Dictionary<string, AttrValue> Bound(NodeDef call)
    {
        var bound = new Dictionary<string, AttrValue>(call.Attr, StringComparer.Ordinal);
        foreach (var (key, value) in call.Attr.GetValueOrDefault("f")?.Func?.Attr ?? [])
        {
            bound[key] = value;
        }

        return bound;
    }

    private static string Reference(string node, int output) => output == 0 ? node : FormattableString.Invariant($"{node}:{output}");

    private string Unique(string name)
    {
        var unique = name;
        for (var i = 1; !names.Add(unique); i++)
        {
            unique = FormattableString.Invariant($"{name}_{i}");
        }

        return unique;
    }

    private TfRunnerException Damaged(string what) => TfRunnerException.ForLoad(ErrorCode.DataLoss, $"{view.Path} is damaged: {what}");

    /// <summary>What a call has become: a tensor per result, and what a node that waits for the call waits for.</summary>
    private sealed record InlinedCall(string[] Results, string[] Controls);

    /// <summary>One call on its way of being replaced.</summary>
    private sealed record Scope(
        GraphBody Body, string[] Arguments, string[] Before, string Prefix, int Depth, Dictionary<string, AttrValue> Attributes)
    {
        /// <summary>The new names of the body's nodes; empty for those that are calls themselves.</summary>
        public string[] Names { get; } = new string[Body.Nodes.Count];

        public Dictionary<int, InlinedCall> Calls { get; } = [];
    }
}
