using TfRunner.Onnx.Conversion.Folding;
using TfRunner.Onnx.Conversion.Inference;
using TfRunner.Onnx.Conversion.Shapes;

namespace TfRunner.Onnx.Conversion.Building;

/// <summary>
/// Adds nodes to an ONNX graph. Every node gets dtype and shape when it is added; what can be computed from constants and
/// known dimensions is computed then and adds no node; operands of dtypes that ONNX Runtime has no kernel for are cast.
/// </summary>
internal sealed partial class OnnxBuilder
{
    /// <summary>The opset that converted models state: the newest whose operators are used here.</summary>
    public const int DefaultOpset = 21;

    private readonly OnnxNames names;

    public OnnxBuilder(OnnxGraph graph, OnnxNames names, int opset)
    {
        Graph = graph;
        this.names = names;
        Opset = opset;
    }

    /// <summary>Where nodes go.</summary>
    public OnnxGraph Graph { get; }

    /// <summary>The opset of ONNX's own operators.</summary>
    public int Opset { get; }

    /// <summary>Leads the names of the nodes that are added.</summary>
    public string Scope { get; set; } = string.Empty;

    /// <summary>A builder for a body or branch inside this graph.</summary>
    /// <returns>The builder; its graph sees the values of this one.</returns>
    public OnnxBuilder Nested() => new(new(), names, Opset) { Scope = Scope };

    /// <summary>Adds an input to the graph.</summary>
    /// <param name="name">The wished name.</param>
    /// <param name="dtype">The dtype.</param>
    /// <param name="shape">The shape, or null.</param>
    /// <returns>The input.</returns>
    public OnnxValue Input(string name, DType dtype, SymbolicShape? shape)
    {
        var value = new OnnxValue(names.TakeReserved(name), dtype, shape);
        Graph.Inputs.Add(value);
        return value;
    }

    /// <summary>A name that no value or node has.</summary>
    /// <param name="wish">What to start from.</param>
    /// <returns>The name.</returns>
    public string TakeName(string wish) => names.Take(Scope.Length == 0 || wish.StartsWith(Scope, StringComparison.Ordinal) ? wish : Scope + "/" + wish);

    /// <summary>Adds an output to the graph; through an Identity where a value cannot be one itself.</summary>
    /// <param name="value">The value.</param>
    /// <param name="name">The wished name; null keeps the value's.</param>
    public void Output(OnnxValue value, string? name = null)
    {
        if (value.Producer is null || Graph.Outputs.Contains(value) || !Graph.Nodes.Contains(value.Producer))
        {
            var node = new OnnxNode(names.Take(Scope + "/Identity"), "Identity");
            node.Inputs.Add(value);
            value = new(names.Take(node.Name + ":0"), value.DType, value.Shape) { Producer = node };
            node.Outputs.Add(value);
            Graph.Nodes.Add(node);
        }

        if (name is not null)
        {
            value.Name = names.TakeReserved(name);
        }

        Graph.Outputs.Add(value);
    }

    /// <summary>A constant over a tensor, which stays alive as long as the model.</summary>
    /// <param name="tensor">The value.</param>
    /// <param name="name">The wished name; null derives one.</param>
    /// <returns>The constant.</returns>
    public OnnxValue Constant(TensorValue tensor, string? name = null) =>
        new(names.Take(name ?? Scope + "/const"), tensor.DType, SymbolicShape.Of(tensor.Dimensions))
        {
            Constant = tensor,
            Contents = ConstantContents.Of(tensor),
        };

    /// <summary>Adds a node with one output.</summary>
    /// <param name="op">ONNX's operator.</param>
    /// <param name="inputs">The inputs; null leaves an optional one out.</param>
    /// <param name="attributes">Attributes: long, float, string, long[], float[], string[], TensorValue or OnnxGraph.</param>
    /// <returns>The output, or a constant.</returns>
    public OnnxValue Emit(string op, ReadOnlySpan<OnnxValue?> inputs, params ReadOnlySpan<(string Name, object Value)> attributes) =>
        EmitMany(op, 1, inputs, attributes)[0];

    /// <summary>Adds a node with several outputs.</summary>
    /// <param name="op">ONNX's operator.</param>
    /// <param name="outputs">How many outputs are used.</param>
    /// <param name="inputs">The inputs; null leaves an optional one out.</param>
    /// <param name="attributes">Attributes as for <see cref="Emit"/>.</param>
    /// <returns>The outputs, or constants.</returns>
    public IReadOnlyList<OnnxValue> EmitMany(string op, int outputs, ReadOnlySpan<OnnxValue?> inputs, params ReadOnlySpan<(string Name, object Value)> attributes) =>
        Add(Node(string.Empty, op, inputs, attributes), outputs);

    /// <summary>Adds a node in the place of another one, whose only output becomes its own. The other one must not be in the graph any more.</summary>
    /// <param name="replaced">The other node; its name becomes the <see cref="Scope"/>.</param>
    /// <param name="op">ONNX's operator.</param>
    /// <param name="inputs">The inputs; null leaves an optional one out.</param>
    /// <param name="attributes">Attributes as for <see cref="Emit"/>.</param>
    /// <returns>The node.</returns>
    public OnnxNode EmitInPlaceOf(OnnxNode replaced, string op, ReadOnlySpan<OnnxValue?> inputs, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        Scope = replaced.Name;
        var node = Node(TakeName(op), op, inputs, attributes);
        node.Outputs.Add(replaced.Output);
        replaced.Output.Producer = node;
        Graph.Nodes.Add(node);
        return node;
    }

    /// <summary>Adds a node of another domain, whose outputs' types the caller states.</summary>
    /// <param name="domain">Such as <c>ai.onnx.ml</c> or <c>com.microsoft</c>.</param>
    /// <param name="op">The operator.</param>
    /// <param name="types">The outputs' dtypes and shapes.</param>
    /// <param name="inputs">The inputs.</param>
    /// <param name="attributes">Attributes as for <see cref="Emit"/>.</param>
    /// <returns>The outputs.</returns>
    public IReadOnlyList<OnnxValue> EmitForeign(
        string domain,
        string op,
        ReadOnlySpan<(DType DType, SymbolicShape? Shape)> types,
        ReadOnlySpan<OnnxValue?> inputs,
        params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        var node = Node(names.Take(Scope + "/" + op), op, inputs, attributes, domain);
        foreach (var (dtype, shape) in types)
        {
            node.Outputs.Add(new(names.Take(node.Name + ":0"), dtype, shape) { Producer = node });
        }

        Graph.Nodes.Add(node);
        return node.Outputs;
    }

    private static OnnxNode Node(string name, string op, ReadOnlySpan<OnnxValue?> inputs, ReadOnlySpan<(string Name, object Value)> attributes, string domain = "")
    {
        var node = new OnnxNode(name, op, domain);
        node.Inputs.AddRange(inputs);
        foreach (var (key, value) in attributes)
        {
            node.Attributes[key] = value switch { int i => (long)i, double d => (float)d, bool b => b ? 1L : 0L, _ => value };
        }

        return node;
    }

    private List<OnnxValue> Add(OnnxNode draft, int outputs)
    {
        if (Simplification.TryReplace(this, draft) is { } replaced)
        {
            return [replaced];
        }

        var typed = KernelTypes.Typed(draft.Op, draft.Inputs.Count).ToList();
        var dtype = typed.Select(i => draft.Inputs[i]?.DType ?? DType.Invalid).FirstOrDefault(static d => d != DType.Invalid);
        var compute = dtype == DType.Invalid ? dtype : KernelTypes.ComputeType(draft.Op, dtype);
        if (ConstantFolder.TryFold(draft, outputs) is { } folded)
        {
            return [.. folded.Select(t => Constant(t))];
        }

        if (compute != dtype)
        {
            if (compute == DType.Invalid)
            {
                throw new UnsupportedException($"ONNX Runtime has no {draft.Op} for {dtype.Name()}");
            }

            return AddWidened(draft, outputs, typed, dtype, compute);
        }

        var name = names.Take(Scope.Length == 0 ? draft.Op : Scope + "/" + draft.Op);
        var node = new OnnxNode(name, draft.Op);
        node.Inputs.AddRange(draft.Inputs);
        foreach (var (key, value) in draft.Attributes)
        {
            node.Attributes[key] = value;
        }

        var types = ShapeRules.Infer(node, outputs);
        for (var i = 0; i < outputs; i++)
        {
            node.Outputs.Add(new(names.Take(FormattableString.Invariant($"{name}:{i}")), types[i].DType, types[i].Shape) { Producer = node });
        }

        if (ContentsRules.Infer(node) is { } contents)
        {
            if (ConstantContents.ToTensor(contents, node.Output) is { } known)
            {
                return [Constant(known)];
            }

            node.Output.Contents = contents;
        }

        Graph.Nodes.Add(node);
        return node.Outputs;
    }

    private List<OnnxValue> AddWidened(OnnxNode draft, int outputs, List<int> typed, DType dtype, DType compute)
    {
        foreach (var i in typed)
        {
            if (draft.Inputs[i] is { } input)
            {
                draft.Inputs[i] = Cast(input, compute);
            }
        }

        var results = new List<OnnxValue>();
        foreach (var output in Add(draft, outputs))
        {
            results.Add(KernelTypes.IsTypedOutput(draft.Op, results.Count) && output.DType == compute ? Cast(output, dtype) : output);
        }

        return results;
    }
}
