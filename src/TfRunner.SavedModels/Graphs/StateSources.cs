using TfRunner.Checkpoints;
using TfRunner.SavedModels.Protos;

namespace TfRunner.Graphs;

/// <summary>
/// Where the values of variables and tables come from, read off the graph's own restore and initialisation ops: whatever
/// <c>RestoreV2</c> reads and an assignment writes is what a session would restore, in TensorFlow 1 and 2 alike.
/// </summary>
/// <param name="Variables">Every variable, in the graph's order, then those inside functions.</param>
/// <param name="Tables">Every table, likewise.</param>
internal sealed record StateSources(IReadOnlyList<GraphVariable> Variables, IReadOnlyList<GraphTable> Tables)
{
    /// <summary>Reads them.</summary>
    /// <param name="view">The graph.</param>
    /// <param name="checkpoint">The model's checkpoint; null when it has none.</param>
    /// <returns>The sources.</returns>
    public static StateSources Read(GraphView view, Checkpoint? checkpoint)
    {
        var restored = new Dictionary<NodePlace, List<(string Key, string Slice)>>();
        if (view.RestoreOp is { } restore && view.Main.IndexOf(restore) >= 0)
        {
            ReadRestore(new(view, [restore], []), restored);
        }

        var initialized = new Dictionary<NodePlace, (GraphFlow.BodyState State, int Node)>();
        var assets = new Dictionary<NodePlace, SavedModelAsset>();
        if (view.InitOp is { } init && view.Main.IndexOf(init) >= 0)
        {
            ReadInitialization(view, new(view, [init], [], throughReads: true), initialized, assets);
        }

        var objects = ObjectGraphKeys.Read(view, checkpoint);
        var variables = new List<GraphVariable>();
        var tables = new List<GraphTable>();
        foreach (var body in view.Functions.Keys.Select(f => view.Body(f)!).Prepend(view.Main))
        {
            for (var i = 0; i < body.Nodes.Count; i++)
            {
                var node = body.Nodes[i];
                if (OpRoles.IsVariable(node.Op))
                {
                    var place = body.Place(i);
                    var isRestored = restored.TryGetValue(place, out var found);
                    var key = isRestored ? found![0].Key : body == view.Main ? objects.Find(node.Name, SharedName(node)) : null;
                    variables.Add(new(
                        place,
                        SharedName(node),
                        Type(node, "dtype"),
                        Shape(node),
                        key,
                        isRestored ? found![0].Slice : "",
                        isRestored,
                        initialized.ContainsKey(place)));
                }
                else if (OpRoles.IsTable(node.Op))
                {
                    var place = body.Place(i);
                    var hasInitializer = initialized.TryGetValue(place, out var initializer);
                    var keys = restored.TryGetValue(place, out var found) ? found.ConvertAll(static f => f.Key) : [];
                    tables.Add(new(
                        place,
                        node,
                        hasInitializer ? initializer.State.Body.Place(initializer.Node) : null,
                        hasInitializer ? initializer.State.Body : null,
                        assets.GetValueOrDefault(place),
                        keys));
                }
            }
        }

        return new(variables, tables);
    }

    private static void ReadRestore(GraphFlow flow, Dictionary<NodePlace, List<(string Key, string Slice)>> restored)
    {
        var names = new Dictionary<(GraphBody, int), (byte[][] Keys, byte[][] Slices)>();
        foreach (var (state, node) in Reached(flow, static op => op is "Assign" or "AssignVariableOp" || OpRoles.FillsTable(op)))
        {
            var inputs = state.Body.Inputs(node).ToArray().TakeWhile(static i => !i.IsControl).ToList();
            var keys = inputs.Skip(1).SelectMany(i => flow.Origins(state, i)).Where(static o => o.Definition.Op == "RestoreV2")
                .Select(o => Name(flow, names, o)).OfType<(string, string)>().ToList();
            if (keys.Count > 0)
            {
                foreach (var target in flow.Origins(state, inputs[0]))
                {
                    restored.TryAdd(target.Body.Place(target.Node), keys);
                }
            }
        }
    }

    private static void ReadInitialization(
        GraphView view,
        GraphFlow flow,
        Dictionary<NodePlace, (GraphFlow.BodyState State, int Node)> initialized,
        Dictionary<NodePlace, SavedModelAsset> assets)
    {
        // A path may pass through a variable on its way to the table.
        var pathsInVariables = new Dictionary<FlowOrigin, SavedModelAsset>();
        foreach (var (state, node) in Reached(flow, static op => op is "Assign" or "AssignVariableOp"))
        {
            var inputs = state.Body.Inputs(node);
            if (inputs.Length >= 2 && Assets(view, flow.Origins(state, inputs[1]), pathsInVariables).FirstOrDefault() is { } asset)
            {
                foreach (var variable in flow.Origins(state, inputs[0]))
                {
                    pathsInVariables.TryAdd(variable, asset);
                }
            }

            foreach (var variable in inputs.Length == 0 ? [] : flow.Origins(state, inputs[0]))
            {
                initialized.TryAdd(variable.Body.Place(variable.Node), (state, node));
            }
        }

        foreach (var (state, node) in Reached(flow, OpRoles.FillsTable))
        {
            var inputs = state.Body.Inputs(node).ToArray().TakeWhile(static i => !i.IsControl).ToList();
            foreach (var table in inputs.Count == 0 ? [] : flow.Origins(state, inputs[0]))
            {
                var place = table.Body.Place(table.Node);
                initialized.TryAdd(place, (state, node));
                if (inputs.Skip(1).SelectMany(i => Assets(view, flow.Origins(state, i), pathsInVariables)).FirstOrDefault() is { } asset)
                {
                    assets.TryAdd(place, asset);
                }
            }
        }
    }

    private static IEnumerable<SavedModelAsset> Assets(GraphView view, IEnumerable<FlowOrigin> origins, Dictionary<FlowOrigin, SavedModelAsset> pathsInVariables) =>
        origins.Select(o => pathsInVariables.GetValueOrDefault(o) ?? (o.Body == view.Main ? view.Asset(o.Definition.Name) : null)).OfType<SavedModelAsset>();

    private static IEnumerable<(GraphFlow.BodyState State, int Node)> Reached(GraphFlow flow, Predicate<string> matches)
    {
        foreach (var state in flow.Bodies)
        {
            for (var i = 0; i < state.Reached.Length; i++)
            {
                if (state.Reached[i] && matches(state.Body.Nodes[i].Op))
                {
                    yield return (state, i);
                }
            }
        }
    }

    private static (string Key, string Slice)? Name(
        GraphFlow flow, Dictionary<(GraphBody, int), (byte[][] Keys, byte[][] Slices)> names, FlowOrigin restore)
    {
        if (!names.TryGetValue((restore.Body, restore.Node), out var known))
        {
            var state = flow.Bodies.First(b => b.Body == restore.Body);
            known = (Strings(state, restore.Node, 1), Strings(state, restore.Node, 2));
            names.Add((restore.Body, restore.Node), known);
        }

        return restore.Output < known.Keys.Length
            ? (Text(known.Keys[restore.Output]), restore.Output < known.Slices.Length ? Text(known.Slices[restore.Output]) : "")
            : null;
    }

    private static string Text(byte[] utf8) => System.Text.Encoding.UTF8.GetString(utf8);

    private static byte[][] Strings(GraphFlow.BodyState state, int node, int input)
    {
        var inputs = state.Body.Inputs(node);
        for (var hops = 0; input < inputs.Length && !inputs[input].IsControl && !inputs[input].IsArgument && hops < 16; hops++)
        {
            var producer = state.Body.Nodes[inputs[input].Node];
            if (producer.Op == "Const" && producer.Attr.TryGetValue("value", out var value) && value.Tensor is { Dtype: DataType.DtString } tensor)
            {
                using var names = TensorProtoDecoder.Decode(tensor, state.Body.Place(inputs[input].Node).ToString());
                return names.Strings;
            }

            if (producer.Op != "Identity")
            {
                break;
            }

            inputs = state.Body.Inputs(inputs[input].Node);
            input = 0;
        }

        return [];
    }

    private static string SharedName(NodeDef node) => node.Attr.GetValueOrDefault("shared_name")?.S?.ToStringUtf8() ?? "";

    private static DType Type(NodeDef node, string attribute) => (DType)(node.Attr.GetValueOrDefault(attribute)?.Type ?? DataType.DtInvalid);

    private static TensorShape Shape(NodeDef node)
    {
        var shape = node.Attr.GetValueOrDefault("shape")?.Shape;
        return shape is null || shape.UnknownRank || shape.Dim.Count > 254 || shape.Dim.Any(static d => d.Size < -1)
            ? TensorShape.Unknown
            : TensorShape.Of([.. shape.Dim.Select(static d => d.Size)]);
    }
}
