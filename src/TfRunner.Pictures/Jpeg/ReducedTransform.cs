namespace TfRunner.Pictures.Jpeg;

/// <summary>
/// The transforms into 4, 2 and 1 samples across and down by which libjpeg scales, bit by bit. Source: ITU-T T.81, A.3.3, in 13-bit
/// fixed point with 2 bits more between the passes; coefficients 1, 3, 5 and 7 of a direction are summed before they are scaled.
/// </summary>
/// <param name="size">Samples across and down: 1, 2 or 4.</param>
internal sealed unsafe class ReducedTransform(int size) : BlockTransform
{
    private const int ConstantBits = 13;
    private const int PassBits = 2;

    // sqrt(2) times sums of cosines of sixteenths of a half turn.
    private static readonly int[] Four =
    [
        Fixed(1.847759065), Fixed(0.765366865), Fixed(0.211164243), Fixed(1.451774981), Fixed(2.172734803), Fixed(1.061594337),
        Fixed(0.509795579), Fixed(0.601344887), Fixed(0.899976223), Fixed(2.562915447),
    ];

    private static readonly int[] Two = [Fixed(0.720959822), Fixed(0.850430095), Fixed(1.272758580), Fixed(3.624509785)];

    public override int Last => size == 1 ? 0 : 63;

    public override byte Flat(int coefficient, ushort step) => Sample(Round(coefficient * step, 3));

    public override void Run(short* block, ushort[] steps, byte* to, nint stride)
    {
        if (size == 1)
        {
            *to = Flat(block[0], steps[0]);
            return;
        }

        // Columns first: those that no row reads are left out.
        var work = stackalloc int[32];
        var column = stackalloc int[8];
        for (var x = 0; x < 8; x++)
        {
            if (x == 4 || (size == 2 && x is 2 or 6))
            {
                continue;
            }

            for (var y = 0; y < 8; y++)
            {
                column[y] = block[(8 * y) + x] * steps[(8 * y) + x];
            }

            Pass(column, work + x, 8, ConstantBits - PassBits);
        }

        var row = stackalloc int[4];
        for (var y = 0; y < size; y++)
        {
            Pass(work + (8 * y), row, 1, ConstantBits + PassBits + 3);
            for (var x = 0; x < size; x++)
            {
                to[(y * stride) + x] = Sample(row[x]);
            }
        }
    }

    private static byte Sample(int value) => (byte)Math.Clamp(value + 128, 0, 255);

    private static int Round(int value, int bits) => (value + (1 << (bits - 1))) >> bits;

    private static int Fixed(double constant) => (int)Math.Round(constant * (1 << ConstantBits));

    private void Pass(int* from, int* to, int step, int bits)
    {
        if (size == 2)
        {
            var sum = from[0] << (ConstantBits + 2);
            var odd = (from[7] * -Two[0]) + (from[5] * Two[1]) - (from[3] * Two[2]) + (from[1] * Two[3]);
            (to[0], to[step]) = (Round(sum + odd, bits + 2), Round(sum - odd, bits + 2));
            return;
        }

        var first = from[0] << (ConstantBits + 1);
        var even = (from[2] * Four[0]) - (from[6] * Four[1]);
        var inner = (from[7] * -Four[2]) + (from[5] * Four[3]) - (from[3] * Four[4]) + (from[1] * Four[5]);
        var outer = (from[7] * -Four[6]) - (from[5] * Four[7]) + (from[3] * Four[8]) + (from[1] * Four[9]);
        (to[0], to[3 * step]) = (Round(first + even + outer, bits + 1), Round(first + even - outer, bits + 1));
        (to[step], to[2 * step]) = (Round(first - even + inner, bits + 1), Round(first - even - inner, bits + 1));
    }
}
