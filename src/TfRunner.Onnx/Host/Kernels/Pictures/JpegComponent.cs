namespace TfRunner.Onnx.Host.Kernels.Pictures;

/// <summary>One component of a JPEG picture: its sampling, coefficients and samples.</summary>
internal sealed class JpegComponent(int id, int horizontal, int vertical, int table)
{
    public int Id { get; } = id;

    public int Horizontal { get; } = horizontal;

    public int Vertical { get; } = vertical;

    public int QuantizationTable { get; } = table;

    /// <summary>Samples across and down, without what fills up blocks.</summary>
    public int Width { get; private set; }

    public int Height { get; private set; }

    /// <summary>Blocks across and down, filled up to whole units of the interleaved scan.</summary>
    public int BlocksAcross { get; private set; }

    public int BlocksDown { get; private set; }

    public short[] Coefficients { get; private set; } = [];

    public byte[] Samples { get; private set; } = [];

    public int Stride => BlocksAcross * 8;

    public int LastDc { get; set; }

    public JpegHuffmanTable? Dc { get; set; }

    public JpegHuffmanTable? Ac { get; set; }

    public void Size(int width, int height, int mostHorizontal, int mostVertical)
    {
        Width = ((width * Horizontal) + mostHorizontal - 1) / mostHorizontal;
        Height = ((height * Vertical) + mostVertical - 1) / mostVertical;
        BlocksAcross = (width + (8 * mostHorizontal) - 1) / (8 * mostHorizontal) * Horizontal;
        BlocksDown = (height + (8 * mostVertical) - 1) / (8 * mostVertical) * Vertical;
        Coefficients = new short[(long)BlocksAcross * BlocksDown * 64];
    }

    public void Transform(ushort[] steps)
    {
        var multipliers = FastInverseCosine.Multipliers(steps);
        Samples = new byte[(long)Stride * BlocksDown * 8];
        for (var y = 0; y < BlocksDown; y++)
        {
            for (var x = 0; x < BlocksAcross; x++)
            {
                FastInverseCosine.Transform(
                    Coefficients.AsSpan(((y * BlocksAcross) + x) * 64, 64), multipliers, Samples.AsSpan((y * 8 * Stride) + (x * 8)), Stride);
            }
        }
    }

    /// <summary>
    /// The samples at the picture's size. Twice as wide or high pictures are interpolated by 3/4 and 1/4 of the two nearest
    /// samples where fancy, as the JPEG library does; all else is repeated.
    /// </summary>
    public byte[] Upsampled(int width, int height, int mostHorizontal, int mostVertical, bool isFancy)
    {
        var (h, v) = (mostHorizontal / Horizontal, mostVertical / Vertical);
        var result = new byte[(long)width * height];
        var isWide = isFancy && h == 2 && Width > 2;
        var sums = new int[Width];
        for (var y = 0; y < height; y++)
        {
            var row = Math.Min(y / v, Height - 1);
            var target = result.AsSpan(y * width, width);
            var near = Samples.AsSpan(row * Stride, Width);
            if (isFancy && v == 2 && (isWide || h == 1))
            {
                var other = Math.Clamp(y % 2 == 0 ? row - 1 : row + 1, 0, Height - 1);
                var far = Samples.AsSpan(other * Stride, Width);
                for (var i = 0; i < Width; i++)
                {
                    sums[i] = (3 * near[i]) + far[i];
                }

                for (var x = 0; x < width; x++)
                {
                    target[x] = h == 1 ? (byte)((sums[x] + (y % 2 == 0 ? 1 : 2)) >> 2) : (byte)((Between(sums, x) + (x % 2 == 0 ? 8 : 7)) >> 4);
                }
            }
            else if (isWide && v == 1)
            {
                for (var i = 0; i < Width; i++)
                {
                    sums[i] = near[i];
                }

                for (var x = 0; x < width; x++)
                {
                    target[x] = (byte)((Between(sums, x) + (x % 2 == 0 ? 1 : 2)) >> 2);
                }
            }
            else
            {
                for (var x = 0; x < width; x++)
                {
                    target[x] = near[Math.Min(x / h, Width - 1)];
                }
            }
        }

        return result;
    }

    /// <summary>Three times the nearer sample and once the farther; the border counts four times.</summary>
    private static int Between(int[] samples, int x)
    {
        var i = Math.Min(x / 2, samples.Length - 1);
        var other = Math.Clamp(x % 2 == 0 ? i - 1 : i + 1, 0, samples.Length - 1);
        return (3 * samples[i]) + samples[other];
    }
}
