using TfRunner.Onnx.Host.Arrays;
using TfRunner.Onnx.Protos;

namespace TfRunner.Onnx.Host.Kernels.Examples;

/// <summary>One feature list of a batch of sequences: the values of every step of every row.</summary>
internal sealed class SequenceColumn
{
    private readonly HostNode node;
    private readonly string key;
    private readonly ExampleColumn steps;
    private readonly int[] lengths;

    /// <summary>Collects a feature list.</summary>
    /// <param name="node">Named in errors.</param>
    /// <param name="key">The list's name.</param>
    /// <param name="dtype">string, float32 or int64.</param>
    /// <param name="rows">The sequences.</param>
    /// <param name="mayBeMissing">Whether a row without the list has no steps.</param>
    /// <exception cref="TfRunnerException">InvalidArgument when a row lacks the list or has another type.</exception>
    public SequenceColumn(HostNode node, string key, DType dtype, IReadOnlyList<SequenceExample> rows, bool mayBeMissing)
    {
        (this.node, this.key) = (node, key);
        lengths = new int[rows.Count];
        var features = new List<Feature?>();
        for (var i = 0; i < rows.Count; i++)
        {
            FeatureList? list = null;
            rows[i].FeatureLists?.FeatureList.TryGetValue(key, out list);
            if (list is null && !mayBeMissing)
            {
                throw node.Error(ErrorCode.InvalidArgument, FormattableString.Invariant($"example {i} lacks the feature list '{key}', which may not be missing"));
            }

            features.AddRange(list?.Feature ?? []);
            lengths[i] = list?.Feature.Count ?? 0;
        }

        steps = new(node, key, dtype, features);
    }

    private int MaxLength => lengths.Length == 0 ? 0 : lengths.Max();

    /// <summary>All values, step after step.</summary>
    /// <returns>A vector.</returns>
    public TensorValue Values() => steps.Values();

    /// <summary>The number of steps per row: a vector, or a scalar without a batch.</summary>
    /// <param name="isSingle">Whether there is one row and no batch dimension.</param>
    /// <returns>int64.</returns>
    public TensorValue Lengths(bool isSingle) =>
        TensorValue.From(Array.ConvertAll(lengths, static n => (long)n), isSingle ? [] : [lengths.Length]);

    /// <summary>Where each step's values begin.</summary>
    /// <param name="splitType">int32 or int64.</param>
    /// <returns>A vector of one more than there are steps.</returns>
    public TensorValue InnerSplits(DType splitType) => steps.Splits(splitType);

    /// <summary>Where each row's steps begin.</summary>
    /// <param name="splitType">int32 or int64.</param>
    /// <returns>A vector of one more than there are rows.</returns>
    public TensorValue OuterSplits(DType splitType)
    {
        var splits = new long[lengths.Length + 1];
        for (var row = 0; row < lengths.Length; row++)
        {
            splits[row + 1] = splits[row] + lengths[row];
        }

        using var wide = TensorValue.From(splits, splits.Length);
        return ArrayCast.Cast(wide, splitType);
    }

    /// <summary>Row, step and place of every value.</summary>
    /// <param name="isSingle">Whether there is one row and no batch dimension.</param>
    /// <returns>[values, 3], or [values, 2].</returns>
    public TensorValue Indices(bool isSingle)
    {
        var indices = new List<long>();
        var step = 0;
        var count = 0;
        for (var row = 0; row < lengths.Length; row++)
        {
            for (var time = 0; time < lengths[row]; time++, step++)
            {
                for (var i = 0; i < steps.Counts[step]; i++, count++)
                {
                    indices.AddRange(isSingle ? [time, i] : [row, time, i]);
                }
            }
        }

        return TensorValue.From([.. indices], count, isSingle ? 2 : 3);
    }

    /// <summary>The shape of the sparse tensor.</summary>
    /// <param name="isSingle">Whether there is one row and no batch dimension.</param>
    /// <returns>Rows, most steps, most values of a step.</returns>
    public TensorValue SparseShape(bool isSingle)
    {
        long[] shape = isSingle ? [MaxLength, steps.MaxCount] : [lengths.Length, MaxLength, steps.MaxCount];
        return TensorValue.From(shape, shape.Length);
    }

    /// <summary>The values as they are, steps that a row lacks as zeros or empty strings.</summary>
    /// <param name="shape">A step's shape.</param>
    /// <param name="isSingle">Whether there is one row and no batch dimension.</param>
    /// <returns>[rows, most steps, shape...].</returns>
    public TensorValue Dense(TensorShape shape, bool isSingle)
    {
        var perStep = (int)Strides.Count(shape.Dimensions);
        if (Array.Exists(steps.Counts, c => Math.Max(0, c) != perStep))
        {
            throw node.Error(
                ErrorCode.InvalidArgument,
                FormattableString.Invariant($"a step of the feature list '{key}' has {steps.Counts.First(c => Math.Max(0, c) != perStep)} values, and {perStep} are expected"));
        }

        using var values = steps.Values();
        long[] dims = [.. isSingle ? Array.Empty<long>() : [lengths.Length], MaxLength, .. shape.Dimensions];
        var result = TensorValue.Zeros(values.DType, dims);
        var from = 0L;
        for (var row = 0; row < lengths.Length; row++)
        {
            var count = (long)lengths[row] * perStep;
            ArrayMovement.CopyElements(values, from, result, (long)row * MaxLength * perStep, count);
            from += count;
        }

        return result;
    }
}
