namespace TfRunner.Pictures.Jpeg;

/// <summary>The inverse cosine transform of a block's lowest coefficients into 1, 2 or 4 samples across and down: the block, scaled down. Source: ITU-T T.81, A.3.3.</summary>
internal sealed unsafe class ScaledTransform : BlockTransform
{
    private readonly int size;
    private readonly float[] basis;

    /// <summary>Makes a transform.</summary>
    /// <param name="size">Samples across and down: 1, 2 or 4.</param>
    public ScaledTransform(int size)
    {
        this.size = size;
        basis = new float[size * size];
        for (var x = 0; x < size; x++)
        {
            for (var u = 0; u < size; u++)
            {
                // In each direction the factor is that of a transform this small, by the ratio of the sizes, of which 8 coefficients have the root.
                basis[(x * size) + u] = (float)(Math.Sqrt((u == 0 ? 1.0 : 2.0) / 8) * Math.Cos(((2 * x) + 1) * u * Math.PI / (2 * size)));
            }
        }
    }

    public override int Last => size switch { 1 => 0, 2 => 4, _ => 24 };

    public override byte Flat(int coefficient, ushort step) => FastTransform.Flat(coefficient, (short)(4 * step));

    public override void Run(short* block, ushort[] steps, byte* to, nint stride)
    {
        var half = stackalloc float[16];
        for (var v = 0; v < size; v++)
        {
            for (var x = 0; x < size; x++)
            {
                var sum = 0f;
                for (var u = 0; u < size; u++)
                {
                    sum += basis[(x * size) + u] * (block[(8 * v) + u] * steps[(8 * v) + u]);
                }

                half[(v * size) + x] = sum;
            }
        }

        for (var y = 0; y < size; y++)
        {
            for (var x = 0; x < size; x++)
            {
                var sum = 128.5f;
                for (var v = 0; v < size; v++)
                {
                    sum += basis[(y * size) + v] * half[(v * size) + x];
                }

                to[(y * stride) + x] = (byte)Math.Clamp(sum, 0f, 255f);
            }
        }
    }
}
