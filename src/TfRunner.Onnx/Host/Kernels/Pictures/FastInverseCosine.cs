namespace TfRunner.Onnx.Host.Kernels.Pictures;

/// <summary>
/// The fast integer inverse cosine transform after Arai, Agui and Nakajima (1988), with the fixed-point precision and the
/// rounding downwards of the JPEG library's "ifast" method, which TensorFlow decodes with unless told otherwise.
/// </summary>
internal static class FastInverseCosine
{
    private const int Root2 = 362; // sqrt(2) * 256
    private const int C6 = 473; // 2 cos(pi / 8) * 256
    private const int C2Less = 277; // (2 cos(pi / 8) - 2 cos(3 pi / 8)) * 256
    private const int C2More = 669; // (2 cos(pi / 8) + 2 cos(3 pi / 8)) * 256

    private static readonly double[] Scale =
    [
        1, Math.Cos(Math.PI / 16) * Math.Sqrt(2), Math.Cos(2 * Math.PI / 16) * Math.Sqrt(2), Math.Cos(3 * Math.PI / 16) * Math.Sqrt(2),
        1, Math.Cos(5 * Math.PI / 16) * Math.Sqrt(2), Math.Cos(6 * Math.PI / 16) * Math.Sqrt(2), Math.Cos(7 * Math.PI / 16) * Math.Sqrt(2),
    ];

    /// <summary>Quantisation steps with the transform's scale factors, times 4.</summary>
    /// <param name="steps">64 steps, row by row.</param>
    /// <returns>64 multipliers.</returns>
    public static int[] Multipliers(ReadOnlySpan<ushort> steps)
    {
        var result = new int[64];
        for (var i = 0; i < 64; i++)
        {
            var factor = (int)Math.Round(Scale[i / 8] * Scale[i % 8] * 16384);
            result[i] = ((steps[i] * factor) + (1 << 11)) >> 12;
        }

        return result;
    }

    /// <summary>Transforms a block.</summary>
    /// <param name="coefficients">64 coefficients, row by row.</param>
    /// <param name="multipliers">From <see cref="Multipliers"/>.</param>
    /// <param name="target">Samples; the block's first row starts at 0.</param>
    /// <param name="stride">From row to row.</param>
    public static void Transform(ReadOnlySpan<short> coefficients, int[] multipliers, Span<byte> target, int stride)
    {
        Span<int> work = stackalloc int[64];
        for (var i = 0; i < 64; i++)
        {
            work[i] = coefficients[i] * multipliers[i];
        }

        for (var column = 0; column < 8; column++)
        {
            Pass(work, column, 8);
        }

        for (var row = 0; row < 8; row++)
        {
            Pass(work, row * 8, 1);
            for (var i = 0; i < 8; i++)
            {
                target[(row * stride) + i] = (byte)Math.Clamp((work[(row * 8) + i] >> 5) + 128, 0, 255);
            }
        }
    }

    private static void Pass(Span<int> w, int at, int step)
    {
        var (p0, p2, p4, p6) = (w[at], w[at + (2 * step)], w[at + (4 * step)], w[at + (6 * step)]);
        var (sum, difference) = (p0 + p4, p0 - p4);
        var outer = p2 + p6;
        var inner = (((p2 - p6) * Root2) >> 8) - outer;
        var (e0, e3, e1, e2) = (sum + outer, sum - outer, difference + inner, difference - inner);

        var (p1, p3, p5, p7) = (w[at + step], w[at + (3 * step)], w[at + (5 * step)], w[at + (7 * step)]);
        var (z13, z10, z11, z12) = (p5 + p3, p5 - p3, p1 + p7, p1 - p7);
        var o7 = z11 + z13;
        var cross = ((z11 - z13) * Root2) >> 8;
        var z5 = ((z10 + z12) * C6) >> 8;
        var o6 = ((z10 * -C2More) >> 8) + z5 - o7;
        var o5 = cross - o6;
        var o4 = ((z12 * C2Less) >> 8) - z5 + o5;

        (w[at], w[at + (7 * step)]) = (e0 + o7, e0 - o7);
        (w[at + step], w[at + (6 * step)]) = (e1 + o6, e1 - o6);
        (w[at + (2 * step)], w[at + (5 * step)]) = (e2 + o5, e2 - o5);
        (w[at + (4 * step)], w[at + (3 * step)]) = (e3 + o4, e3 - o4);
    }
}
