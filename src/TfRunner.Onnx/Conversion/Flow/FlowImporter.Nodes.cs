using TfRunner.SavedModels.Protos;

namespace TfRunner.Onnx.Conversion.Flow;

/// <content>One node of the file becomes none, one or many of the imported graph.</content>
internal sealed partial class FlowImporter
{
    private IReadOnlyList<FlowValue> Build(FlowScope scope, NodeDef node)
    {
        if (IsFrameBorder(node.Op))
        {
            return BuildFrameBorder(scope, node);
        }

        var inputs = new List<FlowValue>(node.Input.Count);
        foreach (var input in node.Input)
        {
            if (!input.StartsWith('^'))
            {
                inputs.Add(Resolve(scope, input));
            }
        }

        switch (node.Op)
        {
            case "Identity" or "StopGradient" or "PreventGradient" or "Snapshot" or "ReadVariableXlaSplitND":
                return [inputs[0]];
            case "IdentityN":
                return inputs;
            case "PlaceholderWithDefault":
                return [inputs[0]];
            case "NoOp" or "ControlTrigger":
                return [];
            case "Switch" or "RefSwitch":
                return [inputs[0], inputs[0]];
            case "Merge" or "RefMerge":
                return Merge(scope, node, inputs);
            case var array when array.StartsWith("TensorArray", StringComparison.Ordinal) && array.EndsWith("V3", StringComparison.Ordinal):
                return TensorArray(scope, node, inputs);
            case "Const":
                return Constant(scope, node);
            case "PartitionedCall" or "StatefulPartitionedCall":
                return Call(scope, node, Attributes(node).Function("f") ?? string.Empty, inputs);
            case "While" or "StatelessWhile":
                return Loop(scope, node, inputs);
            case "If" or "StatelessIf":
                var attributes = Attributes(node);
                return Branches(scope, node, inputs, [attributes.Function("else_branch"), attributes.Function("then_branch")]);
            case "Case" or "StatelessCase":
                return Branches(scope, node, inputs, [.. Attributes(node).Functions("branches")]);
            case var op when functions.ContainsKey(op):
                return Call(scope, node, op, inputs);
            default:
                return Plain(scope, node, inputs);
        }
    }

    private List<FlowValue> Plain(FlowScope scope, NodeDef node, List<FlowValue> inputs)
    {
        var attributes = Attributes(node);
        var flow = new FlowNode(Unique(scope.Prefix + node.Name), node.Op, attributes) { Function = scope.Function?.Signature.Name };
        flow.Inputs.AddRange(inputs);
        var types = definitions.OutputTypes(node.Op, attributes) ?? [attributes.DType("T", attributes.DType("dtype"))];
        var shapes = attributes.Shapes("_output_shapes");
        var outputs = new List<FlowValue>(types.Count);
        for (var i = 0; i < types.Count; i++)
        {
            var name = types.Count == 1 ? flow.Name : FormattableString.Invariant($"{flow.Name}:{i}");
            outputs.Add(new(flow, i, types[i], name) { DeclaredShape = i < shapes.Count ? shapes[i] : null });
        }

        flow.Outputs = outputs;
        scope.Target.Members.Add(flow);
        if (FlowEffects.IsEffect(flow))
        {
            scope.Target.Effects.Add(flow);
        }

        return outputs;
    }

    private List<FlowValue> Constant(FlowScope scope, NodeDef node)
    {
        var name = Unique(scope.Prefix + node.Name);
        var tensor = Attributes(node).Tensor("value", $"node '{name}'")
            ?? throw TfRunnerException.ForLoad(ErrorCode.DataLoss, $"the constant '{name}' has no value");
        return [new(null, 0, tensor.DType, name) { Constant = tensor }];
    }

    private List<FlowValue> Call(FlowScope scope, NodeDef node, string name, IReadOnlyList<FlowValue> arguments)
    {
        // The calls that wrap a signature add nothing to a name that a reader knows.
        var isWrapper = node.Name.StartsWith("StatefulPartitionedCall", StringComparison.Ordinal)
            || node.Name.StartsWith("PartitionedCall", StringComparison.Ordinal);
        return Inline(name, arguments, scope.Target, isWrapper ? scope.Prefix : scope.Prefix + node.Name + "/");
    }

    private List<FlowValue> Inline(string name, IReadOnlyList<FlowValue> arguments, FlowGraph target, string prefix)
    {
        if (!functions.TryGetValue(name, out var function))
        {
            throw TfRunnerException.ForLoad(ErrorCode.NotFound, $"the graph calls a function '{name}' that it does not have");
        }

        if (++depth > MaxDepth)
        {
            throw TfRunnerException.ForLoad(ErrorCode.Unimplemented, $"functions are nested more than {MaxDepth} deep at '{name}'");
        }

        var inner = new FlowScope(prefix, target, function.NodeDef, function);
        for (var i = 0; i < function.Signature.InputArg.Count && i < arguments.Count; i++)
        {
            inner.Arguments[function.Signature.InputArg[i].Name] = arguments[i];
        }

        var outputs = new List<FlowValue>(function.Signature.OutputArg.Count);
        foreach (var output in function.Signature.OutputArg)
        {
            outputs.Add(Resolve(inner, function.Ret[output.Name]));
        }

        // Ops that a function runs for their effect.
        foreach (var control in function.ControlRet.Values)
        {
            Evaluate(inner, control);
        }

        depth--;
        return outputs;
    }

    /// <summary>
    /// A loop. Variables that the body hands on unchanged (weights, resources, sizes) are taken from outside directly, so
    /// that what is known of them is known inside.
    /// </summary>
    private List<FlowValue> Loop(FlowScope scope, NodeDef node, List<FlowValue> inputs)
    {
        var attributes = Attributes(node);
        var (conditionName, bodyName) = (attributes.Function("cond") ?? string.Empty, attributes.Function("body") ?? string.Empty);
        var prefix = scope.Prefix + node.Name + "/";
        var isInvariant = new bool[inputs.Count];
        var taken = names;
        FlowGraph body;
        while (true)
        {
            // What a further attempt imports anew has the same names.
            names = new(taken, StringComparer.Ordinal);
            body = new();
            var results = Inline(bodyName, LoopArguments(body, inputs, isInvariant), body, prefix);
            var found = false;
            for (int i = 0, v = 0; i < inputs.Count; i++)
            {
                if (isInvariant[i])
                {
                    continue;
                }

                var own = body.Inputs[v++];
                if (results[i] == own || results[i] == inputs[i])
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
        condition.Outputs.AddRange(Inline(conditionName, LoopArguments(condition, inputs, isInvariant), condition, prefix));

        return LoopNode(scope, node.Name, attributes, inputs, isInvariant, condition, body);
    }

    private List<FlowValue> LoopNode(
        FlowScope scope, string name, NodeAttributes attributes, List<FlowValue> inputs, bool[] isInvariant, FlowGraph condition, FlowGraph body)
    {
        var flow = new FlowNode(Unique(scope.Prefix + name), "While", attributes) { Function = scope.Function?.Signature.Name, Graphs = [condition, body] };
        var outputs = new List<FlowValue>();
        var own2 = new List<FlowValue>();
        for (var i = 0; i < inputs.Count; i++)
        {
            if (isInvariant[i])
            {
                outputs.Add(inputs[i]);
                continue;
            }

            flow.Inputs.Add(inputs[i]);
            var value = new FlowValue(flow, own2.Count, inputs[i].DType, FormattableString.Invariant($"{flow.Name}:{i}"));
            own2.Add(value);
            outputs.Add(value);
        }

        flow.Outputs = own2;
        scope.Target.Members.Add(flow);
        return outputs;
    }

    private static List<FlowValue> LoopArguments(FlowGraph graph, List<FlowValue> initial, bool[] isInvariant)
    {
        var arguments = new List<FlowValue>(initial.Count);
        for (var i = 0; i < initial.Count; i++)
        {
            if (isInvariant[i])
            {
                arguments.Add(initial[i]);
                continue;
            }

            var value = new FlowValue(null, graph.Inputs.Count, initial[i].DType, FormattableString.Invariant($"loop_var_{i}"));
            graph.Inputs.Add(value);
            arguments.Add(value);
        }

        return arguments;
    }

    /// <summary>A conditional: its branches use the values around them directly and have no inputs of their own.</summary>
    private IReadOnlyList<FlowValue> Branches(FlowScope scope, NodeDef node, List<FlowValue> inputs, IReadOnlyList<string?> branches)
    {
        // A learning phase that is constant leaves one branch, whose writes and random numbers are the only ones.
        if (inputs[0].Constant is { DType: DType.Bool, Length: 1 } known && branches.Count == 2)
        {
            return Inline(branches[known.AsScalar<bool>() ? 1 : 0] ?? string.Empty, inputs[1..], scope.Target, scope.Prefix + node.Name + "/");
        }

        var flow = new FlowNode(Unique(scope.Prefix + node.Name), branches.Count == 2 && node.Op.EndsWith("If", StringComparison.Ordinal) ? "If" : "Case", Attributes(node)) { Function = scope.Function?.Signature.Name };
        flow.Inputs.Add(inputs[0]);
        var graphs = new List<FlowGraph>();
        foreach (var branch in branches)
        {
            var graph = new FlowGraph();
            graph.Outputs.AddRange(Inline(branch ?? string.Empty, inputs[1..], graph, scope.Prefix + node.Name + "/"));
            graphs.Add(graph);
        }

        flow.Graphs = graphs;
        flow.Outputs = [.. graphs[0].Outputs.Select((o, i) => new FlowValue(flow, i, o.DType, FormattableString.Invariant($"{flow.Name}:{i}")))];
        scope.Target.Members.Add(flow);
        if (graphs.Any(static g => g.Effects.Count > 0))
        {
            scope.Target.Effects.Add(flow);
        }

        return flow.Outputs;
    }
}
