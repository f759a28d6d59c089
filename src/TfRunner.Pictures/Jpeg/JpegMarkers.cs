using System.Buffers.Binary;

namespace TfRunner.Pictures.Jpeg;

/// <summary>Reads a file's marker segments. Sources: ITU-T T.81, annex B; JFIF 1.02; Adobe's technical note 5116; Exif 2.3.</summary>
/// <param name="file">The file.</param>
/// <param name="tolerance">What is made of damage: bytes between segments may be passed over, and the end may be missing.</param>
internal sealed class JpegMarkers(byte[] file, DamageTolerance tolerance = DamageTolerance.None)
{
    private readonly ushort[]?[] quantization = new ushort[4][];
    private readonly HuffmanTable?[] dcTables = new HuffmanTable?[4];
    private readonly HuffmanTable?[] acTables = new HuffmanTable?[4];
    private int restartInterval;
    private bool isJfif;
    private int adobeTransform = -1;
    private int orientation = 1;

    /// <summary>Where reading goes on.</summary>
    public int Position { get; set; } = 2;

    /// <summary>The frame; null before its header.</summary>
    public JpegFrame? Frame { get; private set; }

    /// <summary>Reads up to the frame header.</summary>
    public JpegFrame ReadFrame()
    {
        while (Frame is null)
        {
            if (ReadSegment() is not null)
            {
                throw new UnusualJpegException("a scan comes before the frame");
            }
        }

        return Frame;
    }

    /// <summary>Reads up to the next scan's data.</summary>
    /// <returns>The scan; null at the end of the picture.</returns>
    public JpegScan? ReadScan()
    {
        while (true)
        {
            FindMarker();
            if (Position + 1 < file.Length ? file[Position] == 0xFF && file[Position + 1] == 0xD9 : tolerance == DamageTolerance.CutOff)
            {
                return null;
            }

            if (ReadSegment() is { } scan)
            {
                return scan;
            }
        }
    }

    // Fill bytes may come before a marker. As libjpeg does, other bytes are passed over too, and markers out of place that have no segment.
    private void FindMarker()
    {
        while (Position + 1 < file.Length && (file[Position], file[Position + 1]) is var (first, second)
            && (tolerance == DamageTolerance.None ? first == 0xFF && second == 0xFF : first != 0xFF || second is 0 or 1 or 0xFF or (>= 0xD0 and <= 0xD7)))
        {
            Position++;
        }
    }

    private JpegScan? ReadSegment()
    {
        FindMarker();
        if (Position + 4 > file.Length || file[Position] != 0xFF)
        {
            throw new UnusualJpegException("there is no marker where one must be");
        }

        var marker = file[Position + 1];
        var length = BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(Position + 2));
        if (length < 2 || Position + 2 + length > file.Length)
        {
            throw new UnusualJpegException("a segment is cut off");
        }

        var body = file.AsSpan(Position + 4, length - 2);
        Position += 2 + length;
        switch (marker)
        {
            case 0xC0 or 0xC1 or 0xC2:
                Frame = Frame is null ? ReadFrame(body, marker == 0xC2) : throw new UnusualJpegException("there are two frames");
                break;
            case 0xC4:
                ReadHuffmanTables(body);
                break;
            case 0xDB:
                ReadQuantization(body);
                break;
            case 0xDD:
                restartInterval = Need(body, 2) ? BinaryPrimitives.ReadUInt16BigEndian(body) : 0;
                break;
            case 0xDA:
                return ReadScan(body);
            case 0xE0:
                isJfif |= body.StartsWith("JFIF\0"u8);
                break;
            case 0xE1:
                orientation = body.StartsWith("Exif\0\0"u8) ? ExifOrientation.Read(body[6..]) : orientation;
                break;
            case 0xEE:
                adobeTransform = body.Length >= 12 && body.StartsWith("Adobe"u8) ? body[11] : adobeTransform;
                break;
            case (>= 0xE0 and <= 0xEF) or 0xFE:
                break;
            default:
                throw new UnusualJpegException("a marker is not known");
        }

        return null;
    }

    private static bool Need(ReadOnlySpan<byte> body, int length) => body.Length >= length ? true : throw new UnusualJpegException("a segment is too short");

    private JpegFrame ReadFrame(ReadOnlySpan<byte> body, bool progressive)
    {
        Need(body, 6);
        int count = body[5];
        var height = BinaryPrimitives.ReadUInt16BigEndian(body[1..]);
        var width = BinaryPrimitives.ReadUInt16BigEndian(body[3..]);
        if (body[0] != 8 || height == 0 || width == 0 || count is not (1 or 3 or 4) || body.Length != 6 + (3 * count))
        {
            throw new UnusualJpegException("a frame of this kind is not decoded");
        }

        var components = new JpegComponent[count];
        for (var i = 0; i < count; i++)
        {
            var at = body.Slice(6 + (3 * i), 3);
            var id = at[0];

            // A lone component's factors mean nothing.
            components[i] = new(id, count == 1 ? 1 : at[1] >> 4, count == 1 ? 1 : at[1] & 15, at[2]);
            if (components[i] is { H: < 1 or > 4 } or { V: < 1 or > 4 } or { Quantization: > 3 } || components[..i].Any(c => c.Id == id))
            {
                throw new UnusualJpegException("a component makes no sense");
            }
        }

        var frame = new JpegFrame(width, height, progressive, components) { Orientation = orientation };
        foreach (var component in components)
        {
            if (frame.MostH % component.H != 0 || frame.MostV % component.V != 0)
            {
                throw new UnusualJpegException("components of such sizes are not put together");
            }

            component.Width = ((width * component.H) + frame.MostH - 1) / frame.MostH;
            component.Height = ((height * component.V) + frame.MostV - 1) / frame.MostV;
        }

        return frame;
    }

    // As libjpeg guesses it.
    private JpegColours Colours(JpegComponent[] components) => components.Length switch
    {
        1 => JpegColours.Grey,
        4 => adobeTransform > 0 ? JpegColours.Ycck : JpegColours.Cmyk,
        _ => isJfif || (adobeTransform >= 0 ? adobeTransform != 0 : !(components[0].Id == 'R' && components[1].Id == 'G' && components[2].Id == 'B'))
            ? JpegColours.YCbCr
            : JpegColours.Rgb,
    };

    private void ReadHuffmanTables(ReadOnlySpan<byte> body)
    {
        while (body.Length > 0)
        {
            Need(body, 17);
            var counts = body.Slice(1, 16);
            var total = 0;
            foreach (var count in counts)
            {
                total += count;
            }

            Need(body, 17 + total);
            if (total > 256 || (body[0] & 15) > 3 || body[0] >> 4 > 1)
            {
                throw new UnusualJpegException("a Huffman table makes no sense");
            }

            (body[0] >> 4 == 0 ? dcTables : acTables)[body[0] & 15] = HuffmanTables.Get(body.Slice(1, 16 + total));
            body = body[(17 + total)..];
        }
    }

    private void ReadQuantization(ReadOnlySpan<byte> body)
    {
        while (body.Length > 0)
        {
            var wide = body[0] >> 4 != 0;
            Need(body, wide ? 129 : 65);
            var steps = new ushort[64];
            for (var k = 0; k < 64; k++)
            {
                steps[BlockReader.Order[k]] = wide ? BinaryPrimitives.ReadUInt16BigEndian(body[(1 + (2 * k))..]) : body[1 + k];
            }

            quantization[body[0] & 3] = steps;
            body = body[(wide ? 129 : 65)..];
        }
    }

    private JpegScan ReadScan(ReadOnlySpan<byte> body)
    {
        var frame = Frame ?? throw new UnusualJpegException("a scan comes before the frame");
        Need(body, 1);
        int count = body[0];
        if (count is < 1 or > 4 || body.Length != 4 + (2 * count))
        {
            throw new UnusualJpegException("a scan makes no sense");
        }

        (frame.Colours, frame.InksAreInverted) = (Colours(frame.Components), adobeTransform >= 0);
        var components = new JpegComponent[count];
        var dc = new HuffmanTable?[count];
        var ac = new HuffmanTable?[count];
        for (var i = 0; i < count; i++)
        {
            var (id, tables) = (body[1 + (2 * i)], body[2 + (2 * i)]);
            components[i] = Array.Find(frame.Components, c => c.Id == id) ?? throw new UnusualJpegException("a scan names a component that is not there");
            components[i].Steps ??= quantization[components[i].Quantization] ?? throw new UnusualJpegException("a quantization table is missing");
            (dc[i], ac[i]) = (dcTables[(tables >> 4) & 3], acTables[tables & 3]);
        }

        var (first, last, approximation) = (body[^3], body[^2], body[^1]);
        return frame.Progressive
            ? first <= last && last < 64 && (first == 0) == (last == 0) && (last == 0 || count == 1)
                ? new(components, dc, ac, first, last, approximation >> 4, approximation & 15, restartInterval)
                : throw new UnusualJpegException("a scan of this kind is not decoded")
            : !dc.Contains(null) && !ac.Contains(null)
                ? new(components, dc, ac, 0, 63, 0, 0, restartInterval)
                : throw new UnusualJpegException("a Huffman table is missing");
    }
}
