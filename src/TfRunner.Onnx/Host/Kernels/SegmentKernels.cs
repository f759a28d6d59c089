using TfRunner.Onnx.Host.Arrays;

namespace TfRunner.Onnx.Host.Kernels;

/// <summary>
/// Rows folded by segment: sorted ids (a segment that has none is 0, or 1 for products), unsorted ids (a segment that has none is the fold's
/// identity), and rows picked by indices first, as embeddings are summed.
/// </summary>
internal sealed class SegmentKernels : IHostKernelFamily
{
    /// <inheritdoc/>
    public void Register(HostRegistry registry)
    {
        foreach (var fold in (string[])["Sum", "Prod", "Max", "Min", "Mean"])
        {
            registry.Add(call => Sorted(call, fold), "Segment" + fold, "Segment" + fold + "V2");
            registry.Add(call => Unsorted(call, fold), "UnsortedSegment" + fold);
        }

        foreach (var fold in (string[])["Sum", "Mean", "SqrtN"])
        {
            registry.Add(call => Picked(call, fold, null), "SparseSegment" + fold);
            registry.Add(call => Picked(call, fold, call.Int(3)), "SparseSegment" + fold + "WithNumSegments");
        }
    }

    private static void Sorted(HostCall call, string fold)
    {
        var ids = call.Ints(1);
        for (var i = 0; i < ids.Length; i++)
        {
            if (ids[i] < 0 || (i > 0 && ids[i] < ids[i - 1]))
            {
                throw call.Invalid("segment ids are not increasing");
            }
        }

        var count = call.InputCount > 2 ? call.Int(2) : ids.Length == 0 ? 0 : ids[^1] + 1;
        var isV2 = call.Op.EndsWith("V2", StringComparison.Ordinal);
        Fold(call, fold, [.. Enumerable.Range(0, ids.Length).Select(static i => (long)i)], ids, count, 1, emptyIsZero: !isV2 && fold != "Prod");
    }

    private static void Unsorted(HostCall call, string fold)
    {
        var ids = call.Ints(1);
        Fold(call, fold, [.. Enumerable.Range(0, ids.Length).Select(static i => (long)i)], ids, call.Int(2), call.Tensor(1).Rank, emptyIsZero: false);
    }

    private static void Picked(HostCall call, string fold, long? segments)
    {
        var ids = call.Ints(2);
        Fold(call, fold, call.Ints(1), ids, segments ?? (ids.Length == 0 ? 0 : ids[^1] + 1), 1, emptyIsZero: true);
    }

    /// <summary>Folds rows of the first input.</summary>
    /// <param name="call">The call.</param>
    /// <param name="fold">Sum, Prod, Max, Min, Mean or SqrtN.</param>
    /// <param name="rows">Which row each id is about.</param>
    /// <param name="ids">The segments; negative ones are left out.</param>
    /// <param name="segments">How many segments there are.</param>
    /// <param name="rank">How many dimensions of the operand the ids cover.</param>
    /// <param name="emptyIsZero">What a segment without rows holds: zeros, or the fold's identity.</param>
    private static void Fold(HostCall call, string fold, long[] rows, long[] ids, long segments, int rank, bool emptyIsZero)
    {
        var x = call.Tensor(0);
        long[] dims = [segments, .. x.Dimensions[rank..]];
        var run = Strides.Count(x.Dimensions[rank..]);
        if (x.DType.IsInteger() && fold is "Sum" or "Prod" or "Max" or "Min")
        {
            var (low, high) = IntegerRange.Of(x.DType);
            var start = fold switch { "Sum" => 0, "Prod" => 1, "Max" => low, _ => high };
            Func<long, long, long> function = fold switch
            {
                "Sum" => static (a, b) => unchecked(a + b),
                "Prod" => static (a, b) => unchecked(a * b),
                "Max" => Math.Max,
                _ => Math.Min,
            };
            call.Output(0, Fold(call, call.Ints(0), function, start, emptyIsZero ? 0 : start, rows, ids, segments, run).Values, dims);
            return;
        }

        var first = fold switch { "Prod" => 1, "Max" => Lowest(x.DType), "Min" => -Lowest(x.DType), _ => 0.0 };
        Func<double, double, double> add = fold switch
        {
            "Prod" => static (a, b) => a * b,
            "Max" => Math.Max,
            "Min" => Math.Min,
            _ => static (a, b) => a + b,
        };
        var (values, counts) = Fold(call, call.Doubles(0), add, first, emptyIsZero ? 0 : first, rows, ids, segments, run);
        if (fold is "Mean" or "SqrtN")
        {
            for (var i = 0L; i < values.Length; i++)
            {
                var n = Math.Max(1, counts[i / run]);
                values[i] /= fold == "Mean" ? n : Math.Sqrt(n);
            }
        }

        call.Output(0, values, dims);
    }

    private static double Lowest(DType dtype) => dtype switch
    {
        DType.Float64 => double.MinValue,
        DType.Float16 => (double)Half.MinValue,
        DType.BFloat16 => -3.3895313892515355e38,
        _ => float.MinValue,
    };

    private static (T[] Values, long[] Counts) Fold<T>(
        HostCall call, T[] source, Func<T, T, T> function, T start, T empty, long[] rows, long[] ids, long segments, long run)
    {
        var values = new T[segments * run];
        var counts = new long[segments];
        for (var i = 0; i < ids.Length; i++)
        {
            if (ids[i] < 0)
            {
                continue;
            }

            if (ids[i] >= segments)
            {
                throw call.Invalid(FormattableString.Invariant($"segment_ids[{i}] = {ids[i]} is not in [0, {segments})"));
            }

            if (rows[i] < 0 || (run > 0 && rows[i] >= source.Length / run))
            {
                throw call.Invalid(FormattableString.Invariant($"indices[{i}] = {rows[i]} is out of range"));
            }

            var to = values.AsSpan((int)(ids[i] * run), (int)run);
            if (counts[ids[i]]++ == 0)
            {
                to.Fill(start);
            }

            var from = source.AsSpan((int)(rows[i] * run), (int)run);
            for (var j = 0; j < to.Length; j++)
            {
                to[j] = function(to[j], from[j]);
            }
        }

        for (var s = 0; s < segments; s++)
        {
            if (counts[s] == 0)
            {
                values.AsSpan((int)(s * run), (int)run).Fill(empty);
            }
        }

        return (values, counts);
    }
}
