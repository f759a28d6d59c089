using TfRunner.Onnx.Host.Arrays;

namespace TfRunner.Onnx.Host.Kernels;

/// <summary>The largest elements of rows, and rows made to fall.</summary>
internal sealed class RankKernels : IHostKernelFamily
{
    /// <inheritdoc/>
    public void Register(HostRegistry registry)
    {
        registry.Add(TopK, "TopKV2", "TopK");
        registry.Add(ApproximateTopK, "ApproxTopK");
        registry.Add(InTopK, "InTopKV2", "InTopK");
        registry.Add(Isotonic, "IsotonicRegression");
    }

    /// <summary>TopKV2: the k largest of each row of the last axis, equals in order of their index; NaN is never larger. Unsorted, they stand as in the heap that found them.</summary>
    private static void TopK(HostCall call)
    {
        var x = call.Tensor(0);
        var k = call.InputCount > 1 ? call.Int(1) : call.Attributes.Int("k");
        var n = x.Dimensions[^1];
        if (k < 0 || k > n)
        {
            throw call.Invalid(FormattableString.Invariant($"input must have at least k columns. Had {n}, needed {k}"));
        }

        var rows = n == 0 ? Strides.Count(x.Dimensions[..^1]) : x.Length / n;
        var indices = new long[rows * k];
        var places = new long[rows * k];
        var keys = OrderKernels.SortKeys(x);
        var isSorted = call.Attributes.Bool("sorted", true);
        for (var r = 0L; r < rows; r++)
        {
            var at = r * n;
            var order = isSorted || k == n
                ? Enumerable.Range(0, (int)n).OrderByDescending(i => keys[at + i]).ToArray()
                : TopHeap.Of((int)n, (int)k, (a, b) => keys[at + a] > keys[at + b] || (keys[at + a] == keys[at + b] && a < b));
            for (var i = 0; i < k; i++)
            {
                indices[(r * k) + i] = order[i];
                places[(r * k) + i] = (r * n) + order[i];
            }
        }

        long[] dims = [.. x.Dimensions[..^1], k];
        call.Output(0, ArrayMovement.Take(x, dims, places));
        call.Output(1, indices, dims);
    }

    /// <summary>ApproxTopK: here exact: the k largest (or smallest) along an axis, best first.</summary>
    private static void ApproximateTopK(HostCall call)
    {
        var x = call.Tensor(0);
        var k = call.Attributes.Int("k");
        var axis = (int)call.Attributes.Int("reduction_dimension", -1);
        axis = axis < 0 ? axis + x.Rank : axis;
        var isLargest = call.Attributes.Bool("is_max_k", true);
        var (n, inner) = (x.Dimensions[axis], Strides.Count(x.Dimensions[(axis + 1)..]));
        var keys = OrderKernels.SortKeys(x);
        var dims = x.Dimensions.ToArray();
        dims[axis] = k;
        var (indices, places) = (new long[Strides.Count(dims)], new long[Strides.Count(dims)]);
        for (var row = 0L; row < x.Length / n; row++)
        {
            var at = (row / inner * n * inner) + (row % inner);
            var to = (row / inner * k * inner) + (row % inner);
            var order = Enumerable.Range(0, (int)n).OrderByDescending(i => isLargest ? keys[at + (i * inner)] : -keys[at + (i * inner)]).Take((int)k).ToArray();
            for (var i = 0; i < order.Length; i++)
            {
                indices[to + (i * inner)] = order[i];
                places[to + (i * inner)] = at + (order[i] * inner);
            }
        }

        call.Output(0, ArrayMovement.Take(x, dims, places));
        call.Output(1, indices, dims);
    }

    /// <summary>InTopKV2: whether fewer than k predictions of the row are larger than the target's; false where that is not finite.</summary>
    private static void InTopK(HostCall call)
    {
        var x = call.Tensor(0);
        var values = call.Doubles(0);
        var targets = call.Ints(1);
        var k = call.InputCount > 2 ? call.Int(2) : call.Attributes.Int("k");
        var n = x.Dimensions[1];
        var result = new bool[targets.Length];
        for (var r = 0; r < targets.Length; r++)
        {
            var row = values.AsSpan((int)(r * n), (int)n);
            var target = targets[r] >= 0 && targets[r] < n ? row[(int)targets[r]] : double.NaN;
            var larger = 0;
            foreach (var v in row)
            {
                larger += v > target ? 1 : 0;
            }

            result[r] = double.IsFinite(target) && larger < k;
        }

        call.Output(TensorValue.From(result, targets.Length));
    }

    /// <summary>
    /// IsotonicRegression: per row of the last axis the nearest sequence that never rises, and the run of equal results that each element is in.
    /// Source: pool adjacent violators, R. Barlow et al., 1972.
    /// </summary>
    private static void Isotonic(HostCall call)
    {
        var values = call.Doubles(0);
        var dims = call.Tensor(0).Dimensions;
        var n = dims.Length == 0 ? 1 : (int)dims[^1];
        var (result, segments) = (new double[values.Length], new long[values.Length]);
        for (var start = 0; n > 0 && start < values.Length; start += n)
        {
            var runs = new List<(double Sum, int Count)>();
            for (var i = 0; i < n; i++)
            {
                var run = (Sum: values[start + i], Count: 1);
                while (runs.Count > 0 && runs[^1].Sum / runs[^1].Count <= run.Sum / run.Count)
                {
                    run = (runs[^1].Sum + run.Sum, runs[^1].Count + run.Count);
                    runs.RemoveAt(runs.Count - 1);
                }

                runs.Add(run);
            }

            var at = start;
            for (var r = 0; r < runs.Count; r++)
            {
                for (var i = 0; i < runs[r].Count; i++, at++)
                {
                    (result[at], segments[at]) = (runs[r].Sum / runs[r].Count, r);
                }
            }
        }

        call.Output(0, result, dims);
        call.Output(1, segments, dims);
    }
}
