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
    /// <param name="rows">The examples.</param>
    /// <exception cref="TfRunnerException">InvalidArgument when a row has another type.</exception>
    public ExampleColumn(HostNode node, string key, DType dtype, IReadOnlyList<Example> rows)
    {
        this.dtype = dtype;
        Counts = new int[rows.Count];
        for (var i = 0; i < rows.Count; i++)
        {
            Feature? feature = null;
            rows[i].Features?.Feature.TryGetValue(key, out feature);
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
