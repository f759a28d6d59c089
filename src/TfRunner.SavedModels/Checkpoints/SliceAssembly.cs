using TfRunner.SavedModels.Protos;

namespace TfRunner.Checkpoints;

/// <summary>Puts the slices of a partitioned variable together.</summary>
/// <param name="indexPath">The checkpoint's index, for messages.</param>
/// <param name="entry">The variable.</param>
internal sealed unsafe class SliceAssembly(string indexPath, CheckpointEntry entry)
{
    private long covered;

    /// <summary>Checks that a slice lies inside the variable and its part has the slice's dtype and shape.</summary>
    /// <param name="slice">The slice.</param>
    /// <param name="part">What the index says about its bytes.</param>
    /// <exception cref="TfRunnerException">DataLoss when it does not.</exception>
    public void Check(TensorSliceProto slice, CheckpointEntry part)
    {
        var fits = slice.Extent.Count == entry.Shape.Rank && part.Shape.Rank == entry.Shape.Rank && part.DType == entry.DType && !part.IsSliced;
        for (var axis = 0; fits && axis < entry.Shape.Rank; axis++)
        {
            var (start, length) = Extent(slice, axis);
            fits = start >= 0 && length >= 0 && start <= entry.Shape[axis] && length <= entry.Shape[axis] - start && part.Shape[axis] == length;
        }

        if (!fits)
        {
            throw Damaged("do not fit its shape");
        }

        covered += part.Shape.ElementCount();
        if (covered > entry.Shape.ElementCount())
        {
            throw Damaged("overlap");
        }
    }

    /// <summary>Takes memory for the variable, once all slices are checked.</summary>
    /// <returns>The tensor.</returns>
    /// <exception cref="TfRunnerException">DataLoss when the slices do not cover it.</exception>
    public TensorValue Allocate() =>
        covered == entry.Shape.ElementCount() ? TensorValue.Allocate(entry.DType, entry.Shape.Dimensions) : throw Damaged("do not cover it");

    /// <summary>Copies one slice to its place.</summary>
    /// <param name="slice">The slice.</param>
    /// <param name="part">Its values.</param>
    /// <param name="whole">The variable.</param>
    public void Copy(TensorSliceProto slice, TensorValue part, TensorValue whole)
    {
        if (part.Length == 0)
        {
            return;
        }

        var rank = whole.Rank;
        var run = rank == 0 ? 1 : part.Dimensions[rank - 1];
        Span<long> at = stackalloc long[rank];
        for (var source = 0L; source < part.Length; source += run)
        {
            var target = 0L;
            for (var axis = 0; axis < rank; axis++)
            {
                target = (target * whole.Dimensions[axis]) + Extent(slice, axis).Start + at[axis];
            }

            CopyRun(part, source, whole, target, run);
            for (var axis = rank - 2; axis >= 0 && ++at[axis] == part.Dimensions[axis]; axis--)
            {
                at[axis] = 0;
            }
        }

        GC.KeepAlive(part);
        GC.KeepAlive(whole);
    }

    private static void CopyRun(TensorValue part, long source, TensorValue whole, long target, long count)
    {
        if (whole.IsString)
        {
            Array.Copy(part.Strings, source, whole.Strings, target, count);
            return;
        }

        var size = whole.DType.ElementSize();
        Buffer.MemoryCopy(
            (byte*)part.Pointer + (source * size), (byte*)whole.Pointer + (target * size), whole.ByteLength - (target * size), count * size);
    }

    private (long Start, long Length) Extent(TensorSliceProto slice, int axis)
    {
        var extent = slice.Extent[axis];
        return extent.HasLengthHackCase == TensorSliceProto.Types.Extent.HasLengthHackOneofCase.None
            ? (0, entry.Shape[axis])
            : (extent.Start, extent.Length);
    }

    private TfRunnerException Damaged(string what) =>
        TfRunnerException.ForLoad(ErrorCode.DataLoss, $"{indexPath} is damaged: the slices of tensor '{entry.Name}' {what}");
}
