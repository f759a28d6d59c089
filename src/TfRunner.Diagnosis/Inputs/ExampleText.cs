using Google.Protobuf;
using TfRunner.Graphs;
using TfRunner.SavedModels.Protos;

namespace TfRunner.Diagnosis.Inputs;

/// <summary>
/// Writes a serialized tf.Example with the dense features that a model's parsing op asks for, filled with zeros. Source: the
/// messages Example, Features and Feature of TensorFlow's example.proto and feature.proto.
/// </summary>
internal static class ExampleText
{
    /// <summary>Writes the message.</summary>
    /// <param name="savedModel">The model whose first parsing op is served.</param>
    /// <returns>The bytes; empty when the model has no such op.</returns>
    public static byte[] Make(SavedModel savedModel)
    {
        try
        {
            var bodies = savedModel.Graph.Functions.Keys.Select(savedModel.Graph.Body).OfType<GraphBody>().Prepend(savedModel.Graph.Main);
            foreach (var body in bodies)
            {
                if (body.Nodes.FirstOrDefault(static n => n.Op is "ParseExampleV2" or "ParseExample" or "ParseSingleExample") is { } node)
                {
                    return Write(Features(body, node));
                }
            }
        }
        catch (TfRunnerException)
        {
            // A graph that cannot be read is found out when it is loaded.
        }

        return [];
    }

    private static IEnumerable<(byte[] Key, DType Type, int Count)> Features(GraphBody body, NodeDef node)
    {
        var types = node.Attr.TryGetValue("Tdense", out var t) ? t.List.Type.Select(static x => (DType)x).ToArray() : [];
        var shapes = node.Attr.TryGetValue("dense_shapes", out var s) ? s.List.Shape : [];
        var keys = Keys(body, node, types.Length).ToArray();
        for (var i = 0; i < Math.Min(keys.Length, types.Length); i++)
        {
            var count = i < shapes.Count ? shapes[i].Dim.Aggregate(1L, static (n, d) => n * Math.Max(d.Size, 1)) : 1;
            yield return (keys[i], types[i], (int)Math.Min(count, 1 << 20));
        }
    }

    private static IEnumerable<byte[]> Keys(GraphBody body, NodeDef node, int count)
    {
        if (node.Op == "ParseSingleExample")
        {
            return node.Attr.TryGetValue("dense_keys", out var keys) ? keys.List.S.Select(static k => k.ToByteArray()) : [];
        }

        if (node.Op == "ParseExampleV2")
        {
            return Strings(body, node.Input[3]);
        }

        var sparse = node.Attr.TryGetValue("Nsparse", out var n) ? (int)n.I : 0;
        return node.Input.Skip(2 + sparse).Take(count).SelectMany(input => Strings(body, input));
    }

    private static byte[][] Strings(GraphBody body, string input) =>
        body.Resolve(input) is { } source && source.Node >= 0 && body.Nodes[source.Node].Attr.TryGetValue("value", out var value) && value.Tensor is { } tensor
            ? TensorProtoDecoder.Decode(tensor, "the keys of tf.Example").Strings
            : [];

    private static byte[] Write(IEnumerable<(byte[] Key, DType Type, int Count)> features)
    {
        var entries = features.Select(static f => Field(1, [.. Field(1, f.Key), .. Field(2, Feature(f.Type, f.Count))]));
        return Field(1, [.. entries.SelectMany(static e => e)]);
    }

    private static byte[] Feature(DType type, int count) => type switch
    {
        DType.String => Field(1, [.. Enumerable.Repeat(Field(1, []), count).SelectMany(static e => e)]),
        DType.Float32 => Field(2, Field(1, new byte[4 * count])),
        _ => Field(3, Field(1, new byte[count])),
    };

    private static byte[] Field(int number, byte[] content)
    {
        using var stream = new MemoryStream();
        using (var writer = new CodedOutputStream(stream, leaveOpen: true))
        {
            writer.WriteTag(number, WireFormat.WireType.LengthDelimited);
            writer.WriteBytes(ByteString.CopyFrom(content));
        }

        return stream.ToArray();
    }
}
