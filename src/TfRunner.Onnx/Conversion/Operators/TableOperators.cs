using System.Text;
using TfRunner.Onnx.Host;
using TfRunner.Onnx.Host.Arrays;

namespace TfRunner.Onnx.Conversion.Operators;

/// <summary>Lookups in tables whose contents are known when the model is converted.</summary>
internal sealed class TableOperators : IOperatorFamily
{
    /// <inheritdoc/>
    public void Register(OperatorRegistry registry) => registry.Add(Find, "LookupTableFindV2", "LookupTableFind");

    /// <summary>
    /// LookupTableFindV2: the value of each key, or the third input where the table has no such key. ONNX: LabelEncoder-2 of
    /// ai.onnx.ml, which has keys of strings or int64 and values of strings, int64 or float32.
    /// </summary>
    private static void Find(OperatorContext op)
    {
        if (op.Node.Inputs[0].Resource is not HostTable { Keys.Length: > 0 } table || op.Input(2).Constant is not { Length: 1 } otherwise)
        {
            throw new UnsupportedException("its table or default is not known, or the table is empty");
        }

        var b = op.Builder;
        List<(string Name, object Value)> attributes = [];
        var keyType = Add(attributes, "keys_", table.Keys);
        var valueType = Add(attributes, "values_", table.Values);
        attributes.Add(valueType switch
        {
            DType.String => ("default_string", Text(otherwise.Strings[0])),
            DType.Int64 => ("default_int64", ArrayCast.ToLongs(otherwise)[0]),
            _ => ("default_float", otherwise.AsScalar<float>()),
        });
        if (keyType == DType.Float32)
        {
            throw new UnsupportedException("its keys are floats");
        }

        var keys = b.Cast(op.Input(1), keyType);
        op.Output(b.EmitForeign("ai.onnx.ml", "LabelEncoder", [(valueType, keys.Shape)], [keys], [.. attributes])[0]);
    }

    /// <summary>Adds a column as the attribute that its dtype needs.</summary>
    private static DType Add(List<(string Name, object Value)> attributes, string side, TensorValue column)
    {
        switch (column.DType)
        {
            case DType.String:
                attributes.Add((side + "strings", column.Strings));
                return DType.String;
            case DType.Int8 or DType.Int16 or DType.Int32 or DType.Int64 or DType.UInt8 or DType.UInt16:
                attributes.Add((side + "int64s", ArrayCast.ToLongs(column)));
                return DType.Int64;
            case DType.Float32:
                attributes.Add((side + "floats", column.AsSpan<float>().ToArray()));
                return DType.Float32;
            default:
                throw new UnsupportedException($"its table has {column.DType.Name()} columns");
        }
    }

    /// <summary>ONNX's strings are text, though lists of them may hold any bytes.</summary>
    private static string Text(byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        return Encoding.UTF8.GetBytes(text).AsSpan().SequenceEqual(bytes) ? text : throw new UnsupportedException("its default is no UTF-8 text");
    }
}
