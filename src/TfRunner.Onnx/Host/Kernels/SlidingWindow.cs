namespace TfRunner.Onnx.Host.Kernels;

/// <summary>How many places a window takes along an axis, by TensorFlow's SAME and VALID.</summary>
internal static class SlidingWindow
{
    /// <summary>Counts places.</summary>
    /// <param name="size">The operand's size.</param>
    /// <param name="kernel">The window's size.</param>
    /// <param name="stride">The step between places.</param>
    /// <param name="dilation">The step between the window's elements.</param>
    /// <param name="isSame">SAME: ceil(size / stride) places, padded half before (rounded down) and the rest after. Else VALID.</param>
    /// <returns>The places, and how far the first window reaches out in front.</returns>
    public static (long Count, long Before) Of(long size, long kernel, long stride, long dilation, bool isSame)
    {
        var reach = ((kernel - 1) * dilation) + 1;
        if (!isSame)
        {
            return (Math.Max(0, (size - reach + stride) / stride), 0);
        }

        var count = (size + stride - 1) / stride;
        return (count, Math.Max(0, ((count - 1) * stride) + reach - size) / 2);
    }
}
