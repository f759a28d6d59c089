namespace TfRunner.Graphs;

/// <summary>Finds what a signature reaches.</summary>
internal static class ReachReader
{
    /// <summary>Finds it.</summary>
    /// <param name="view">The graph.</param>
    /// <param name="signature">The signature.</param>
    /// <returns>What a call runs.</returns>
    public static SignatureReach Read(GraphView view, Signature signature)
    {
        var flow = new GraphFlow(view, signature.Outputs.Select(static o => o.TensorName), signature.Inputs.Select(static i => i.TensorName));
        var ops = new SortedDictionary<string, OpUse>(StringComparer.Ordinal);
        var python = new List<NodePlace>();
        var writes = new List<NodePlace>();
        var handles = new HashSet<FlowOrigin>();
        var read = new HashSet<FlowOrigin>();
        var written = new HashSet<FlowOrigin>();
        foreach (var state in flow.Bodies)
        {
            for (var i = 0; i < state.Reached.Length; i++)
            {
                if (!state.Reached[i])
                {
                    continue;
                }

                var op = state.Body.Nodes[i].Op;
                ops[op] = ops.TryGetValue(op, out var use) ? use with { Count = use.Count + 1 } : new(op, 1, state.Body.Place(i));
                if (OpRoles.NeedsPython(op))
                {
                    python.Add(state.Body.Place(i));
                }

                if (OpRoles.IsVariable(op) || OpRoles.IsTable(op))
                {
                    handles.Add(new(state.Body, i, 0));
                }

                Note(view, flow, state, i, read, written, writes);
            }
        }

        var nodes = Enumerable.Range(0, flow.Bodies[0].Reached.Length).Where(i => flow.Bodies[0].Reached[i]).ToList();
        var places = handles.ToDictionary(static h => h.Body.Place(h.Node));
        return new(
            signature,
            nodes,
            [.. flow.Bodies.Skip(1).Select(static b => b.Body.FunctionName!).Order(StringComparer.Ordinal)],
            [.. ops.Values],
            [.. view.Variables.Where(v => places.ContainsKey(v.Node)).Select(v => new ReachedVariable(v, read.Contains(places[v.Node]), written.Contains(places[v.Node])))],
            [.. view.Tables.Where(t => places.ContainsKey(t.Node))],
            python,
            writes);
    }

    private static void Note(
        GraphView view, GraphFlow flow, GraphFlow.BodyState state, int node, HashSet<FlowOrigin> read, HashSet<FlowOrigin> written, List<NodePlace> writes)
    {
        var definition = state.Body.Nodes[node];
        var isWrite = OpRoles.WritesVariable(definition.Op) || OpRoles.FillsTable(definition.Op);
        if (isWrite)
        {
            writes.Add(state.Body.Place(node));
        }

        // Handing a handle on is no use of it; the callee's own nodes are.
        var inputs = state.Body.Inputs(node);
        if (FunctionCalls.Of(definition, view.IsFunction).Any())
        {
            return;
        }

        // Old variables are passed by reference, so the op that passes one on is also the one that reads it.
        var isPassing = OpRoles.Passes(definition.Op, 0, 1).GetOffsetAndLength(1).Length > 0 && definition.Op != "Identity";
        for (var i = 0; i < inputs.Length && !inputs[i].IsControl && !isPassing; i++)
        {
            foreach (var origin in flow.Origins(state, inputs[i]))
            {
                if (isWrite && i == 0)
                {
                    written.Add(origin);
                }

                if (!isWrite || i > 0 || !OpRoles.Overwrites(definition.Op))
                {
                    read.Add(origin);
                }
            }
        }
    }
}
