using TfRunner.Onnx.Host.Arrays;

namespace TfRunner.Onnx.Host.Kernels;

/// <summary>Softmax over the last axis, and the cross entropies of logits [rows, classes].</summary>
internal sealed class ProbabilityKernels : IHostKernelFamily
{
    /// <inheritdoc/>
    public void Register(HostRegistry registry)
    {
        registry.Add(static call => Rows(call, static (_, p) => p), "Softmax");
        registry.Add(static call => Rows(call, static (l, _) => l), "LogSoftmax");
        registry.Add(CrossEntropy, "SoftmaxCrossEntropyWithLogits");
        registry.Add(SparseCrossEntropy, "SparseSoftmaxCrossEntropyWithLogits");
    }

    private static void Rows(HostCall call, Func<double, double, double> choose)
    {
        var x = call.Tensor(0);
        var values = call.Doubles(0);
        var n = (int)x.Dimensions[^1];
        for (var start = 0; start < values.Length; start += n)
        {
            var row = values.AsSpan(start, n);
            var log = LogSum(row);
            for (var i = 0; i < n; i++)
            {
                row[i] = choose(row[i] - log, Math.Exp(row[i] - log));
            }
        }

        call.Output(0, values, x.Dimensions);
    }

    private static double LogSum(ReadOnlySpan<double> row)
    {
        var most = double.NegativeInfinity;
        foreach (var v in row)
        {
            most = Math.Max(most, v);
        }

        var sum = 0.0;
        foreach (var v in row)
        {
            sum += Math.Exp(v - most);
        }

        return most + Math.Log(sum);
    }

    /// <summary>SoftmaxCrossEntropyWithLogits: the loss per row, and its gradient; features and labels broadcast.</summary>
    private static void CrossEntropy(HostCall call)
    {
        var dims = Strides.Broadcast2(call.Tensor(0).Dimensions, call.Tensor(1).Dimensions);
        using var features = ArrayMovement.Broadcast(call.Tensor(0), dims);
        using var labels = ArrayMovement.Broadcast(call.Tensor(1), dims);
        var (logits, wanted) = (ArrayCast.ToDoubles(features), ArrayCast.ToDoubles(labels));
        var n = (int)dims[1];
        var (loss, gradient) = (new double[dims[0]], new double[logits.Length]);
        for (var r = 0; r < loss.Length; r++)
        {
            var log = LogSum(logits.AsSpan(r * n, n));
            for (var i = r * n; i < (r + 1) * n; i++)
            {
                loss[r] += wanted[i] * (log - logits[i]);
                gradient[i] = Math.Exp(logits[i] - log) - wanted[i];
            }
        }

        call.Output(0, loss, dims[0]);
        call.Output(1, gradient, dims);
    }

    private static void SparseCrossEntropy(HostCall call)
    {
        var logits = call.Doubles(0);
        var wanted = call.Ints(1);
        var n = (int)call.Tensor(0).Dimensions[1];
        var loss = new double[wanted.Length];
        for (var r = 0; r < loss.Length; r++)
        {
            if (wanted[r] < 0 || wanted[r] >= n)
            {
                throw call.Invalid(FormattableString.Invariant($"label {wanted[r]} is not in [0, {n})"));
            }

            var log = LogSum(logits.AsSpan(r * n, n));
            loss[r] = log - logits[(r * n) + wanted[r]];
            for (var i = 0; i < n; i++)
            {
                ref var v = ref logits[(r * n) + i];
                v = Math.Exp(v - log) - (i == wanted[r] ? 1 : 0);
            }
        }

        call.Output(0, loss, loss.Length);
        call.Output(1, logits, call.Tensor(0).Dimensions);
    }
}
