namespace TfRunner.Onnx.Host.Numerics;

/// <summary>
/// The counter-based generator Philox4x32-10 (Salmon et al., Parallel random numbers: as easy as 1, 2, 3, 2011), and how
/// TensorFlow turns its words into numbers.
/// </summary>
internal sealed class Philox
{
    private readonly uint[] words = new uint[4];
    private readonly uint key0;
    private readonly uint key1;
    private UInt128 counter;
    private int used = 4;

    public Philox(ulong key, UInt128 counter)
    {
        (key0, key1) = ((uint)key, (uint)(key >> 32));
        this.counter = counter;
    }

    /// <summary>A generator of system entropy, for ops that are random by design.</summary>
    /// <returns>The generator.</returns>
    public static Philox FromSystem() => new((ulong)System.Random.Shared.NextInt64(), (ulong)System.Random.Shared.NextInt64());

    /// <summary>Key and counter from a seed of two numbers, scrambled as TensorFlow's stateless ops do.</summary>
    /// <param name="seed">Two numbers.</param>
    /// <returns>The key, and the two halves of the counter.</returns>
    public static (ulong Key, ulong Low, ulong High) Scramble(long[] seed)
    {
        var mix = new Philox(0x02461e29_3ec8f720, new UInt128((ulong)seed[1], (ulong)seed[0]));
        var (a, b, c, d) = (mix.Next(), mix.Next(), mix.Next(), mix.Next());
        return (a | ((ulong)b << 32), 0, c | ((ulong)d << 32));
    }

    /// <summary>Another generator of the same sequence, further on; this one stays where it is.</summary>
    /// <param name="groups">How many groups of four words further.</param>
    /// <returns>The generator.</returns>
    public Philox At(ulong groups) => new(key0 | ((ulong)key1 << 32), counter + groups);

    /// <summary>Leaves out groups of four words.</summary>
    /// <param name="groups">How many.</param>
    public void Skip(ulong groups)
    {
        counter += groups;
        used = 4;
    }

    /// <summary>The next word.</summary>
    /// <returns>32 random bits.</returns>
    public uint Next()
    {
        if (used == 4)
        {
            Fill();
            counter++;
            used = 0;
        }

        return words[used++];
    }

    public ulong NextLong() => Next() | ((ulong)Next() << 32);

    /// <summary>A float from 0 inclusive to 1 exclusive, of 23 bits.</summary>
    public float NextFloat() => BitConverter.UInt32BitsToSingle((127u << 23) | (Next() & 0x7fffff)) - 1;

    /// <summary>A double from 0 inclusive to 1 exclusive, of 52 bits.</summary>
    public double NextDouble() => BitConverter.UInt64BitsToDouble((1023UL << 52) | ((ulong)(Next() & 0xfffff) << 32) | Next()) - 1;

    /// <summary>Two normal numbers (Box and Muller) of float precision.</summary>
    public (float First, float Second) NextNormals()
    {
        var u = MathF.Max(NextFloat(), 1e-7f);
        var angle = 2 * MathF.PI * NextFloat();
        var radius = MathF.Sqrt(-2 * MathF.Log(u));
        return (MathF.Sin(angle) * radius, MathF.Cos(angle) * radius);
    }

    /// <summary>Two normal numbers of double precision.</summary>
    public (double First, double Second) NextWideNormals()
    {
        var u = Math.Max(NextDouble(), 1e-7);
        var angle = 2 * Math.PI * NextDouble();
        var radius = Math.Sqrt(-2 * Math.Log(u));
        return (Math.Sin(angle) * radius, Math.Cos(angle) * radius);
    }

    private void Fill()
    {
        var (c0, c1, c2, c3) = ((uint)counter, (uint)(counter >> 32), (uint)(counter >> 64), (uint)(counter >> 96));
        var (k0, k1) = (key0, key1);
        for (var round = 0; round < 10; round++)
        {
            var a = 0xD2511F53UL * c0;
            var b = 0xCD9E8D57UL * c2;
            (c0, c1, c2, c3) = ((uint)(b >> 32) ^ c1 ^ k0, (uint)b, (uint)(a >> 32) ^ c3 ^ k1, (uint)a);
            k0 = unchecked(k0 + 0x9E3779B9);
            k1 = unchecked(k1 + 0xBB67AE85);
        }

        (words[0], words[1], words[2], words[3]) = (c0, c1, c2, c3);
    }
}
