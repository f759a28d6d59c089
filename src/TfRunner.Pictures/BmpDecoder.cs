using System.Buffers.Binary;

namespace TfRunner.Pictures;

/// <summary>Decodes uncompressed BMP of 1, 4, 8, 24 and 32 bits. Source: Microsoft's description of BITMAPFILEHEADER and BITMAPINFOHEADER.</summary>
internal static unsafe class BmpDecoder
{
    private const int FileHeader = 14;
    private const int MostSide = 1 << 16;

    public static DecodedPicture Decode(ReadOnlySpan<byte> bytes, string source)
    {
        if (bytes.Length < FileHeader + 40)
        {
            throw Damaged(source, "it ends inside its header");
        }

        var pixels = BinaryPrimitives.ReadInt32LittleEndian(bytes[10..]);
        var headerSize = BinaryPrimitives.ReadInt32LittleEndian(bytes[14..]);
        var width = BinaryPrimitives.ReadInt32LittleEndian(bytes[18..]);
        var signedHeight = BinaryPrimitives.ReadInt32LittleEndian(bytes[22..]);
        var bits = BinaryPrimitives.ReadUInt16LittleEndian(bytes[28..]);
        var compression = BinaryPrimitives.ReadInt32LittleEndian(bytes[30..]);
        var colours = BinaryPrimitives.ReadInt32LittleEndian(bytes[46..]);

        // Compression 3 names masks; those in use for 32 bits are the plain order.
        if (compression is not (0 or 3) || bits is not (1 or 4 or 8 or 24 or 32) || (compression == 3 && bits != 32))
        {
            throw TfRunnerException.ForData(ErrorCode.Unimplemented, FormattableString.Invariant($"{source}: BMP of {bits} bits with compression {compression} is not decoded"), "save it as PNG");
        }

        if (width <= 0 || width > MostSide || signedHeight is 0 or < -MostSide or > MostSide || headerSize < 40 || pixels < FileHeader + 40)
        {
            throw Damaged(source, "its header makes no sense");
        }

        var height = Math.Abs(signedHeight);
        var stride = (((long)width * bits) + 31) / 32 * 4;
        if (pixels + (stride * height) > bytes.Length)
        {
            throw Damaged(source, "it ends before its last row");
        }

        var palette = ReadOnlySpan<byte>.Empty;
        if (bits <= 8)
        {
            var count = colours is > 0 and <= 256 ? colours : 1 << bits;
            palette = FileHeader + headerSize + (count * 4) <= pixels ? bytes.Slice(FileHeader + headerSize, count * 4) : throw Damaged(source, "its palette is cut off");
        }

        var picture = new DecodedPicture(height, width, 3);
        for (var y = 0; y < height; y++)
        {
            var row = bytes.Slice((int)(pixels + (stride * (signedHeight > 0 ? height - 1 - y : y))), (int)stride);
            var to = picture.Pixels + ((long)y * width * 3);
            for (var x = 0; x < width; x++, to += 3)
            {
                var colour = bits switch
                {
                    24 => row.Slice(x * 3, 3),
                    32 => row.Slice(x * 4, 3),
                    _ => Colour(palette, (row[x * bits / 8] >> (8 - bits - (x * bits % 8))) & ((1 << bits) - 1)),
                };
                (to[0], to[1], to[2]) = colour.Length >= 3 ? (colour[2], colour[1], colour[0]) : ((byte)0, (byte)0, (byte)0);
            }
        }

        return picture;
    }

    // An index beyond the palette is black, as viewers show it.
    private static ReadOnlySpan<byte> Colour(ReadOnlySpan<byte> palette, int index) => (index * 4) + 3 <= palette.Length ? palette.Slice(index * 4, 3) : default;

    private static TfRunnerException Damaged(string source, string why) =>
        TfRunnerException.ForData(ErrorCode.DataLoss, $"{source}: the BMP file is damaged: {why}");
}
