using System.Collections.ObjectModel;
using System.Globalization;
using Google.Protobuf.Collections;
using TfRunner.Graphs;
using TfRunner.SavedModels.Protos;

namespace TfRunner.Signatures;

/// <summary>Reads signatures, with sparse and composite tensors flattened as Python's loader does.</summary>
internal static class SignatureReader
{
    /// <summary>The signature under which exporters store the initialiser; nobody calls it.</summary>
    public const string InitOp = "__saved_model_init_op";

    private const int MaxRank = 254;

    // Defaults are switches and thresholds; one that repeats a value beyond this is hostile.
    private const long MaxDefaultBytes = 1 << 24;

    // Deeper nesting does not pass the protobuf parser either.
    private const int MaxDepth = 100;

    /// <summary>Reads the signatures of a meta graph.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="metaGraph">The meta graph.</param>
    /// <returns>The callable ones, in ordinal order of their names.</returns>
    /// <exception cref="TfRunnerException">DataLoss, naming signature and input, for what no signature can have.</exception>
    public static IReadOnlyList<Signature> Read(string path, MetaGraphDef metaGraph)
    {
        var placeholders = new Dictionary<string, NodeDef>(StringComparer.Ordinal);
        foreach (var node in metaGraph.GraphDef?.Node ?? [])
        {
            if (node.Op == "Placeholder")
            {
                placeholders.TryAdd(node.Name + ":0", node);
            }
        }

        return [.. metaGraph.SignatureDef
            .Where(static s => s.Key != InitOp)
            .OrderBy(static s => s.Key, StringComparer.Ordinal)
            .Select(s => Read(path, s.Key, s.Value))
            .Select(s => s with { Inputs = [.. s.Inputs.Select(i => Corrected(i, placeholders))] })];
    }

    /// <summary>
    /// Some exporters gave an input another dtype than the placeholder has that it names (a float for serialized examples).
    /// The placeholder is what is fed, so it is right.
    /// </summary>
    private static TensorSpec Corrected(TensorSpec spec, Dictionary<string, NodeDef> placeholders) =>
        placeholders.TryGetValue(spec.TensorName, out var node)
        && node.Attr.TryGetValue("dtype", out var dtype) && dtype.ValueCase == AttrValue.ValueOneofCase.Type && (DType)dtype.Type != spec.DType
            ? spec with
            {
                DType = (DType)dtype.Type,

                // Before TensorFlow 1.0 no dimensions meant any shape.
                Shape = node.Attr.GetValueOrDefault("shape")?.Shape is { Dim.Count: > 0 } shape ? Shape(shape, $"node '{node.Name}'") : TensorShape.Unknown,
            }
            : spec;

    private static Signature Read(string path, string name, SignatureDef definition)
    {
        var inputs = Specs(path, name, definition.Inputs);
        var outputs = Specs(path, name, definition.Outputs);
        var defaults = new Dictionary<string, TensorValue>(StringComparer.Ordinal);
        foreach (var (input, value) in definition.Defaults)
        {
            defaults.Add(input, TensorProtoDecoder.Decode(value, $"input '{input}' of signature '{name}' in {path}", MaxDefaultBytes));
        }

        return new(name, definition.MethodName, inputs, outputs) { Defaults = new ReadOnlyDictionary<string, TensorValue>(defaults) };
    }

    private static List<TensorSpec> Specs(string path, string signature, MapField<string, TensorInfo> infos)
    {
        var specs = new List<TensorSpec>(infos.Count);
        foreach (var (name, info) in infos)
        {
            Flatten(specs, name, info, $"'{name}' of signature '{signature}' in {path}", 0);
        }

        specs.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        for (var i = 1; i < specs.Count; i++)
        {
            if (specs[i].Name == specs[i - 1].Name)
            {
                throw TfRunnerException.ForLoad(ErrorCode.DataLoss, $"'{specs[i].Name}' appears twice in signature '{signature}' in {path}");
            }
        }

        return specs;
    }

    private static void Flatten(List<TensorSpec> specs, string name, TensorInfo info, string what, int depth)
    {
        // Reference types are the plain ones plus 100.
        var dtype = (DType)((int)info.Dtype > 100 ? (int)info.Dtype - 100 : (int)info.Dtype);
        switch (info.EncodingCase)
        {
            case TensorInfo.EncodingOneofCase.CooSparse:
                var shape = Shape(info.TensorShape, what);
                var rank = shape.IsRankKnown ? shape.Rank : -1;
                specs.Add(new(name + "_indices", DType.Int64, TensorShape.Of(-1, rank), info.CooSparse.IndicesTensorName));
                specs.Add(new(name + "_values", dtype, TensorShape.Of(-1), info.CooSparse.ValuesTensorName));
                specs.Add(new(name + "_dense_shape", DType.Int64, TensorShape.Of(rank), info.CooSparse.DenseShapeTensorName));
                break;
            case TensorInfo.EncodingOneofCase.CompositeTensor:
                var components = new List<TensorInfo>();
                Components(components, info.CompositeTensor, what, depth);
                for (var i = 0; i < components.Count; i++)
                {
                    Flatten(specs, string.Create(CultureInfo.InvariantCulture, $"{name}_component_{i}"), components[i], what, depth + 1);
                }

                break;
            default:
                specs.Add(new(name, dtype, Shape(info.TensorShape, what), info.Name));
                break;
        }
    }

    private static void Components(List<TensorInfo> leaves, TensorInfo.Types.CompositeTensor composite, string what, int depth)
    {
        if (depth > MaxDepth)
        {
            throw TfRunnerException.ForLoad(ErrorCode.DataLoss, $"{what} is nested too deeply");
        }

        foreach (var component in composite.Components)
        {
            if (component.EncodingCase == TensorInfo.EncodingOneofCase.CompositeTensor)
            {
                Components(leaves, component.CompositeTensor, what, depth + 1);
            }
            else
            {
                leaves.Add(component);
            }
        }
    }

    /// <summary>A shape as the file has it.</summary>
    /// <param name="shape">The shape; null for one that is not known.</param>
    /// <param name="what">What has it, for messages.</param>
    /// <returns>The shape.</returns>
    /// <exception cref="TfRunnerException">DataLoss for one that no tensor has.</exception>
    internal static TensorShape Shape(TensorShapeProto? shape, string what)
    {
        if (shape is null || shape.UnknownRank)
        {
            return TensorShape.Unknown;
        }

        if (shape.Dim.Count > MaxRank)
        {
            throw TfRunnerException.ForLoad(ErrorCode.DataLoss, FormattableString.Invariant($"{what} has {shape.Dim.Count} dimensions; the limit is {MaxRank}"));
        }

        var dimensions = new long[shape.Dim.Count];
        for (var i = 0; i < dimensions.Length; i++)
        {
            dimensions[i] = shape.Dim[i].Size >= -1
                ? shape.Dim[i].Size
                : throw TfRunnerException.ForLoad(ErrorCode.DataLoss, FormattableString.Invariant($"{what} has dimension {shape.Dim[i].Size}"));
        }

        return TensorShape.Of(dimensions);
    }
}
