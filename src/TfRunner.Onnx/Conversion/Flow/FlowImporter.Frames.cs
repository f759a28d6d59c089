using TfRunner.SavedModels.Protos;

namespace TfRunner.Onnx.Conversion.Flow;

/// <content>
/// TensorFlow 1's control flow. A loop is a frame: Enter leads in, Merge takes the first or the next value of a variable,
/// Switch leads to the body or out by LoopCond, NextIteration back, Exit out. A conditional is a Switch per value that a
/// branch uses and a Merge per result. Source: TensorFlow's documentation of these ops.
/// </content>
internal sealed partial class FlowImporter
{
    private static bool IsFrameBorder(string op) => op is "Exit" or "RefExit" or "Enter" or "RefEnter";

    private IReadOnlyList<FlowValue> BuildFrameBorder(FlowScope scope, NodeDef node)
    {
        if (node.Op.EndsWith("Enter", StringComparison.Ordinal))
        {
            var outer = scope.Outer
                ?? throw TfRunnerException.ForLoad(ErrorCode.Unimplemented, $"node '{node.Name}' leads into a loop that is not left by an Exit");
            return [Resolve(outer, node.Input[0])];
        }

        BuildFrame(scope, node);
        return scope.Done[node.Name];
    }

    /// <summary>Imports the loop that an Exit leaves, with all its variables.</summary>
    private void BuildFrame(FlowScope scope, NodeDef exit)
    {
        var variables = Variables(scope, exit);
        var initial = variables.ConvertAll(v => Resolve(scope, v.Enter.Input[0]));
        var isInvariant = new bool[variables.Count];
        var taken = names;
        FlowGraph body;
        while (true)
        {
            names = new(taken, StringComparer.Ordinal);
            body = new();
            var arguments = LoopArguments(body, initial, isInvariant);
            var inner = Iteration(scope, body, variables, arguments);
            var found = false;
            var results = variables.ConvertAll(v => Resolve(inner, v.Next.Input[0]));
            for (var i = 0; i < variables.Count; i++)
            {
                if (isInvariant[i])
                {
                    continue;
                }

                if (results[i] == arguments[i] || results[i] == initial[i])
                {
                    isInvariant[i] = found = true;
                }

                body.Outputs.Add(results[i]);
            }

            if (!found)
            {
                break;
            }
        }

        var condition = new FlowGraph();
        var test = Iteration(scope, condition, variables, LoopArguments(condition, initial, isInvariant));
        var loopCond = scope.Nodes[SplitName(variables[0].Switch.Input[1]).Node];
        condition.Outputs.Add(Resolve(test, loopCond.Input[0]));
        var outputs = LoopNode(scope, exit.Name, Attributes(exit), initial, isInvariant, condition, body);
        for (var i = 0; i < variables.Count; i++)
        {
            foreach (var leaving in variables[i].Exits)
            {
                scope.Done[leaving.Name] = [outputs[i]];
            }
        }
    }

    private static FlowScope Iteration(FlowScope scope, FlowGraph target, List<FrameVariable> variables, List<FlowValue> arguments)
    {
        var inner = new FlowScope(scope.Prefix, target, scope.Nodes.Values, null) { Outer = scope };
        for (var i = 0; i < variables.Count; i++)
        {
            inner.Fed[Key(variables[i].Merge.Name, 0)] = arguments[i];
            inner.Fed[Key(variables[i].Switch.Name, 1)] = arguments[i];
            inner.Done[variables[i].Merge.Name] = [arguments[i]];
            inner.Done[variables[i].Switch.Name] = [arguments[i], arguments[i]];
        }

        return inner;
    }

    /// <summary>The variables of the frame that an Exit belongs to.</summary>
    private static List<FrameVariable> Variables(FlowScope scope, NodeDef exit)
    {
        var own = scope.Nodes[SplitName(exit.Input[0]).Node];
        var condition = SplitName(own.Input[1]).Node;
        var variables = new List<FrameVariable>();
        foreach (var node in scope.Nodes.Values)
        {
            if (node.Op is not ("Switch" or "RefSwitch") || SplitName(node.Input[1]).Node != condition
                || !scope.Nodes.TryGetValue(SplitName(node.Input[0]).Node, out var merge) || merge.Op is not ("Merge" or "RefMerge"))
            {
                continue;
            }

            var sources = merge.Input.Take(2).Select(i => scope.Nodes[SplitName(i).Node]).ToList();
            var enter = sources.Find(static s => s.Op.EndsWith("Enter", StringComparison.Ordinal));
            var next = sources.Find(static s => s.Op.EndsWith("NextIteration", StringComparison.Ordinal));
            if (enter is null || next is null)
            {
                throw TfRunnerException.ForLoad(ErrorCode.DataLoss, $"the loop variable '{merge.Name}' has no first or no next value");
            }

            var exits = scope.Nodes.Values.Where(n => n.Op.EndsWith("Exit", StringComparison.Ordinal) && SplitName(n.Input[0]).Node == node.Name);
            variables.Add(new(enter, merge, node, next, [.. exits]));
        }

        return variables;
    }

    /// <summary>
    /// A conditional's result: the inputs lie behind opposite sides of Switches by one predicate. Both sides are computed
    /// unless the predicate is known. Without a Switch any input may come first; it is the first here.
    /// </summary>
    private IReadOnlyList<FlowValue> Merge(FlowScope scope, NodeDef node, List<FlowValue> inputs)
    {
        if (inputs.Count == 2 && Predicate(scope, node) is var (predicate, trueInput))
        {
            var condition = Resolve(scope, predicate);
            if (condition.Constant is { } known)
            {
                var chosen = known.AsScalar<bool>() ? trueInput : 1 - trueInput;
                return [inputs[chosen], Index(node, chosen)];
            }

            var flow = new FlowNode(Unique(scope.Prefix + node.Name), "If", Attributes(node)) { Function = scope.Function?.Signature.Name };
            flow.Inputs.Add(condition);
            var graphs = new List<FlowGraph>();
            foreach (var side in (int[])[1 - trueInput, trueInput])
            {
                var graph = new FlowGraph();
                graph.Outputs.Add(inputs[side]);
                graph.Outputs.Add(Index(node, side));
                graphs.Add(graph);
            }

            flow.Graphs = graphs;
            flow.Outputs = [new(flow, 0, inputs[0].DType, flow.Name), new(flow, 1, DType.Int32, flow.Name + ":1")];
            scope.Target.Members.Add(flow);
            return flow.Outputs;
        }

        return [inputs[0], Index(node, 0)];
    }

    private static FlowValue Index(NodeDef node, int index) => new(null, 0, DType.Int32, node.Name + "/index") { Constant = TensorValue.FromScalar(index) };

    /// <summary>The predicate that separates a Merge's inputs, and which of them is the true side.</summary>
    private static (string Predicate, int TrueInput)? Predicate(FlowScope scope, NodeDef merge)
    {
        var first = Sides(scope, merge.Input[0]);
        var second = Sides(scope, merge.Input[1]);
        foreach (var (predicate, isTrue) in first)
        {
            if (second.TryGetValue(predicate, out var other) && other != isTrue)
            {
                return (predicate, isTrue ? 0 : 1);
            }
        }

        // A branch that is constant may hang on no Switch at all.
        var only = first.Count > 0 ? first : second;
        return only.Count == 1 && (first.Count == 0 || second.Count == 0)
            ? (only.Keys.First(), only.Values.First() == (first.Count > 0) ? 0 : 1)
            : null;
    }

    /// <summary>The predicates of the Switches that a value lies behind, with the side.</summary>
    private static Dictionary<string, bool> Sides(FlowScope scope, string input)
    {
        var sides = new Dictionary<string, bool>(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var stack = new Stack<string>([input]);
        while (stack.TryPop(out var reference))
        {
            var (name, index) = SplitName(reference);
            if (!scope.Nodes.TryGetValue(name, out var node) || !seen.Add(FormattableString.Invariant($"{name}:{index}")))
            {
                continue;
            }

            if (node.Op is "Switch" or "RefSwitch")
            {
                sides.TryAdd(Root(scope, node.Input[1]), index == 1);
            }

            if (!IsFrameBorder(node.Op))
            {
                foreach (var next in node.Input)
                {
                    stack.Push(next);
                }
            }
        }

        return sides;
    }

    /// <summary>Follows identities to what a predicate is.</summary>
    private static string Root(FlowScope scope, string reference)
    {
        var (name, index) = SplitName(reference);
        while (scope.Nodes.TryGetValue(name, out var node) && node.Op is "Identity")
        {
            (name, index) = SplitName(node.Input[0]);
        }

        return Key(name, index);
    }

    /// <summary>
    /// TensorArrays: the flow value carries the list, so that they become TensorList ops. Scatter and gather over all elements in
    /// order, as TensorArray.unstack and stack write them, become one list from or to a tensor.
    /// </summary>
    private List<FlowValue> TensorArray(FlowScope scope, NodeDef node, List<FlowValue> inputs)
    {
        var shape = new FlowValue(null, 0, DType.Int32, node.Name + "/element_shape") { Constant = TensorValue.FromScalar(-1) };
        var attributes = Attributes(node);
        switch (node.Op)
        {
            case "TensorArrayV3":
                var list = ListNode(scope, node, "TensorListReserve", DType.Variant, [shape, inputs[0]]);
                return [list, list];
            case "TensorArrayScatterV3":
                return [IsEvery(inputs[1])
                    ? ListNode(scope, node, "TensorListFromTensor", DType.Variant, [inputs[2], shape])
                    : ListNode(scope, node, "TensorListScatterIntoExistingList", DType.Variant, [inputs[3], inputs[2], inputs[1]])];
            case "TensorArrayWriteV3":
                return [ListNode(scope, node, "TensorListSetItem", DType.Variant, [inputs[3], inputs[1], inputs[2]])];
            case "TensorArrayReadV3":
                return [ListNode(scope, node, "TensorListGetItem", attributes.DType("dtype"), [inputs[2], inputs[1], shape])];
            case "TensorArrayGatherV3":
                return [IsEvery(inputs[1])
                    ? ListNode(scope, node, "TensorListStack", attributes.DType("dtype"), [inputs[2], shape])
                    : ListNode(scope, node, "TensorListGather", attributes.DType("dtype"), [inputs[2], inputs[1], shape])];
            case "TensorArrayConcatV3":
                return ListOutputs(scope, node, "TensorListConcatV2", [attributes.DType("dtype"), DType.Int64], [inputs[1], shape]);
            case "TensorArraySplitV3":
                return [ListNode(scope, node, "TensorListSplit", DType.Variant, [inputs[1], shape, inputs[2]])];
            case "TensorArraySizeV3":
                return [ListNode(scope, node, "TensorListLength", DType.Int32, [inputs[1]])];
            case "TensorArrayCloseV3":
                return [];
            default:
                return Plain(scope, node, inputs);
        }
    }

    /// <summary>Whether indices count up from 0, to the size of a list or to a dimension: all elements in order.</summary>
    private static bool IsEvery(FlowValue indices) => indices.Producer is { Op: "Range" } range
        && range.Inputs[0].Constant is { DType: DType.Int32 } start && start.AsScalar<int>() == 0
        && range.Inputs[2].Constant is { DType: DType.Int32 } step && step.AsScalar<int>() == 1
        && range.Inputs[1].Producer is { Op: "TensorListLength" or "StridedSlice" or "Minimum" };

    private FlowValue ListNode(FlowScope scope, NodeDef node, string op, DType dtype, List<FlowValue> inputs) =>
        ListOutputs(scope, node, op, [dtype], inputs)[0];

    private List<FlowValue> ListOutputs(FlowScope scope, NodeDef node, string op, DType[] dtypes, List<FlowValue> inputs)
    {
        var attributes = node.Attr.Clone();
        if (attributes.TryGetValue("dtype", out var element))
        {
            attributes["element_dtype"] = element;
        }

        var flow = new FlowNode(Unique(scope.Prefix + node.Name), op, new(attributes)) { Function = scope.Function?.Signature.Name };
        flow.Inputs.AddRange(inputs);
        flow.Outputs = [.. dtypes.Select((t, i) => new FlowValue(flow, i, t, i == 0 ? flow.Name : FormattableString.Invariant($"{flow.Name}:{i}")))];
        scope.Target.Members.Add(flow);
        return [.. flow.Outputs];
    }
}
