using TfRunner.Onnx.Conversion.Building;
using TfRunner.Onnx.Conversion.Flow;
using TfRunner.Onnx.Conversion.Folding;
using TfRunner.Onnx.Conversion.Operators;
using TfRunner.Onnx.Conversion.Shapes;

namespace TfRunner.Onnx.Conversion.Programs;

/// <summary>Writes nodes of the TensorFlow graph into one ONNX graph, by calling their converters in order.</summary>
internal sealed class SegmentTracer
{
    private readonly Dictionary<FlowValue, OnnxValue> values = [];
    private readonly Dictionary<FlowValue, SymbolicShape?> shapes;
    private readonly Action<FlowNode, string> reject;
    private readonly SegmentTracer? parent;

    /// <summary>Starts a segment.</summary>
    /// <param name="builder">Where nodes go.</param>
    /// <param name="shapes">What earlier segments found about the shapes of values; added to.</param>
    /// <param name="reject">Told of nodes that cannot be written.</param>
    /// <param name="parent">The tracer of the graph around; null for the main graph.</param>
    public SegmentTracer(OnnxBuilder builder, Dictionary<FlowValue, SymbolicShape?> shapes, Action<FlowNode, string> reject, SegmentTracer? parent = null)
    {
        Builder = builder;
        this.shapes = shapes;
        this.reject = reject;
        this.parent = parent;
    }

    public OnnxBuilder Builder { get; }

    /// <summary>Values that the segment takes from outside, with the graph inputs that they became.</summary>
    public List<(FlowValue Flow, OnnxValue Onnx)> Imports { get; } = [];

    public void Bind(FlowValue flow, OnnxValue onnx) => values[flow] = onnx;

    /// <summary>The ONNX value of a TensorFlow value, made an input or a constant where it is not computed here.</summary>
    /// <param name="flow">The value.</param>
    /// <returns>The ONNX value; null where ONNX has nothing that carries it.</returns>
    public OnnxValue? Find(FlowValue flow)
    {
        if (values.TryGetValue(flow, out var value))
        {
            return value;
        }

        if (flow.Constant is { } tensor)
        {
            var carrier = OnnxTypes.Carrier(tensor.DType);
            if (carrier == DType.Invalid)
            {
                return null;
            }

            var held = carrier == tensor.DType ? tensor
                : ConstantFolder.Deferred(carrier, tensor.Dimensions, [tensor], () => Host.Arrays.ArrayCast.Cast(tensor, carrier));
            return values[flow] = Builder.Constant(held, flow.Name);
        }

        if (parent is not null)
        {
            return parent.Find(flow);
        }

        var dtype = OnnxTypes.Carrier(flow.DType);
        return dtype == DType.Invalid ? null : values[flow] = Import(flow, dtype);
    }

    /// <summary>Writes nodes.</summary>
    /// <param name="nodes">The nodes, each after all it depends on.</param>
    public void Trace(IEnumerable<FlowNode> nodes)
    {
        foreach (var node in nodes)
        {
            Trace(node);
        }
    }

    /// <summary>Writes a loop's or conditional's graph into a graph of its own.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="builder">A nested builder.</param>
    /// <param name="inputs">The values of the graph's inputs.</param>
    /// <returns>The values of its outputs.</returns>
    /// <exception cref="UnsupportedException">A node inside cannot be written.</exception>
    public IReadOnlyList<OnnxValue> TraceNested(FlowGraph graph, OnnxBuilder builder, IReadOnlyList<OnnxValue> inputs)
    {
        var inner = new SegmentTracer(builder, shapes, static (node, reason) => throw new UnsupportedException($"{node.Op} '{node.Name}' inside: {reason}"), this);
        for (var i = 0; i < inputs.Count; i++)
        {
            inner.Bind(graph.Inputs[i], inputs[i]);
        }

        inner.Trace(graph.Order());
        return [.. graph.Outputs.Select(o => inner.Find(o) ?? throw new UnsupportedException($"{o} cannot leave a loop or conditional"))];
    }

    private OnnxValue Import(FlowValue flow, DType carrier)
    {
        if (!shapes.TryGetValue(flow, out var shape))
        {
            shapes[flow] = shape = SymbolicShape.Of(flow.DeclaredShape);
        }

        var input = Builder.Input(flow.Name, flow.DType, shape);
        Imports.Add((flow, input));
        Builder.Scope = flow.Name;
        return Builder.Cast(input, carrier);
    }

    private void Trace(FlowNode node)
    {
        var converter = OperatorRegistry.Default.Find(node.Op)!;
        var context = new OperatorContext(node, this, [.. node.Inputs.Select(Find)]);
        Builder.Scope = node.Name;
        try
        {
            converter(context);
        }
        catch (UnsupportedException e)
        {
            reject(node, e.Message);
            FakeOutputs(node);
            return;
        }

        var results = context.Results();
        for (var i = 0; i < results.Count; i++)
        {
            if (results[i] is { } result)
            {
                values[node.Outputs[i]] = result;
                shapes[node.Outputs[i]] = result.Shape;
            }
        }
    }

    /// <summary>Lets the conversion go on behind a node that cannot be written, to find all such nodes at once.</summary>
    private void FakeOutputs(FlowNode node)
    {
        foreach (var output in node.Outputs)
        {
            var carrier = OnnxTypes.Carrier(output.DType);
            values[output] = new(node.Name, carrier == DType.Invalid ? DType.Float32 : carrier, SymbolicShape.Of(output.DeclaredShape));
        }
    }
}
