using System.Globalization;
using TfRunner.SavedModels.Protos;
using TfRunner.TensorFlow.Analysis;
using TfRunner.TensorFlow.Native;

namespace TfRunner.TensorFlow.Eager;

/// <summary>Orders a function's nodes and gives every tensor a slot.</summary>
internal sealed class BodyCompiler
{
    private readonly EagerModel model;
    private readonly FunctionDef function;
    private readonly Dictionary<string, NodeDef> nodes;
    private readonly Dictionary<string, int> slotOf = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<OpArgument>> outputsOf = new(StringComparer.Ordinal);
    private int slots;

    public BodyCompiler(EagerModel model, FunctionDef function)
    {
        this.model = model;
        this.function = function;
        nodes = function.NodeDef.ToDictionary(static n => n.Name, StringComparer.Ordinal);
    }

    /// <summary>Compiles.</summary>
    /// <exception cref="TfRunnerException">An op is not known, or the runtime refuses an attribute.</exception>
    public EagerBody Compile()
    {
        foreach (var argument in function.Signature.InputArg)
        {
            slotOf[argument.Name] = slots++;
        }

        var order = Order();
        foreach (var node in order)
        {
            var outputs = OpArguments.Outputs(node, Definition(node));
            outputsOf[node.Name] = outputs;
            slotOf[node.Name] = slots;
            slots += outputs.Count;
        }

        var results = function.Signature.OutputArg.Select(o => Slot(function.Ret[o.Name])).ToArray();
        var constants = new List<(int, EagerTensorHandle)>();
        var compiled = new List<EagerNode>();
        var flows = order.Exists(static n => Kind(n) >= OpKind.Switch);
        foreach (var node in order)
        {
            if (node.Op == "Const")
            {
                constants.Add((slotOf[node.Name], Constant(node)));
            }

            // With control flow of TensorFlow 1 a constant has its turn like any node, for it can be dead.
            if (node.Op != "Const" || flows)
            {
                compiled.Add(Node(node));
            }
        }

        if (!flows)
        {
            MarkLastUses(compiled, results);
        }

        return new(function.Signature.InputArg.Count, slots, [.. compiled], [.. constants], results, flows ? new([.. compiled], slots, Controls(compiled)) : null);
    }

    private static OpKind Kind(NodeDef node) => node.Op switch
    {
        "PartitionedCall" or "StatefulPartitionedCall" => OpKind.Call,
        "If" or "StatelessIf" => OpKind.If,
        "Case" or "StatelessCase" => OpKind.Case,
        "While" or "StatelessWhile" => OpKind.While,
        "NoOp" => OpKind.Nothing,
        "Const" => OpKind.Constant,
        "Switch" => OpKind.Switch,
        "Merge" => OpKind.Merge,
        "Enter" => OpKind.Enter,
        "Exit" => OpKind.Exit,
        "NextIteration" => OpKind.NextIteration,
        "LoopCond" => OpKind.LoopCondition,
        _ => OpKind.Plain,
    };

    private EagerNode Node(NodeDef node)
    {
        var kind = model.HasFunction(node.Op) ? OpKind.Call : Kind(node);
        string[] bodies = kind switch
        {
            OpKind.Call => [model.HasFunction(node.Op) ? node.Op : node.Attr["f"].Func.Name],
            OpKind.If => [node.Attr["then_branch"].Func.Name, node.Attr["else_branch"].Func.Name],
            OpKind.Case => [.. node.Attr["branches"].List.Func.Select(static f => f.Name)],
            OpKind.While => [node.Attr["cond"].Func.Name, node.Attr["body"].Func.Name],
            _ => [],
        };
        var inputs = node.Input.Where(static i => !i.StartsWith('^')).Select(Slot).ToArray();
        return new(model.Context, node, kind, inputs, slotOf[node.Name], outputsOf[node.Name].Count, bodies)
        {
            Frame = kind == OpKind.Enter ? node.Attr["frame_name"].S.ToStringUtf8() : string.Empty,
            IsLoopConstant = kind == OpKind.Enter && node.Attr.TryGetValue("is_constant", out var constant) && constant.B,
        };
    }

    private EagerTensorHandle Constant(NodeDef node)
    {
        using var op = new EagerOp(model.Context, "Const");
        return op.Attribute("dtype", node.Attr["dtype"]).Attribute("value", node.Attr["value"]).Execute(1, $"constant '{node.Name}' was refused")[0];
    }

    /// <summary>The slot of <c>argument</c>, <c>argument:0</c> or <c>node:output:index</c>.</summary>
    private int Slot(string tensor)
    {
        var parts = tensor.Split(':');
        if (!slotOf.TryGetValue(parts[0], out var slot))
        {
            throw TfRunnerException.ForLoad(ErrorCode.InvalidArgument, $"function '{function.Signature.Name}' has no tensor '{tensor}'");
        }

        if (!outputsOf.TryGetValue(parts[0], out var outputs))
        {
            return slot;
        }

        var index = parts.Length > 2 ? int.Parse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture) : 0;
        var at = outputs.FindIndex(o => o.Argument == parts[1] && o.Index == index);
        return at >= 0
            ? slot + at
            : throw TfRunnerException.ForLoad(ErrorCode.InvalidArgument, $"function '{function.Signature.Name}' has no tensor '{tensor}'");
    }

    /// <summary>Each node after its inputs, as far as loops allow; what neither results nor effects need is left out.</summary>
    private List<NodeDef> Order()
    {
        var order = new List<NodeDef>();
        var state = new Dictionary<string, bool>(StringComparer.Ordinal);
        var roots = function.Ret.Values.Concat(function.ControlRet.Values).Select(static r => r.Split(':')[0])
            .Concat(function.NodeDef.Where(n => model.Ops.Find(n.Op)?.IsStateful == true).Select(static n => n.Name));
        var path = new Stack<(NodeDef Node, int Next)>();
        foreach (var root in roots)
        {
            Push(root);
            while (path.TryPop(out var top))
            {
                if (top.Next < top.Node.Input.Count)
                {
                    path.Push((top.Node, top.Next + 1));
                    Push(top.Node.Input[top.Next].TrimStart('^').Split(':')[0]);
                }
                else if (!state[top.Node.Name])
                {
                    state[top.Node.Name] = true;
                    order.Add(top.Node);
                }
            }
        }

        return order;

        void Push(string name)
        {
            if (nodes.TryGetValue(name, out var node) && state.TryAdd(name, false))
            {
                path.Push((node, 0));
            }
        }
    }

    private static void MarkLastUses(List<EagerNode> compiled, int[] results)
    {
        var last = new Dictionary<int, EagerNode>();
        foreach (var node in compiled)
        {
            for (var i = 0; i < node.OutputCount; i++)
            {
                last[node.Output + i] = node;
            }

            foreach (var slot in node.Inputs)
            {
                last[slot] = node;
            }
        }

        foreach (var group in last.Where(l => !results.Contains(l.Key)).GroupBy(static l => l.Value))
        {
            group.Key.Release = [.. group.Select(static g => g.Key)];
        }
    }

    private int[][] Controls(List<EagerNode> compiled)
    {
        var position = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < compiled.Count; i++)
        {
            position[compiled[i].Name] = i;
        }

        return [.. compiled.Select(n => nodes[n.Name].Input
            .Where(static i => i.StartsWith('^'))
            .Select(i => position.GetValueOrDefault(i[1..], -1))
            .Where(static p => p >= 0)
            .ToArray())];
    }

    private OpDef Definition(NodeDef node) => model.Definition(node.Op)
        ?? throw TfRunnerException.ForLoad(ErrorCode.Unimplemented, $"op {node.Op} (node '{node.Name}') is not in this TensorFlow library");
}
