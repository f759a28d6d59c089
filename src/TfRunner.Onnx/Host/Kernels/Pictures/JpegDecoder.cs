using System.Buffers.Binary;

namespace TfRunner.Onnx.Host.Kernels.Pictures;

/// <summary>
/// Decodes baseline and progressive JPEG (ITU-T T.81) bit by bit as TensorFlow does: with the JPEG library's fast integer
/// transform and its interpolation of colours. libvips cannot be told to use that transform, which differs by several
/// levels at high quality.
/// </summary>
internal sealed class JpegDecoder
{
    private const long MostSamples = 1L << 29;

    private static readonly byte[] ZigZag =
    [
        0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
        35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
    ];

    private readonly HostCall call;
    private readonly byte[] data;
    private readonly bool recovers;
    private readonly ushort[][] steps = new ushort[4][];
    private readonly JpegHuffmanTable?[] dcTables = new JpegHuffmanTable?[4];
    private readonly JpegHuffmanTable?[] acTables = new JpegHuffmanTable?[4];
    private JpegComponent[] components = [];
    private int width;
    private int height;
    private bool isProgressive;
    private int restartInterval;
    private bool hasJfif;
    private int? adobeTransform;
    private int endOfBand;

    private JpegDecoder(HostCall call, byte[] data, bool recovers) => (this.call, this.data, this.recovers) = (call, data, recovers);

    /// <summary>Decodes a file.</summary>
    /// <param name="call">Names the node in errors.</param>
    /// <param name="data">The file's bytes.</param>
    /// <param name="channels">0 for what the file has (3 for four inks), 1 or 3.</param>
    /// <param name="isFancy">Whether colours are interpolated.</param>
    /// <param name="recovers">Whether a file that is cut off is taken.</param>
    /// <returns>The picture; null for forms that this decoder does not know (arithmetic coding, lossless, 12 bits).</returns>
    public static Picture? Decode(HostCall call, byte[] data, int channels, bool isFancy, bool recovers)
    {
        var decoder = new JpegDecoder(call, data, recovers);
        return decoder.Read() ? decoder.Picture(channels, isFancy) : null;
    }

    private int Most(Func<JpegComponent, int> of) => components.Max(of);

    private int Word(int at) => at + 2 <= data.Length ? BinaryPrimitives.ReadUInt16BigEndian(data.AsSpan(at)) : throw Cut();

    private TfRunnerException Cut() => call.Invalid("jpeg::Uncompress failed. Invalid JPEG data or crop window: the file is cut off or damaged");

    private bool Read()
    {
        var at = 2;
        while (true)
        {
            while (at < data.Length && data[at] != 0xFF)
            {
                at++;
            }

            while (at + 1 < data.Length && data[at + 1] == 0xFF)
            {
                at++;
            }

            if (at + 1 >= data.Length)
            {
                return recovers && components.Length > 0 ? true : throw Cut();
            }

            var marker = data[at + 1];
            at += 2;
            if (marker == 0xD9)
            {
                return components.Length > 0 ? true : throw Cut();
            }

            if (marker is 0x01 or 0 or (>= 0xD0 and <= 0xD8))
            {
                continue;
            }

            var length = Word(at);
            if (length < 2 || at + length > data.Length)
            {
                throw Cut();
            }

            var segment = data.AsSpan(at + 2, length - 2);
            at += length;
            switch (marker)
            {
                case 0xC0 or 0xC1 or 0xC2:
                    if (!Frame(segment, marker == 0xC2))
                    {
                        return false;
                    }

                    break;
                case >= 0xC3 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC):
                    return false;
                case 0xC4:
                    HuffmanTables(segment);
                    break;
                case 0xDB:
                    QuantizationTables(segment);
                    break;
                case 0xDD when segment.Length >= 2:
                    restartInterval = BinaryPrimitives.ReadUInt16BigEndian(segment);
                    break;
                case 0xE0:
                    hasJfif |= segment.StartsWith("JFIF\0"u8);
                    break;
                case 0xEE when segment.Length >= 12 && segment.StartsWith("Adobe"u8):
                    adobeTransform = segment[11];
                    break;
                case 0xDA:
                    at = Scan(segment, at);
                    break;
                default:
                    break;
            }
        }
    }

    private bool Frame(ReadOnlySpan<byte> s, bool progressive)
    {
        if (s.Length < 6 || s.Length < 6 + (3 * s[5]) || components.Length > 0)
        {
            throw Cut();
        }

        (isProgressive, height, width) = (progressive, BinaryPrimitives.ReadUInt16BigEndian(s[1..]), BinaryPrimitives.ReadUInt16BigEndian(s[3..]));
        if (s[0] != 8 || height == 0)
        {
            return false;
        }

        components = new JpegComponent[s[5]];
        for (var i = 0; i < components.Length; i++)
        {
            var c = s.Slice(6 + (3 * i), 3);
            components[i] = new(c[0], c[1] >> 4, c[1] & 15, c[2] & 3);
        }

        if (width == 0 || components.Length is not (1 or 3 or 4) || components.Any(static c => c.Horizontal is < 1 or > 4 || c.Vertical is < 1 or > 4)
            || (long)width * height * components.Length > MostSamples)
        {
            throw Cut();
        }

        var (h, v) = (Most(static c => c.Horizontal), Most(static c => c.Vertical));
        if (components.Any(c => h % c.Horizontal != 0 || v % c.Vertical != 0))
        {
            components = [];
            return false;
        }

        Array.ForEach(components, c => c.Size(width, height, h, v));
        return true;
    }

    private void HuffmanTables(ReadOnlySpan<byte> s)
    {
        while (s.Length >= 17)
        {
            var count = 0;
            foreach (var n in s[1..17])
            {
                count += n;
            }

            if (s.Length < 17 + count || count > 256)
            {
                throw Cut();
            }

            ((s[0] >> 4) == 0 ? dcTables : acTables)[s[0] & 3] = new(s[1..17], s.Slice(17, count));
            s = s[(17 + count)..];
        }
    }

    private void QuantizationTables(ReadOnlySpan<byte> s)
    {
        while (s.Length > 0)
        {
            var size = (s[0] >> 4) != 0 ? 2 : 1;
            if (s.Length < 1 + (64 * size))
            {
                throw Cut();
            }

            var table = steps[s[0] & 3] = new ushort[64];
            for (var i = 0; i < 64; i++)
            {
                table[ZigZag[i]] = size == 2 ? BinaryPrimitives.ReadUInt16BigEndian(s[(1 + (2 * i))..]) : s[1 + i];
            }

            s = s[(1 + (64 * size))..];
        }
    }

    private int Scan(ReadOnlySpan<byte> s, int at)
    {
        var count = s.Length > 0 ? s[0] : 0;
        if (components.Length == 0 || count is < 1 or > 4 || s.Length < 4 + (2 * count))
        {
            throw Cut();
        }

        var own = new JpegComponent[count];
        for (var i = 0; i < count; i++)
        {
            var id = s[1 + (2 * i)];
            own[i] = Array.Find(components, c => c.Id == id) ?? throw Cut();
            (own[i].Dc, own[i].Ac) = (dcTables[(s[2 + (2 * i)] >> 4) & 3], acTables[s[2 + (2 * i)] & 3]);
        }

        var pass = new ScanPass(s[1 + (2 * count)], s[2 + (2 * count)], s[3 + (2 * count)] >> 4, s[3 + (2 * count)] & 15);
        if (pass.Start > 63 || pass.End > 63)
        {
            throw Cut();
        }

        var bits = new JpegBits(data, at);
        var (h, v) = (Most(static c => c.Horizontal), Most(static c => c.Vertical));
        var isSingle = count == 1;

        // A scan of one component has only the blocks that hold samples; one of several goes by units of all.
        var across = isSingle ? (own[0].Width + 7) / 8 : (width + (8 * h) - 1) / (8 * h);
        var down = isSingle ? (own[0].Height + 7) / 8 : (height + (8 * v) - 1) / (8 * v);
        Reset(own);
        for (var unit = 0; unit < across * down; unit++)
        {
            if (restartInterval > 0 && unit > 0 && unit % restartInterval == 0)
            {
                bits.Restart();
                Reset(own);
            }

            foreach (var c in own)
            {
                var (blocksX, blocksY) = isSingle ? (1, 1) : (c.Horizontal, c.Vertical);
                for (var i = 0; i < blocksX * blocksY; i++)
                {
                    var x = (unit % across * blocksX) + (i % blocksX);
                    var y = (unit / across * blocksY) + (i / blocksX);
                    Block(bits, c, c.Coefficients.AsSpan(((y * c.BlocksAcross) + x) * 64, 64), pass);
                }
            }

            if (bits.IsBeyondEnd && !recovers)
            {
                throw Cut();
            }
        }

        return bits.Position;
    }

    private void Reset(JpegComponent[] own)
    {
        endOfBand = 0;
        Array.ForEach(own, static c => c.LastDc = 0);
    }

    private void Block(JpegBits bits, JpegComponent c, Span<short> block, ScanPass pass)
    {
        if (!isProgressive)
        {
            c.LastDc += bits.ReadSigned((c.Dc ?? throw Cut()).Read(bits) & 15);
            block[0] = (short)c.LastDc;
            Sequential(bits, c.Ac ?? throw Cut(), block);
        }
        else if (pass.Start == 0)
        {
            if (pass.High != 0)
            {
                block[0] |= (short)(bits.Read(1) << pass.Low);
                return;
            }

            c.LastDc += bits.ReadSigned((c.Dc ?? throw Cut()).Read(bits) & 15);
            block[0] = (short)(c.LastDc << pass.Low);
        }
        else if (pass.High == 0)
        {
            First(bits, c.Ac ?? throw Cut(), block, pass);
        }
        else
        {
            Refine(bits, c.Ac ?? throw Cut(), block, pass);
        }
    }

    private static void Sequential(JpegBits bits, JpegHuffmanTable table, Span<short> block)
    {
        for (var k = 1; k < 64; k++)
        {
            var symbol = table.Read(bits);
            var size = symbol & 15;
            if (size == 0)
            {
                if (symbol != 0xF0)
                {
                    return;
                }

                k += 15;
                continue;
            }

            k += symbol >> 4;
            var value = bits.ReadSigned(size);
            if (k < 64)
            {
                block[ZigZag[k]] = (short)value;
            }
        }
    }

    /// <summary>The first bits of a band of coefficients (T.81, G.1.2.2).</summary>
    private void First(JpegBits bits, JpegHuffmanTable table, Span<short> block, ScanPass pass)
    {
        if (endOfBand > 0)
        {
            endOfBand--;
            return;
        }

        for (var k = pass.Start; k <= pass.End; k++)
        {
            var symbol = table.Read(bits);
            var (run, size) = (symbol >> 4, symbol & 15);
            if (size == 0)
            {
                if (run < 15)
                {
                    endOfBand = (1 << run) - 1 + bits.Read(run);
                    return;
                }

                k += 15;
                continue;
            }

            k += run;
            var value = bits.ReadSigned(size);
            if (k < 64)
            {
                block[ZigZag[k]] = (short)(value << pass.Low);
            }
        }
    }

    /// <summary>One more bit of a band of coefficients (T.81, G.1.2.3).</summary>
    private void Refine(JpegBits bits, JpegHuffmanTable table, Span<short> block, ScanPass pass)
    {
        var bit = (short)(1 << pass.Low);
        var k = pass.Start;
        if (endOfBand == 0)
        {
            for (; k <= pass.End; k++)
            {
                var symbol = table.Read(bits);
                var (run, size) = (symbol >> 4, symbol & 15);
                short value = 0;
                if (size != 0)
                {
                    value = bits.Read(1) != 0 ? bit : (short)-bit;
                }
                else if (run < 15)
                {
                    endOfBand = (1 << run) + bits.Read(run);
                    break;
                }

                for (; k <= pass.End; k++)
                {
                    ref var coefficient = ref block[ZigZag[k]];
                    if (coefficient != 0)
                    {
                        Correct(bits, ref coefficient, bit);
                    }
                    else if (--run < 0)
                    {
                        break;
                    }
                }

                if (value != 0 && k < 64)
                {
                    block[ZigZag[k]] = value;
                }
            }
        }

        if (endOfBand > 0)
        {
            for (; k <= pass.End; k++)
            {
                ref var coefficient = ref block[ZigZag[k]];
                if (coefficient != 0)
                {
                    Correct(bits, ref coefficient, bit);
                }
            }

            endOfBand--;
        }
    }

    private static void Correct(JpegBits bits, ref short coefficient, short bit)
    {
        if (bits.Read(1) != 0 && (coefficient & bit) == 0)
        {
            coefficient += coefficient >= 0 ? bit : (short)-bit;
        }
    }

    private Picture Picture(int channels, bool isFancy)
    {
        var (h, v) = (Most(static c => c.Horizontal), Most(static c => c.Vertical));
        channels = channels == 0 ? Math.Min(components.Length, 3) : channels;
        var planes = new List<byte[]>();
        var isLuminance = channels == 1 && components.Length == 3 && IsYcc();
        foreach (var c in isLuminance ? components[..1] : components)
        {
            c.Transform(steps[c.QuantizationTable] ?? throw Cut());
            planes.Add(c.Upsampled(width, height, h, v, isFancy));
        }

        var own = planes.Count == 4 ? 3 : planes.Count;
        var samples = new ushort[(long)width * height * own];
        for (var i = 0; i < width * height; i++)
        {
            var target = samples.AsSpan(i * own, own);
            if (planes.Count == 1)
            {
                target[0] = planes[0][i];
            }
            else if (planes.Count == 3)
            {
                (target[0], target[1], target[2]) = IsYcc() ? Rgb(planes[0][i], planes[1][i], planes[2][i]) : (planes[0][i], planes[1][i], planes[2][i]);
            }
            else
            {
                FromInk(planes, i, target);
            }
        }

        return new Picture(1, height, width, own, samples, IsWide: false).WithChannels(channels);
    }

    /// <summary>Whether three components are luminance and colour differences rather than RGB.</summary>
    private bool IsYcc() => hasJfif || (adobeTransform is { } transform ? transform != 0
        : !(components[0].Id == 'R' && components[1].Id == 'G' && components[2].Id == 'B'));

    /// <summary>Colours of ITU-R BT.601 in 16-bit fixed point.</summary>
    private static (ushort R, ushort G, ushort B) Rgb(int y, int cb, int cr)
    {
        (cb, cr) = (cb - 128, cr - 128);
        return (
            (ushort)Math.Clamp(y + (((91881 * cr) + 32768) >> 16), 0, 255),
            (ushort)Math.Clamp(y + (((-22554 * cb) - (46802 * cr) + 32768) >> 16), 0, 255),
            (ushort)Math.Clamp(y + (((116130 * cb) + 32768) >> 16), 0, 255));
    }

    /// <summary>Four inks: Adobe's files hold what each leaves over, others how much there is.</summary>
    private void FromInk(List<byte[]> planes, int i, Span<ushort> target)
    {
        var (c, m, y, k) = ((ushort)planes[0][i], (ushort)planes[1][i], (ushort)planes[2][i], planes[3][i]);
        if (adobeTransform == 2)
        {
            (c, m, y) = Rgb(c, m, y);
            (c, m, y) = ((ushort)(255 - c), (ushort)(255 - m), (ushort)(255 - y));
        }

        (target[0], target[1], target[2]) = adobeTransform is not null
            ? ((ushort)(k * c / 255), (ushort)(k * m / 255), (ushort)(k * y / 255))
            : ((ushort)((255 - k) * (255 - c) / 255), (ushort)((255 - k) * (255 - m) / 255), (ushort)((255 - k) * (255 - y) / 255));
    }

    /// <summary>Which coefficients a scan holds, and which of their bits.</summary>
    private readonly record struct ScanPass(int Start, int End, int High, int Low);
}
