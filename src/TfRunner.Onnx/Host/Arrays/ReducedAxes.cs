namespace TfRunner.Onnx.Host.Arrays;

/// <summary>The axes that a reduction folds, and the shape of its result.</summary>
internal sealed class ReducedAxes
{
    private readonly long[] positions;

    /// <summary>Plans a reduction.</summary>
    /// <param name="dims">The operand's dimensions.</param>
    /// <param name="axes">The axes; negative ones count from the end. None reduces nothing.</param>
    /// <param name="keepsDims">Whether folded axes stay with size 1.</param>
    public ReducedAxes(ReadOnlySpan<long> dims, long[] axes, bool keepsDims)
    {
        var rank = dims.Length;
        var folded = axes.Select(a => a < 0 ? a + rank : a).ToHashSet();
        if (folded.Any(a => a < 0 || a >= rank))
        {
            throw new TfRunnerException(ErrorCode.InvalidArgument, ErrorStage.Run, $"axes {string.Join(", ", axes)} of a tensor with {rank} dimensions");
        }

        var kept = dims.ToArray().Select((d, i) => folded.Contains(i) ? 1 : d).ToArray();
        var strides = Strides.Of(kept).Select((s, i) => folded.Contains(i) ? 0 : s).ToArray();
        positions = Strides.Positions(dims, strides);
        Result = keepsDims ? kept : kept.Where((_, i) => !folded.Contains(i)).ToArray();
        Count = dims.ToArray().Where((_, i) => folded.Contains(i)).Aggregate(1L, static (a, b) => a * b);
    }

    /// <summary>The result's dimensions.</summary>
    public long[] Result { get; }

    /// <summary>How many elements each result is made of.</summary>
    public long Count { get; }

    /// <summary>Folds elements in row-major order.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="values">The operand's elements.</param>
    /// <param name="start">What a fold starts from, and the result of folding nothing.</param>
    /// <param name="function">Takes the value so far and the next element.</param>
    /// <returns>The result's elements.</returns>
    public T[] Fold<T>(T[] values, T start, Func<T, T, T> function)
    {
        var result = new T[Strides.Count(Result)];
        Array.Fill(result, start);
        for (var i = 0; i < values.Length; i++)
        {
            result[positions[i]] = function(result[positions[i]], values[i]);
        }

        return result;
    }
}
