using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TfRunner.Pictures.Jpeg;

/// <summary>Puts components' lines together as red, green and blue. Source: JFIF 1.02 (Rec. 601), in libjpeg's 16-bit fixed point.</summary>
internal static unsafe class ColourLine
{
    // 65536 times 1.402 less 65536, 0.34414, 0.71414 from 65536, 1.772 from twice 65536.
    private const short RedOfCr = 26345;
    private const short GreenOfCb = -22554;
    private const short GreenOfCr = 18734;
    private const short BlueOfCb = -14942;
    private const int Half = 1 << 15;

    private static readonly Vector128<byte>[] Shuffles = MakeShuffles();

    /// <summary>Converts luma and chroma.</summary>
    public static void FromChroma(byte* luma, byte* blue, byte* red, byte* to, int count)
    {
        var i = 0;
        if (Avx2.IsSupported)
        {
            var centre = Vector256.Create((short)128);
            var one = Vector256.Create((short)1);
            var green = Vector256.Create((GreenOfCr << 16) | (GreenOfCb & 0xFFFF)).AsInt16();
            for (; i <= count - 16; i += 16)
            {
                var y = Avx2.ConvertToVector256Int16(luma + i);
                var cb = Avx2.ConvertToVector256Int16(blue + i) - centre;
                var cr = Avx2.ConvertToVector256Int16(red + i) - centre;
                var r = y + cr + ((Avx2.MultiplyHigh(cr + cr, Vector256.Create(RedOfCr)) + one) >> 1);
                var b = y + cb + cb + ((Avx2.MultiplyHigh(cb + cb, Vector256.Create(BlueOfCb)) + one) >> 1);
                var low = (Avx2.MultiplyAddAdjacent(Avx2.UnpackLow(cb, cr), green) + Vector256.Create(Half)) >> 16;
                var high = (Avx2.MultiplyAddAdjacent(Avx2.UnpackHigh(cb, cr), green) + Vector256.Create(Half)) >> 16;
                var g = y + Avx2.PackSignedSaturate(low, high) - cr;
                Interleave(Narrow(r), Narrow(g), Narrow(b), to + (3 * i));
            }
        }

        for (; i < count; i++)
        {
            var cb = blue[i] - 128;
            var cr = red[i] - 128;
            to[3 * i] = Clamp(luma[i] + cr + (((cr * RedOfCr) + Half) >> 16));
            to[(3 * i) + 1] = Clamp(luma[i] - cr + (((cb * GreenOfCb) + (cr * GreenOfCr) + Half) >> 16));
            to[(3 * i) + 2] = Clamp(luma[i] + (2 * cb) + (((cb * BlueOfCb) + Half) >> 16));
        }
    }

    /// <summary>Puts red, green and blue side by side.</summary>
    public static void FromColours(byte* red, byte* green, byte* blue, byte* to, int count)
    {
        for (var i = 0; i < count; i++)
        {
            (to[3 * i], to[(3 * i) + 1], to[(3 * i) + 2]) = (red[i], green[i], blue[i]);
        }
    }

    /// <summary>Turns cyan, magenta and yellow into red, green and blue, as TensorFlow does: by what all inks leave over of white.</summary>
    /// <param name="colours">The three inks, side by side; receives the colours.</param>
    /// <param name="black">The fourth ink.</param>
    /// <param name="count">The number of pixels.</param>
    /// <param name="complements">Whether the three inks come as their complements.</param>
    /// <param name="areInverted">Whether all inks are given by what each leaves over.</param>
    public static void Print(byte* colours, byte* black, int count, bool complements, bool areInverted)
    {
        for (var i = 0; i < 3 * count; i++)
        {
            var ink = complements ? 255 - colours[i] : colours[i];
            var key = black[i / 3];
            colours[i] = (byte)(areInverted ? key * ink / 255 : (255 - key) * (255 - ink) / 255);
        }
    }

    private static byte Clamp(int value) => (byte)Math.Clamp(value, 0, 255);

    private static Vector128<byte> Narrow(Vector256<short> values) =>
        Avx2.Permute4x64(Avx2.PackUnsignedSaturate(values, values).AsUInt64(), 0b1000).AsByte().GetLower();

    private static void Interleave(Vector128<byte> r, Vector128<byte> g, Vector128<byte> b, byte* to)
    {
        var shuffles = Shuffles;
        for (var part = 0; part < 3; part++)
        {
            (Ssse3.Shuffle(r, shuffles[3 * part]) | Ssse3.Shuffle(g, shuffles[(3 * part) + 1]) | Ssse3.Shuffle(b, shuffles[(3 * part) + 2])).Store(to + (16 * part));
        }
    }

    // For each third of 48 bytes and each colour: the pixel whose sample goes there; 128 leaves a zero.
    private static Vector128<byte>[] MakeShuffles()
    {
        var made = new Vector128<byte>[9];
        Span<byte> indices = stackalloc byte[16];
        for (var part = 0; part < 3; part++)
        {
            for (var colour = 0; colour < 3; colour++)
            {
                for (var i = 0; i < 16; i++)
                {
                    var at = (16 * part) + i;
                    indices[i] = at % 3 == colour ? (byte)(at / 3) : (byte)128;
                }

                made[(3 * part) + colour] = Vector128.Create<byte>(indices);
            }
        }

        return made;
    }
}
