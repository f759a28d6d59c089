using TfRunner.Graphs;
using TfRunner.Onnx.Conversion.Attention;
using TfRunner.Onnx.Conversion.Building;
using TfRunner.Onnx.Conversion.Flow;
using TfRunner.Onnx.Conversion.Fusion;
using TfRunner.Onnx.Conversion.Layout;
using TfRunner.Onnx.Conversion.Operators;
using TfRunner.Onnx.Conversion.Rows;
using TfRunner.Onnx.Conversion.Shapes;
using TfRunner.Onnx.Host;

namespace TfRunner.Onnx.Conversion.Programs;

/// <summary>Turns a graph into a program. A node whose converter gives up is handed to the host, and the graph is split anew.</summary>
internal sealed class ProgramCompiler
{
    private readonly ConversionOptions options;
    private readonly Dictionary<FlowNode, string> rejected = [];
    private readonly Dictionary<FlowNode, string> obstacles = [];
    private readonly Dictionary<FlowNode, string> hosted = [];

    public ProgramCompiler(ConversionOptions options) => this.options = options;

    /// <summary>What stands in the way, one line per node.</summary>
    public IEnumerable<string> Obstacles => obstacles.Select(static o => $"{o.Key.Place}: {o.Value}");

    /// <summary>The nodes that run in C# because ONNX cannot express them.</summary>
    public IEnumerable<HostPart> HostParts
    {
        get
        {
            // Lists run where the nodes around them do, so that they are a reason only where there is no other.
            var causes = hosted.Where(static h => !h.Key.Inputs.Concat(h.Key.Outputs).Any(static v => v.DType == DType.Variant)).ToList();
            return (causes.Count > 0 ? causes : [.. hosted]).Select(static h => new HostPart(h.Key.Op, h.Key.Place, h.Value));
        }
    }

    /// <summary>Compiles a graph.</summary>
    /// <param name="graph">The graph, folded.</param>
    /// <param name="inputs">What is fed: the graph's inputs, then values of graphs around.</param>
    /// <param name="signature">Names inputs and outputs; null inside loops.</param>
    /// <returns>The program; not to be run when there are obstacles.</returns>
    public ConvertedProgram Compile(FlowGraph graph, IReadOnlyList<FlowValue> inputs, Signature? signature)
    {
        while (true)
        {
            var known = rejected.Count;
            var partition = Partition.Of(graph, CanBeOnnx);
            var program = new ConvertedProgram();
            var slots = new Dictionary<FlowValue, int>();
            for (var i = 0; i < inputs.Count; i++)
            {
                slots[inputs[i]] = program.SlotCount++;
                program.Inputs.Add(new(signature?.Inputs[i].Name ?? string.Empty, inputs[i].DType, slots[inputs[i]]));
            }

            AddSteps(graph, partition, program, slots, signature);
            if (rejected.Count > known)
            {
                continue;
            }

            for (var i = 0; i < graph.Outputs.Count; i++)
            {
                program.Outputs.Add(new(signature?.Outputs[i].Name ?? string.Empty, graph.Outputs[i].DType, Slot(program, slots, graph.Outputs[i])));
            }

            return program;
        }
    }

    private static int Slot(ConvertedProgram program, Dictionary<FlowValue, int> slots, FlowValue value)
    {
        if (!slots.TryGetValue(value, out var slot))
        {
            slots[value] = slot = program.SlotCount++;
            if ((value.Constant ?? value.Resource) is { } constant)
            {
                program.Constants[slot] = constant;
            }
        }

        return slot;
    }

    private bool CanBeOnnx(FlowNode node)
    {
        return !rejected.ContainsKey(node)
            && OperatorRegistry.Default.Find(node.Op) is not null
            && node.Outputs.All(static o => o.DType == DType.Variant || OnnxTypes.Carrier(o.DType) != DType.Invalid)
            && node.Inputs.TrueForAll(static i => i.IsKnown || i.DType == DType.Variant || OnnxTypes.Carrier(i.DType) != DType.Invalid)
            && node.Graphs.All(g => g.Order().TrueForAll(CanBeOnnx));
    }

    private void AddSteps(FlowGraph graph, Partition partition, ConvertedProgram program, Dictionary<FlowValue, int> slots, Signature? signature)
    {
        var shapes = new Dictionary<FlowValue, SymbolicShape?>();
        for (var stage = 0; stage <= partition.LastStage; stage++)
        {
            var nodes = partition.Order.FindAll(n => partition.StageOf(n) == stage);
            if (stage % 2 == 1)
            {
                nodes.ForEach(n => AddHostStep(n, program, slots));
            }
            else if (nodes.Count > 0)
            {
                AddOnnxStep(graph, nodes, program, slots, shapes, signature);
            }
        }
    }

    private void AddHostStep(FlowNode node, ConvertedProgram program, Dictionary<FlowValue, int> slots)
    {
        if (node.Graphs.Count == 0 && HostRegistry.Default.Find(node.Op) is null)
        {
            obstacles[node] = FlowEffects.IsWrite(node.Op) ? "it changes a variable, and the onnx engine keeps none between calls"
                : OpRoles.NeedsPython(node.Op) ? "it needs a Python interpreter, which no engine has"
                : rejected.GetValueOrDefault(node) ?? "neither ONNX nor a host kernel computes it";
        }

        else if (rejected.GetValueOrDefault(node) is { } reason)
        {
            hosted[node] = reason;
        }
        else if (node.Graphs.Count == 0 && !CanBeOnnx(node))
        {
            hosted[node] = OperatorRegistry.Default.Find(node.Op) is null ? "ONNX has no operator for it" : "ONNX Runtime does not compute with its dtypes";
        }

        var inner = new List<ConvertedProgram>();
        var captures = node.Graphs.SelectMany(static g => g.Captures()).Distinct().ToList();
        foreach (var graph in node.Graphs)
        {
            inner.Add(Compile(graph, [.. graph.Inputs, .. captures], null));
        }

        var inputs = node.Inputs.Concat(captures).Select(v => Slot(program, slots, v)).ToList();
        program.Steps.Add(new HostStep(HostNodes.Of(node), inner, inputs, [.. node.Outputs.Select(o => Slot(program, slots, o))]));
    }

    private void AddOnnxStep(
        FlowGraph graph,
        List<FlowNode> nodes,
        ConvertedProgram program,
        Dictionary<FlowValue, int> slots,
        Dictionary<FlowValue, SymbolicShape?> shapes,
        Signature? signature)
    {
        var names = new OnnxNames();
        foreach (var spec in signature is null ? [] : signature.Inputs.Concat(signature.Outputs))
        {
            names.Reserve(spec.Name);
        }

        var builder = new OnnxBuilder(new(), names, options.Opset);
        var known = rejected.Count;
        var tracer = new SegmentTracer(builder, shapes, (node, reason) => rejected[node] = reason);
        tracer.Trace(nodes);
        var outputs = Needed(graph, nodes);
        foreach (var output in outputs)
        {
            if (tracer.Find(output) is { } value)
            {
                var index = signature is null ? -1 : graph.Outputs.IndexOf(output);
                builder.Scope = output.Name;
                builder.Output(builder.Cast(value, output.DType), index < 0 ? null : signature!.Outputs[index].Name);
            }
        }

        builder.Graph.Prune();
        if (options.Optimize && rejected.Count == known)
        {
            LayerNormalizationFusion.Run(builder);
            GeluForm.Run(builder);
            TanhGeluFusion.Run(builder);
            RepeatFusion.Run(builder);
            FlatProductForm.Run(builder);
            AttentionFusion.Run(builder);
            UnitAxesPass.Run(builder);
            LayoutPass.Run(builder);
            SpatialMeanFusion.Run(builder);
            ReshapePass.Run(builder);
            PaddingFusion.Run(builder);
            ConvolutionFusion.Run(builder);
            InputAffineFusion.Run(builder);
            FlattenFusion.Run(builder);
            ZeroBiasFusion.Run(builder);
        }
        else
        {
            // ONNX Runtime's Einsum divides by zero, and so ends the process, where an operand is empty.
            EinsumForm.Run(builder, weightsOnly: false);
        }

        program.Steps.Add(new OnnxStep(
            builder.Graph,
            [.. tracer.Imports.Select(i => Slot(program, slots, i.Flow))],
            [.. outputs.Select(o => Slot(program, slots, o))],
            options.Optimize && rejected.Count == known ? RowAnalysis.Of(builder.Graph) : null));
    }

    /// <summary>The values of a segment that something outside it uses.</summary>
    private static List<FlowValue> Needed(FlowGraph graph, List<FlowNode> nodes)
    {
        var own = nodes.SelectMany(static n => n.Outputs).ToHashSet();
        var inside = nodes.ToHashSet();
        return [.. graph.Order().Where(n => !inside.Contains(n)).SelectMany(FlowOrder.Uses).Concat(graph.Outputs)
            .Where(v => !v.IsKnown && own.Contains(v)).Distinct()];
    }
}
