using System.Globalization;
using TfRunner.Checkpoints;

namespace TfRunner.Graphs;

/// <summary>Reads the value that restoring would give a variable.</summary>
internal static class VariableReader
{
    /// <summary>Reads it: the whole tensor of the checkpoint without a copy where it can, or the part that the variable holds.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="variable">The variable; it has a checkpoint key.</param>
    /// <returns>The value; the caller disposes it.</returns>
    /// <exception cref="TfRunnerException">FailedPrecondition for a variable without a value; DataLoss, NotFound or Unimplemented as
    /// <see cref="Checkpoint.Read"/> has them, and for a value whose dtype or shape is not the variable's.</exception>
    public static TensorValue Read(Checkpoint checkpoint, GraphVariable variable)
    {
        var key = variable.CheckpointKey ?? throw TfRunnerException.ForLoad(
            ErrorCode.FailedPrecondition, $"{checkpoint.Prefix} holds no value of the variable at {variable.Node}");
        var value = checkpoint.Read(key);
        try
        {
            if (variable.Slice.Length > 0)
            {
                using var whole = value;
                value = Cut(checkpoint, variable, whole);
            }

            return value.DType == variable.DType && variable.Shape.Accepts(value.Dimensions)
                ? value
                : throw TfRunnerException.ForLoad(
                    ErrorCode.DataLoss,
                    $"{checkpoint.Prefix} holds {value} for the variable at {variable.Node}, which is {variable.DType.Name()} {variable.Shape}",
                    "graph and variables may be of different models");
        }
        catch
        {
            value.Dispose();
            throw;
        }
    }

    private static TensorValue Cut(Checkpoint checkpoint, GraphVariable variable, TensorValue whole)
    {
        var ranges = Parse(variable.Slice, whole.Dimensions) ?? throw TfRunnerException.ForLoad(
            ErrorCode.DataLoss, $"{checkpoint.Prefix}: '{variable.Slice}' is no part of '{variable.CheckpointKey}' {whole}");
        var lengths = Array.ConvertAll(ranges, static r => r.Length);
        var part = TensorValue.Allocate(whole.DType, lengths);
        if (part.Length > 0)
        {
            CopyRuns(whole, ranges, part);
        }

        return part;
    }

    private static unsafe void CopyRuns(TensorValue whole, (long Start, long Length)[] ranges, TensorValue part)
    {
        var run = ranges[^1].Length;
        var at = new long[ranges.Length];
        for (var target = 0L; target < part.Length; target += run)
        {
            var source = 0L;
            for (var axis = 0; axis < ranges.Length; axis++)
            {
                source = (source * whole.Dimensions[axis]) + ranges[axis].Start + at[axis];
            }

            if (whole.IsString)
            {
                Array.Copy(whole.Strings, source, part.Strings, target, run);
            }
            else
            {
                var size = whole.DType.ElementSize();
                Buffer.MemoryCopy(
                    (byte*)whole.Pointer + (source * size), (byte*)part.Pointer + (target * size), part.ByteLength - (target * size), run * size);
            }

            for (var axis = ranges.Length - 2; axis >= 0 && ++at[axis] == ranges[axis].Length; axis--)
            {
                at[axis] = 0;
            }
        }
    }

    // "200 3 0,67:-": the whole shape, then for each dimension start and length, or "-" for all of it.
    private static (long Start, long Length)[]? Parse(string text, ReadOnlySpan<long> shape)
    {
        var words = text.Split(' ');
        var parts = words[^1].Split(':');
        if (words.Length - 1 != shape.Length || parts.Length != shape.Length)
        {
            return null;
        }

        var ranges = new (long Start, long Length)[shape.Length];
        for (var axis = 0; axis < ranges.Length; axis++)
        {
            var bounds = parts[axis].Split(',');
            if (parts[axis] == "-")
            {
                ranges[axis] = (0, shape[axis]);
            }
            else if (bounds.Length != 2 || !TryParse(bounds[0], out var start) || !TryParse(bounds[1], out var length)
                || start > shape[axis] || length > shape[axis] - start)
            {
                return null;
            }
            else
            {
                ranges[axis] = (start, length);
            }
        }

        return ranges;
    }

    private static bool TryParse(string digits, out long value) => long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
