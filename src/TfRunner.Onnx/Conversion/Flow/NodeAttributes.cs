using Google.Protobuf.Collections;
using TfRunner.Graphs;
using TfRunner.SavedModels.Protos;

namespace TfRunner.Onnx.Conversion.Flow;

/// <summary>A node's attributes by name, with the defaults of the op's registration where the node leaves one out.</summary>
internal sealed class NodeAttributes
{
    private readonly MapField<string, AttrValue> values;
    private readonly OpDef? definition;

    public NodeAttributes(MapField<string, AttrValue> values, OpDef? definition = null)
    {
        this.values = values;
        this.definition = definition;
    }

    /// <summary>The attributes as the node states them.</summary>
    public MapField<string, AttrValue> Raw => values;

    /// <summary>Finds an attribute as it stands in the graph.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The value, or null where neither the node nor the op's registration has one.</returns>
    public AttrValue? Find(string name) =>
        values.TryGetValue(name, out var value) ? value : definition?.Attr.FirstOrDefault(a => a.Name == name)?.DefaultValue;

    /// <summary>All attributes, with defaults filled in, as a node without name and inputs.</summary>
    /// <returns>The node.</returns>
    public NodeDef ToNode()
    {
        var node = new NodeDef();
        foreach (var attribute in definition?.Attr ?? [])
        {
            if (attribute.DefaultValue is { } value)
            {
                node.Attr[attribute.Name] = value;
            }
        }

        foreach (var (name, value) in values)
        {
            node.Attr[name] = value;
        }

        return node;
    }

    public bool Has(string name) => Find(name) is not null;

    public long Int(string name, long otherwise = 0) => Find(name) is { ValueCase: AttrValue.ValueOneofCase.I } v ? v.I : otherwise;

    public float Float(string name, float otherwise = 0) => Find(name) is { ValueCase: AttrValue.ValueOneofCase.F } v ? v.F : otherwise;

    public bool Bool(string name, bool otherwise = false) => Find(name) is { ValueCase: AttrValue.ValueOneofCase.B } v ? v.B : otherwise;

    public string Text(string name, string otherwise = "") =>
        Find(name) is { ValueCase: AttrValue.ValueOneofCase.S } v ? v.S.ToStringUtf8() : otherwise;

    public byte[] Bytes(string name) => Find(name) is { ValueCase: AttrValue.ValueOneofCase.S } v ? v.S.ToByteArray() : [];

    public DType DType(string name, DType otherwise = TfRunner.DType.Invalid) =>
        Find(name) is { ValueCase: AttrValue.ValueOneofCase.Type } v ? Plain((DType)v.Type) : otherwise;

    public IReadOnlyList<DType> DTypes(string name) =>
        Find(name) is { ValueCase: AttrValue.ValueOneofCase.List } v ? [.. v.List.Type.Select(static t => Plain((DType)t))] : [];

    public long[] Ints(string name) => Find(name) is { ValueCase: AttrValue.ValueOneofCase.List } v ? [.. v.List.I] : [];

    public float[] Floats(string name) => Find(name) is { ValueCase: AttrValue.ValueOneofCase.List } v ? [.. v.List.F] : [];

    public string[] Texts(string name) =>
        Find(name) is { ValueCase: AttrValue.ValueOneofCase.List } v ? [.. v.List.S.Select(static s => s.ToStringUtf8())] : [];

    public TensorShape? Shape(string name) => Find(name) is { ValueCase: AttrValue.ValueOneofCase.Shape } v ? Shape(v.Shape) : null;

    public IReadOnlyList<TensorShape> Shapes(string name) =>
        Find(name) is { ValueCase: AttrValue.ValueOneofCase.List } v ? [.. v.List.Shape.Select(Shape)] : [];

    public TensorValue? Tensor(string name, string what) =>
        Find(name) is { ValueCase: AttrValue.ValueOneofCase.Tensor } v ? TensorProtoDecoder.Decode(v.Tensor, what) : null;

    public string? Function(string name) => Find(name) is { ValueCase: AttrValue.ValueOneofCase.Func } v ? v.Func.Name : null;

    public IReadOnlyList<string> Functions(string name) =>
        Find(name) is { ValueCase: AttrValue.ValueOneofCase.List } v ? [.. v.List.Func.Select(static f => f.Name)] : [];

    /// <summary>The dtype behind a reference dtype: TensorFlow numbers references 100 higher.</summary>
    /// <param name="dtype">Any dtype.</param>
    /// <returns>The dtype of the value.</returns>
    public static DType Plain(DType dtype) => (int)dtype > 100 ? (DType)((int)dtype - 100) : dtype;

    public static TensorShape Shape(TensorShapeProto shape) =>
        shape.UnknownRank ? TensorShape.Unknown : TensorShape.Of([.. shape.Dim.Select(static d => Math.Max(d.Size, -1))]);
}
