using TfRunner.SavedModels.Protos;

namespace TfRunner.Graphs;

/// <summary>
/// What runs when some nodes of the graph run: the nodes they need, the functions these call, and for every input of every
/// node the variables, tables, assets and restored tensors that may stand there. A function's body is looked at once,
/// whoever calls it, so that the work is bounded by the size of the model and not by the number of paths through it.
/// </summary>
internal sealed class GraphFlow
{
    // Real models need thousands of steps; a file made to explode is stopped here.
    private const long MaxSteps = 50_000_000;

    private readonly GraphView view;
    private readonly Dictionary<string, BodyState> functions = new(StringComparer.Ordinal);
    private readonly Queue<(BodyState State, int Node)> pending = new();
    private readonly HashSet<string> cut;
    private readonly BodyState main;
    private readonly bool throughReads;
    private long steps;

    /// <summary>Follows what the roots need.</summary>
    /// <param name="view">The graph.</param>
    /// <param name="roots">Tensor or node names in the graph.</param>
    /// <param name="feeds">Tensors that callers give; what would compute them is not followed.</param>
    /// <param name="throughReads">Whether reading a variable hands its handle on, so that values can be followed to their variable.</param>
    public GraphFlow(GraphView view, IEnumerable<string> roots, IEnumerable<string> feeds, bool throughReads = false)
    {
        this.view = view;
        this.throughReads = throughReads;
        cut = feeds.Select(static f => TensorReference.Parse(f).Node).ToHashSet(StringComparer.Ordinal);
        main = new(view.Main);
        Bodies.Add(main);
        foreach (var root in roots)
        {
            var node = view.Main.IndexOf(TensorReference.Parse(root).Node);
            if (node < 0)
            {
                throw TfRunnerException.ForLoad(ErrorCode.DataLoss, $"{view.Path} is damaged: the graph has no node '{root}'");
            }

            Reach(main, node);
        }

        while (pending.TryDequeue(out var next))
        {
            Expand(next.State, next.Node);
        }

        PropagateArguments();
    }

    /// <summary>The graph first, then each function that is entered.</summary>
    public List<BodyState> Bodies { get; } = [];

    /// <summary>The origins of a node's input: the handles, assets and restored tensors that may stand there.</summary>
    /// <param name="state">The node's body.</param>
    /// <param name="input">The input.</param>
    /// <returns>The origins; empty for a tensor that is computed.</returns>
    public HashSet<FlowOrigin> Origins(BodyState state, GraphInput input)
    {
        var found = new HashSet<FlowOrigin>();
        var stack = new Stack<GraphInput>();
        var seen = new HashSet<GraphInput>();
        stack.Push(input);
        while (stack.TryPop(out var at))
        {
            Step();
            if (at.IsControl || !seen.Add(at))
            {
                continue;
            }

            if (at.IsArgument)
            {
                found.UnionWith(state.Arguments[at.Argument]);
                steps += state.Arguments[at.Argument].Count;
                continue;
            }

            var node = state.Body.Nodes[at.Node];
            if (IsOrigin(state, node))
            {
                found.Add(new(state.Body, at.Node, OpRoles.IsVariable(node.Op) || OpRoles.IsTable(node.Op) ? 0 : at.Output));
                continue;
            }

            var inputs = state.Body.Inputs(at.Node);
            var data = 0;
            while (data < inputs.Length && !inputs[data].IsControl)
            {
                data++;
            }

            var passes = throughReads && node.Op == "ReadVariableOp" ? 0..Math.Min(1, data) : OpRoles.Passes(node.Op, at.Output, data);
            foreach (var passed in inputs[passes])
            {
                stack.Push(passed);
            }
        }

        return found;
    }

    private bool IsOrigin(BodyState state, NodeDef node) =>
        OpRoles.IsVariable(node.Op) || OpRoles.IsTable(node.Op) || node.Op == "RestoreV2"
        || (state == main && view.IsAssetNode(node.Name));

    private void Step()
    {
        if (++steps > MaxSteps)
        {
            throw TfRunnerException.ForLoad(ErrorCode.ResourceExhausted, $"{view.Path}: the graph is too intertwined to be followed", "the file may be damaged");
        }
    }

    private void Reach(BodyState state, int node)
    {
        if (!state.Reached[node])
        {
            state.Reached[node] = true;
            pending.Enqueue((state, node));
        }
    }

    private void Expand(BodyState state, int node)
    {
        foreach (var (function, _) in FunctionCalls.Of(state.Body.Nodes[node], view.IsFunction))
        {
            Enter(function);
        }

        if (state == main && cut.Contains(state.Body.Nodes[node].Name))
        {
            return;
        }

        foreach (var input in state.Body.Inputs(node))
        {
            Step();
            if (!input.IsArgument)
            {
                Reach(state, input.Node);
            }
        }
    }

    private void Enter(string name)
    {
        if (functions.ContainsKey(name))
        {
            return;
        }

        var body = view.Body(name)!;
        var state = new BodyState(body);
        functions.Add(name, state);
        Bodies.Add(state);
        foreach (var reference in body.Function!.Ret.Values.Concat(body.Function.ControlRet.Values))
        {
            var resolved = body.Resolve(reference) ?? throw TfRunnerException.ForLoad(
                ErrorCode.DataLoss, $"{view.Path} is damaged: '{reference}', which function '{name}' returns, names nothing");
            if (!resolved.IsArgument)
            {
                Reach(state, resolved.Node);
            }
        }

        // TensorFlow runs the stateful nodes of a function even when nothing reads them.
        for (var i = 0; i < body.Nodes.Count; i++)
        {
            if (view.Ops.IsStateful(body.Nodes[i].Op))
            {
                Reach(state, i);
            }
        }
    }

    private void PropagateArguments()
    {
        var queue = new Queue<BodyState>(Bodies);
        var queued = new HashSet<BodyState>(Bodies);
        while (queue.TryDequeue(out var state))
        {
            queued.Remove(state);
            steps += state.Reached.Length;
            Step();
            for (var node = 0; node < state.Reached.Length; node++)
            {
                if (!state.Reached[node])
                {
                    continue;
                }

                foreach (var (function, firstInput) in FunctionCalls.Of(state.Body.Nodes[node], view.IsFunction))
                {
                    Step();
                    var callee = functions[function];
                    if (Bind(state, node, callee, firstInput) && queued.Add(callee))
                    {
                        queue.Enqueue(callee);
                    }
                }
            }
        }
    }

    private bool Bind(BodyState caller, int node, BodyState callee, int firstInput)
    {
        var changed = false;
        var inputs = caller.Body.Inputs(node);
        for (var i = Math.Max(firstInput, 0); i < inputs.Length; i++)
        {
            if (inputs[i].IsControl)
            {
                break;
            }

            var origins = Origins(caller, inputs[i]);
            if (origins.Count == 0)
            {
                continue;
            }

            var (from, to) = firstInput == FunctionCalls.Unknown ? (0, callee.Arguments.Length) : (i - firstInput, i - firstInput + 1);
            for (var argument = from; argument < Math.Min(to, callee.Arguments.Length); argument++)
            {
                steps += origins.Count;
                foreach (var origin in origins)
                {
                    changed |= callee.Arguments[argument].Add(origin);
                }
            }
        }

        return changed;
    }

    /// <summary>What of a body runs, and what its arguments may be.</summary>
    internal sealed class BodyState(GraphBody body)
    {
        public GraphBody Body { get; } = body;

        public bool[] Reached { get; } = new bool[body.Nodes.Count];

        public HashSet<FlowOrigin>[] Arguments { get; } = [.. Enumerable.Range(0, body.ArgumentCount).Select(static _ => new HashSet<FlowOrigin>())];
    }
}
