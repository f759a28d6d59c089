using TfRunner.Onnx.Conversion.Building;
using TfRunner.Onnx.Conversion.Flow;
using TfRunner.Onnx.Conversion.Programs;
using TfRunner.Onnx.Conversion.Shapes;

namespace TfRunner.Onnx.Conversion.Operators;

/// <summary>One node while it is converted: what a converter reads, and where it writes.</summary>
internal sealed class OperatorContext
{
    private readonly OnnxValue?[] inputs;
    private readonly OnnxValue?[] outputs;
    private readonly SegmentTracer tracer;

    public OperatorContext(FlowNode node, SegmentTracer tracer, OnnxValue?[] inputs)
    {
        Node = node;
        this.tracer = tracer;
        this.inputs = inputs;
        outputs = new OnnxValue?[node.Outputs.Count];
    }

    /// <summary>The TensorFlow node.</summary>
    public FlowNode Node { get; }

    /// <summary>The TensorFlow op, such as <c>AddV2</c>: tells apart the ops that share a converter.</summary>
    public string Op => Node.Op;

    /// <summary>The node's attributes.</summary>
    public NodeAttributes Attributes => Node.Attributes;

    /// <summary>Adds ONNX nodes.</summary>
    public OnnxBuilder Builder => tracer.Builder;

    /// <summary>The number of data inputs.</summary>
    public int InputCount => inputs.Length;

    /// <summary>The number of outputs.</summary>
    public int OutputCount => outputs.Length;

    /// <summary>An input, in the dtype that carries it in ONNX.</summary>
    /// <param name="index">0 to <see cref="InputCount"/> - 1.</param>
    /// <returns>The value.</returns>
    /// <exception cref="UnsupportedException">ONNX has nothing that carries it (resources, variants, complex numbers).</exception>
    public OnnxValue Input(int index) =>
        inputs[index] ?? throw new UnsupportedException($"its input {index} is {Node.Inputs[index].DType.Name()}, which ONNX Runtime does not compute with");

    /// <summary>All inputs.</summary>
    /// <param name="start">The first.</param>
    /// <returns>The inputs from <paramref name="start"/> on.</returns>
    public OnnxValue[] Inputs(int start = 0) => [.. Enumerable.Range(start, Math.Max(0, inputs.Length - start)).Select(Input)];

    /// <summary>TensorFlow's dtype of an input, which may be narrower than what carries it.</summary>
    /// <param name="index">The input.</param>
    /// <returns>The dtype.</returns>
    public DType InputType(int index) => Node.Inputs[index].DType;

    /// <summary>TensorFlow's dtype of an output.</summary>
    /// <param name="index">The output.</param>
    /// <returns>The dtype.</returns>
    public DType OutputType(int index = 0) => Node.Outputs[index].DType;

    /// <summary>The dtype that carries an output in ONNX.</summary>
    /// <param name="index">The output.</param>
    /// <returns>The dtype.</returns>
    public DType OutputCarrier(int index = 0) => OnnxTypes.Carrier(OutputType(index));

    /// <summary>An input that must be known: its elements.</summary>
    /// <param name="index">The input; of an integer dtype.</param>
    /// <returns>The elements, row-major.</returns>
    /// <exception cref="UnsupportedException">It is computed in the call.</exception>
    public long[] ConstantInts(int index) => TryConstantInts(index) ?? throw new UnsupportedException($"its input {index} is not constant");

    /// <summary>An input's elements where they are known.</summary>
    /// <param name="index">The input; of an integer dtype.</param>
    /// <returns>The elements, row-major; null when they are computed in the call.</returns>
    public long[]? TryConstantInts(int index) => Input(index).Constant is { } tensor ? Host.Arrays.ArrayCast.ToLongs(tensor) : null;

    /// <summary>An input that must have a known rank.</summary>
    /// <param name="index">The input.</param>
    /// <returns>Its rank.</returns>
    /// <exception cref="UnsupportedException">The rank is unknown.</exception>
    public int RankOf(int index) => Input(index).Rank ?? throw new UnsupportedException($"the rank of its input {index} is unknown");

    /// <summary>An input that must have a known rank.</summary>
    /// <param name="index">The input.</param>
    /// <returns>Its shape.</returns>
    /// <exception cref="UnsupportedException">The rank is unknown.</exception>
    public SymbolicShape ShapeOf(int index) => Input(index).Shape ?? throw new UnsupportedException($"the rank of its input {index} is unknown");

    /// <summary>Adds a node with one output; short for <see cref="OnnxBuilder.Emit"/>.</summary>
    /// <param name="op">ONNX's operator.</param>
    /// <param name="operands">The inputs.</param>
    /// <param name="attributes">The attributes.</param>
    /// <returns>The output.</returns>
    public OnnxValue Emit(string op, ReadOnlySpan<OnnxValue?> operands, params ReadOnlySpan<(string Name, object Value)> attributes) =>
        Builder.Emit(op, operands, attributes);

    /// <summary>Sets an output. It is cast where its dtype is not the one that carries the output's.</summary>
    /// <param name="index">The output.</param>
    /// <param name="value">The value.</param>
    public void Output(int index, OnnxValue value)
    {
        var carrier = OutputCarrier(index);
        outputs[index] = carrier == DType.Invalid ? value : Builder.Cast(value, carrier);
        Refine(outputs[index]!, Node.Outputs[index].DeclaredShape);
    }

    /// <summary>Sets the first output.</summary>
    /// <param name="value">The value.</param>
    public void Output(OnnxValue value) => Output(0, value);

    /// <summary>The outputs as set.</summary>
    /// <returns>One value per output; null where the converter set none.</returns>
    public IReadOnlyList<OnnxValue?> Results() => outputs;

    /// <summary>Converts a graph that the node runs, such as a loop's body.</summary>
    /// <param name="graph">The graph, one of the node's.</param>
    /// <param name="builder">A nested builder of <see cref="Builder"/>.</param>
    /// <param name="graphInputs">The values of the graph's inputs.</param>
    /// <returns>The values of the graph's outputs.</returns>
    /// <exception cref="UnsupportedException">A node inside cannot be written in ONNX.</exception>
    public IReadOnlyList<OnnxValue> Trace(FlowGraph graph, OnnxBuilder builder, IReadOnlyList<OnnxValue> graphInputs) =>
        tracer.TraceNested(graph, builder, graphInputs);

    /// <summary>The ONNX value of any TensorFlow value that is computed by now.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The ONNX value.</returns>
    public OnnxValue Find(FlowValue value) =>
        tracer.Find(value) ?? throw new UnsupportedException($"{value} has no counterpart in ONNX");

    /// <summary>Takes from the graph's promise what inference does not know.</summary>
    private static void Refine(OnnxValue value, TensorShape? declared)
    {
        if (declared is not { IsRankKnown: true } || value.IsConstant)
        {
            return;
        }

        if (value.Shape is not { } known)
        {
            value.Shape = SymbolicShape.Of(declared);
        }
        else if (known.Rank == declared.Rank)
        {
            value.Shape = new(known.Dims.Select((d, i) => !d.IsConstant && declared[i] >= 0 ? Dim.Of(declared[i]) : d));
        }
    }
}
