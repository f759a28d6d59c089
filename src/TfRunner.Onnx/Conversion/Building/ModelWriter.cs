using Google.Protobuf;
using TfRunner.Onnx.Protos;

namespace TfRunner.Onnx.Conversion.Building;

/// <summary>Writes a graph as ONNX's model format. Large constants go where the caller says.</summary>
internal sealed class ModelWriter
{
    private const long WrappedBytes = 1 << 12;

    private readonly Func<OnnxValue, TensorProto?> external;
    private readonly TensorWindow window = new();

    /// <summary>Makes a writer.</summary>
    /// <param name="external">Gives the initialiser of a constant that is kept elsewhere; null keeps it in the model.</param>
    public ModelWriter(Func<OnnxValue, TensorProto?>? external = null) => this.external = external ?? (static _ => null);

    /// <summary>Makes the message. It refers to the memory of large constants, and is to be written before they are disposed.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="opset">The opset of ONNX's own operators that the model states.</param>
    /// <returns>The message.</returns>
    public ModelProto Write(OnnxGraph graph, int opset)
    {
        var model = new ModelProto { IrVersion = IrVersion(opset), ProducerName = "TfRunner", Graph = Graph(graph, "graph", isMain: true) };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = opset });
        foreach (var domain in graph.AllNodes().Select(static n => n.Domain).Where(static d => d.Length > 0).Distinct())
        {
            model.OpsetImport.Add(new OperatorSetIdProto { Domain = domain, Version = domain == "ai.onnx.ml" ? 3 : 1 });
        }

        return model;
    }

    /// <summary>A constant as it stands in a model.</summary>
    /// <param name="tensor">The value.</param>
    /// <param name="name">Its name.</param>
    /// <returns>The message.</returns>
    public TensorProto Tensor(TensorValue tensor, string name = "")
    {
        var proto = new TensorProto { Name = name, DataType = OnnxTypes.Number(tensor.DType) };
        proto.Dims.AddRange(tensor.Dimensions.ToArray());
        if (tensor.IsString)
        {
            proto.StringData.AddRange(tensor.Strings.Select(static s => UnsafeByteOperations.UnsafeWrap(s)));
        }
        else
        {
            proto.RawData = tensor.ByteLength >= WrappedBytes ? window.Bytes(tensor) : ByteString.CopyFrom(tensor.Bytes);
        }

        return proto;
    }

    /// <summary>The IR version that ONNX released with an opset: runtimes of that time refuse newer ones.</summary>
    private static int IrVersion(int opset) => opset switch { <= 18 => 8, <= 20 => 9, <= 22 => 10, _ => 11 };

    private GraphProto Graph(OnnxGraph graph, string name, bool isMain)
    {
        var proto = new GraphProto { Name = name };
        proto.Input.AddRange(graph.Inputs.Select(Info));
        proto.Output.AddRange(graph.Outputs.Select(Info));
        var constants = new HashSet<OnnxValue>();
        foreach (var node in graph.Nodes)
        {
            proto.Node.Add(Node(node));
        }

        // Bodies see the constants of the graph around them; the main graph holds them all.
        if (isMain)
        {
            foreach (var constant in graph.AllNodes().SelectMany(static n => n.Inputs).Concat(graph.Nodes.SelectMany(OnnxGraph.Uses)))
            {
                if (constant is { Constant: { } tensor } && constants.Add(constant))
                {
                    proto.Initializer.Add(external(constant) ?? Tensor(tensor, constant.Name));
                }
            }
        }

        return proto;
    }

    private NodeProto Node(OnnxNode node)
    {
        var proto = new NodeProto { Name = node.Name, OpType = node.Op, Domain = node.Domain };
        proto.Input.AddRange(node.Inputs.Select(static i => i?.Name ?? string.Empty));
        while (proto.Input.Count > 0 && proto.Input[^1].Length == 0)
        {
            proto.Input.RemoveAt(proto.Input.Count - 1);
        }

        proto.Output.AddRange(node.Outputs.Select(static o => o.Name));
        foreach (var (name, value) in node.Attributes)
        {
            proto.Attribute.Add(Attribute(name, value));
        }

        return proto;
    }

    private AttributeProto Attribute(string name, object value)
    {
        var proto = new AttributeProto { Name = name };
        switch (value)
        {
            case long i:
                (proto.Type, proto.I) = (AttributeProto.Types.AttributeType.Int, i);
                break;
            case float f:
                (proto.Type, proto.F) = (AttributeProto.Types.AttributeType.Float, f);
                break;
            case string s:
                (proto.Type, proto.S) = (AttributeProto.Types.AttributeType.String, ByteString.CopyFromUtf8(s));
                break;
            case long[] ints:
                proto.Type = AttributeProto.Types.AttributeType.Ints;
                proto.Ints.AddRange(ints);
                break;
            case float[] floats:
                proto.Type = AttributeProto.Types.AttributeType.Floats;
                proto.Floats.AddRange(floats);
                break;
            case string[] strings:
                proto.Type = AttributeProto.Types.AttributeType.Strings;
                proto.Strings.AddRange(strings.Select(ByteString.CopyFromUtf8));
                break;
            case byte[][] bytes:
                proto.Type = AttributeProto.Types.AttributeType.Strings;
                proto.Strings.AddRange(bytes.Select(static b => ByteString.CopyFrom(b)));
                break;
            case TensorValue tensor:
                (proto.Type, proto.T) = (AttributeProto.Types.AttributeType.Tensor, Tensor(tensor));
                break;
            case OnnxGraph graph:
                (proto.Type, proto.G) = (AttributeProto.Types.AttributeType.Graph, Graph(graph, name, isMain: false));
                break;
            default:
                throw new InvalidOperationException($"No attribute holds a {value.GetType().Name}.");
        }

        return proto;
    }

    private static ValueInfoProto Info(OnnxValue value)
    {
        var tensor = new TypeProto.Types.Tensor { ElemType = OnnxTypes.Number(value.DType) };
        if (value.Shape is { } shape)
        {
            tensor.Shape = new();
            foreach (var dim in shape.Dims)
            {
                tensor.Shape.Dim.Add(dim.IsConstant
                    ? new TensorShapeProto.Types.Dimension { DimValue = dim.Value }
                    : new TensorShapeProto.Types.Dimension { DimParam = dim.ToString() });
            }
        }

        return new() { Name = value.Name, Type = new() { TensorType = tensor } };
    }
}
