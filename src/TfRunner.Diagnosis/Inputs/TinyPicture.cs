using System.Buffers.Binary;
using System.IO.Compression;
using TfRunner.Measurement;

namespace TfRunner.Diagnosis.Inputs;

/// <summary>Makes a small PNG picture, for signatures that take encoded pictures. Source: the PNG specification, 3rd edition.</summary>
internal static class TinyPicture
{
    private const int Side = 32;

    /// <summary>Encodes a picture of 32 by 32 random colours.</summary>
    /// <param name="random">Decides the colours.</param>
    /// <returns>The file's bytes.</returns>
    public static byte[] Png(SeededRandom random)
    {
        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, Side);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), Side);
        header[8] = 8; // bits per channel
        header[9] = 2; // colour type: RGB
        Chunk(file, "IHDR"u8, header);
        using var data = new MemoryStream();
        using (var deflate = new ZLibStream(data, CompressionLevel.Fastest, leaveOpen: true))
        {
            var row = new byte[1 + (Side * 3)];
            for (var y = 0; y < Side; y++)
            {
                // The first byte names the row's filter: none.
                for (var i = 1; i < row.Length; i++)
                {
                    row[i] = (byte)random.Below(256);
                }

                deflate.Write(row);
            }
        }

        Chunk(file, "IDAT"u8, data.ToArray());
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static void Chunk(MemoryStream file, ReadOnlySpan<byte> type, byte[] data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        byte[] body = [.. type, .. data];
        file.Write(body);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32(body));
        file.Write(number);
    }

    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
            }
        }

        return ~crc;
    }
}
