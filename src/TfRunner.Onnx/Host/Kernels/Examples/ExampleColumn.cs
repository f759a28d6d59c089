using TfRunner.Onnx.Host.Arrays;
using TfRunner.Onnx.Protos;

namespace TfRunner.Onnx.Host.Kernels.Examples;

/// <summary>One feature of a batch of examples: the values of every row that has it.</summary>
internal sealed class ExampleColumn
{
    private readonly List<object> values = [];
    private readonly DType dtype;

    /// <summary>Collects a feature.</summary>
    /// <param name="node">Named in errors.</param>
    /// <param name="key">The feature's name.</param>
    /// <param name="dtype">string, float32 or int64.</param>
    /// <param name="rows">The feature in each row; null where a row lacks it.</param>
    /// <exception cref="TfRunnerException">InvalidArgument when a row has another type.</exception>
    public ExampleColumn(HostNode node, string key, DType dtype, IReadOnlyList<Feature?> rows)
    {
        this.dtype = dtype;
        Counts = new int[rows.Count];
        for (var i = 0; i < rows.Count; i++)
        {
            var feature = rows[i];
            var kind = feature?.KindCase ?? Feature.KindOneofCase.None;
            if (kind == Feature.KindOneofCase.None)
            {
                Counts[i] = -1;
                continue;
            }

            if (Type(kind) != dtype)
            {
                throw node.Error(
                    ErrorCode.InvalidArgument,
                    FormattableString.Invariant($"feature '{key}' of example {i} holds {Type(kind).Name()} values, and {dtype.Name()} is expected"));
            }

            var before = values.Count;
            Add(feature!);
            Counts[i] = values.Count - before;
        }
    }

    /// <summary>The number of values per row; -1 where the row lacks the feature.</summary>
    public int[] Counts { get; }

    /// <summary>The most values of a row.</summary>
    public int MaxCount => Counts.Length == 0 ? 0 : Math.Max(0, Counts.Max());

    /// <summary>Collects a feature of examples, or of the contexts of sequences.</summary>
    /// <param name="node">Named in errors.</param>
    /// <param name="key">The feature's name.</param>
    /// <param name="dtype">string, float32 or int64.</param>
    /// <param name="rows">The features of each row.</param>
    /// <returns>The column.</returns>
    public static ExampleColumn Of(HostNode node, string key, DType dtype, IEnumerable<Features?> rows) =>
        new(node, key, dtype, [.. rows.Select(r => r?.Feature.GetValueOrDefault(key))]);

    /// <summary>Where each row's values begin, and where the last one's end.</summary>
    /// <param name="splitType">int32 or int64.</param>
    /// <returns>A vector of one more than there are rows.</returns>
    public TensorValue Splits(DType splitType)
    {
        var splits = new long[Counts.Length + 1];
        for (var row = 0; row < Counts.Length; row++)
        {
            splits[row + 1] = splits[row] + Math.Max(0, Counts[row]);
        }

        using var wide = TensorValue.From(splits, splits.Length);
        return ArrayCast.Cast(wide, splitType);
    }

    /// <summary>All values, row after row.</summary>
    /// <returns>A vector.</returns>
    public TensorValue Values() => dtype switch
    {
        DType.String => TensorValue.FromStrings([.. values.Cast<byte[]>()], values.Count),
        DType.Float32 => TensorValue.From([.. values.Cast<float>()], values.Count),
        _ => TensorValue.From([.. values.Cast<long>()], values.Count),
    };

    private static DType Type(Feature.KindOneofCase kind) => kind switch
    {
        Feature.KindOneofCase.BytesList => DType.String,
        Feature.KindOneofCase.FloatList => DType.Float32,
        _ => DType.Int64,
    };

    private void Add(Feature feature)
    {
        switch (feature.KindCase)
        {
            case Feature.KindOneofCase.BytesList:
                values.AddRange(feature.BytesList.Value.Select(static v => v.ToByteArray()));
                break;
            case Feature.KindOneofCase.FloatList:
                values.AddRange(feature.FloatList.Value.Cast<object>());
                break;
            default:
                values.AddRange(feature.Int64List.Value.Cast<object>());
                break;
        }
    }
}
