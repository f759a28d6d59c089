using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TfRunner.Pictures.Jpeg;

/// <summary>
/// The inverse cosine transform that TensorFlow decodes with: libjpeg's fast integer one, bit by bit. Source: Y. Arai, T. Agui,
/// M. Nakajima, "A fast DCT-SQ scheme for images", 1988, in 16-bit arithmetic with 8 bits for constants and 2 for the first pass.
/// </summary>
internal static unsafe class FastTransform
{
    private const short C1082 = 277;
    private const short C1414 = 362;
    private const short C1613 = 413;
    private const short C1847 = 473;

    // Products keep 16 of 32 bits: values come with 2 bits more, constants with 6.
    private const int ValueShift = 2;
    private const int ConstantShift = 6;
    private const int OutShift = 5;

    /// <summary>Makes the factors of coefficients from quantization steps.</summary>
    /// <param name="steps">64 steps, row by row.</param>
    /// <param name="factors">Receives 64 factors.</param>
    public static void MakeFactors(ReadOnlySpan<ushort> steps, Span<short> factors)
    {
        for (var i = 0; i < 64; i++)
        {
            var scale = (int)Math.Round(16384 * Scale(i / 8) * Scale(i % 8));
            factors[i] = (short)(((steps[i] * scale) + 2048) >> 12);
        }

        static double Scale(int k) => k == 0 ? 1 : Math.Sqrt(2) * Math.Cos(k * Math.PI / 16);
    }

    /// <summary>A block with nothing but its first coefficient is one sample all over.</summary>
    public static byte Flat(int coefficient, short factor) => (byte)Math.Clamp(((short)(coefficient * factor) >> OutShift) + 128, 0, 255);

    /// <summary>Transforms two blocks.</summary>
    /// <param name="a">64 coefficients.</param>
    /// <param name="aFactors">Their factors.</param>
    /// <param name="aTo">Receives 8 by 8 samples.</param>
    /// <param name="aStride">Bytes from one row of samples to the next.</param>
    /// <param name="b">64 coefficients of another block.</param>
    /// <param name="bFactors">Their factors.</param>
    /// <param name="bTo">Receives 8 by 8 samples.</param>
    /// <param name="bStride">Bytes from one row of samples to the next.</param>
    public static void Pair(short* a, short* aFactors, byte* aTo, nint aStride, short* b, short* bFactors, byte* bTo, nint bStride)
    {
        if (!Avx2.IsSupported)
        {
            One(a, aFactors, aTo, aStride);
            One(b, bFactors, bTo, bStride);
            return;
        }

        var r0 = Row(0);
        var r1 = Row(1);
        var r2 = Row(2);
        var r3 = Row(3);
        var r4 = Row(4);
        var r5 = Row(5);
        var r6 = Row(6);
        var r7 = Row(7);
        Pass(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7);
        Transpose(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7);
        Pass(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7);

        // Columns, packed to bytes and turned into rows. Packing keeps values in range.
        var c02 = Avx2.PackSignedSaturate(r0 >> OutShift, r2 >> OutShift);
        var c13 = Avx2.PackSignedSaturate(r1 >> OutShift, r3 >> OutShift);
        var c46 = Avx2.PackSignedSaturate(r4 >> OutShift, r6 >> OutShift);
        var c57 = Avx2.PackSignedSaturate(r5 >> OutShift, r7 >> OutShift);
        var c01 = Avx2.UnpackLow(c02, c13).AsInt16();
        var c23 = Avx2.UnpackHigh(c02, c13).AsInt16();
        var c45 = Avx2.UnpackLow(c46, c57).AsInt16();
        var c67 = Avx2.UnpackHigh(c46, c57).AsInt16();
        var low03 = Avx2.UnpackLow(c01, c23).AsInt32();
        var low47 = Avx2.UnpackHigh(c01, c23).AsInt32();
        var high03 = Avx2.UnpackLow(c45, c67).AsInt32();
        var high47 = Avx2.UnpackHigh(c45, c67).AsInt32();
        var centre = Vector256.Create((byte)128).AsUInt64();
        Store(Avx2.UnpackLow(low03, high03).AsUInt64() ^ centre, 0);
        Store(Avx2.UnpackHigh(low03, high03).AsUInt64() ^ centre, 2);
        Store(Avx2.UnpackLow(low47, high47).AsUInt64() ^ centre, 4);
        Store(Avx2.UnpackHigh(low47, high47).AsUInt64() ^ centre, 6);

        Vector256<short> Row(int y) =>
            Vector256.Create(Vector128.Load(a + (8 * y)), Vector128.Load(b + (8 * y))) * Vector256.Create(Vector128.Load(aFactors + (8 * y)), Vector128.Load(bFactors + (8 * y)));

        void Store(Vector256<ulong> rows, int y)
        {
            *(ulong*)(aTo + (y * aStride)) = rows[0];
            *(ulong*)(aTo + ((y + 1) * aStride)) = rows[1];
            *(ulong*)(bTo + (y * bStride)) = rows[2];
            *(ulong*)(bTo + ((y + 1) * bStride)) = rows[3];
        }
    }

    /// <summary>Transforms one block, without vector instructions.</summary>
    /// <param name="block">64 coefficients.</param>
    /// <param name="factors">Their factors.</param>
    /// <param name="to">Receives 8 by 8 samples.</param>
    /// <param name="stride">Bytes from one row of samples to the next.</param>
    public static void One(short* block, short* factors, byte* to, nint stride)
    {
        var work = stackalloc short[64];
        for (var i = 0; i < 64; i++)
        {
            work[i] = (short)(block[i] * factors[i]);
        }

        for (var x = 0; x < 8; x++)
        {
            Pass(work + x, 8);
        }

        for (var y = 0; y < 8; y++)
        {
            Pass(work + (8 * y), 1);
            for (var x = 0; x < 8; x++)
            {
                to[(y * stride) + x] = (byte)Math.Clamp((work[(8 * y) + x] >> OutShift) + 128, 0, 255);
            }
        }
    }

    private static void Pass(short* v, int step)
    {
        int even10 = (short)(v[0] + v[4 * step]);
        int even11 = (short)(v[0] - v[4 * step]);
        int even13 = (short)(v[2 * step] + v[6 * step]);
        int even12 = (short)(Times(v[2 * step] - v[6 * step], C1414) - even13);
        int e0 = (short)(even10 + even13);
        int e3 = (short)(even10 - even13);
        int e1 = (short)(even11 + even12);
        int e2 = (short)(even11 - even12);
        int z13 = (short)(v[5 * step] + v[3 * step]);
        int z10 = (short)(v[5 * step] - v[3 * step]);
        int z11 = (short)(v[step] + v[7 * step]);
        int z12 = (short)(v[step] - v[7 * step]);
        int o7 = (short)(z11 + z13);
        var z5 = Times(z10 + z12, C1847);
        int o6 = (short)(z5 + Times(z10, -C1613) - z10 - o7);
        int o5 = (short)(Times(z11 - z13, C1414) - o6);
        int o4 = (short)(Times(z12, C1082) - z5 + o5);
        v[0] = (short)(e0 + o7);
        v[7 * step] = (short)(e0 - o7);
        v[step] = (short)(e1 + o6);
        v[6 * step] = (short)(e1 - o6);
        v[2 * step] = (short)(e2 + o5);
        v[5 * step] = (short)(e2 - o5);
        v[4 * step] = (short)(e3 + o4);
        v[3 * step] = (short)(e3 - o4);
    }

    private static int Times(int value, short constant) => ((short)(value << ValueShift) * (constant << ConstantShift)) >> 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pass(
        ref Vector256<short> v0,
        ref Vector256<short> v1,
        ref Vector256<short> v2,
        ref Vector256<short> v3,
        ref Vector256<short> v4,
        ref Vector256<short> v5,
        ref Vector256<short> v6,
        ref Vector256<short> v7)
    {
        var even10 = v0 + v4;
        var even11 = v0 - v4;
        var even13 = v2 + v6;
        var even12 = Times(v2 - v6, C1414) - even13;
        var e0 = even10 + even13;
        var e3 = even10 - even13;
        var e1 = even11 + even12;
        var e2 = even11 - even12;
        var z13 = v5 + v3;
        var z10 = v5 - v3;
        var z11 = v1 + v7;
        var z12 = v1 - v7;
        var o7 = z11 + z13;
        var z5 = Times(z10 + z12, C1847);
        var o6 = z5 + Times(z10, -C1613) - z10 - o7;
        var o5 = Times(z11 - z13, C1414) - o6;
        var o4 = Times(z12, C1082) - z5 + o5;
        v0 = e0 + o7;
        v7 = e0 - o7;
        v1 = e1 + o6;
        v6 = e1 - o6;
        v2 = e2 + o5;
        v5 = e2 - o5;
        v4 = e3 + o4;
        v3 = e3 - o4;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Times(Vector256<short> value, short constant) =>
        Avx2.MultiplyHigh(value << ValueShift, Vector256.Create((short)(constant << ConstantShift)));

    // Each half of the vectors on its own.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(
        ref Vector256<short> r0,
        ref Vector256<short> r1,
        ref Vector256<short> r2,
        ref Vector256<short> r3,
        ref Vector256<short> r4,
        ref Vector256<short> r5,
        ref Vector256<short> r6,
        ref Vector256<short> r7)
    {
        var a0 = Avx2.UnpackLow(r0, r1).AsInt32();
        var a1 = Avx2.UnpackHigh(r0, r1).AsInt32();
        var a2 = Avx2.UnpackLow(r2, r3).AsInt32();
        var a3 = Avx2.UnpackHigh(r2, r3).AsInt32();
        var a4 = Avx2.UnpackLow(r4, r5).AsInt32();
        var a5 = Avx2.UnpackHigh(r4, r5).AsInt32();
        var a6 = Avx2.UnpackLow(r6, r7).AsInt32();
        var a7 = Avx2.UnpackHigh(r6, r7).AsInt32();
        var b0 = Avx2.UnpackLow(a0, a2).AsInt64();
        var b1 = Avx2.UnpackHigh(a0, a2).AsInt64();
        var b2 = Avx2.UnpackLow(a1, a3).AsInt64();
        var b3 = Avx2.UnpackHigh(a1, a3).AsInt64();
        var b4 = Avx2.UnpackLow(a4, a6).AsInt64();
        var b5 = Avx2.UnpackHigh(a4, a6).AsInt64();
        var b6 = Avx2.UnpackLow(a5, a7).AsInt64();
        var b7 = Avx2.UnpackHigh(a5, a7).AsInt64();
        r0 = Avx2.UnpackLow(b0, b4).AsInt16();
        r1 = Avx2.UnpackHigh(b0, b4).AsInt16();
        r2 = Avx2.UnpackLow(b1, b5).AsInt16();
        r3 = Avx2.UnpackHigh(b1, b5).AsInt16();
        r4 = Avx2.UnpackLow(b2, b6).AsInt16();
        r5 = Avx2.UnpackHigh(b2, b6).AsInt16();
        r6 = Avx2.UnpackLow(b3, b7).AsInt16();
        r7 = Avx2.UnpackHigh(b3, b7).AsInt16();
    }
}
