using System.Buffers.Binary;
using System.IO.Compression;

namespace TfRunner.Data.Formats.TfRecord;

/// <summary>Records of a TFRecord file: length, its checksum, data, its checksum. The file as a whole may be gzip, zstd or zlib.</summary>
internal sealed class RecordReader : IDisposable
{
    private const int HeaderSize = 12;

    // One record is one example; a gigabyte is a damaged length.
    private const long Longest = 1L << 30;

    private readonly Stream stream;
    private readonly string path;
    private long record;

    public RecordReader(Stream stream, string path)
    {
        this.path = path;
        var head = new byte[HeaderSize];
        var count = stream.ReadAtLeast(head, HeaderSize, throwOnEndOfStream: false);
        Stream whole = new PrefixedStream(head.AsMemory(0, count), stream);

        // A zlib header could be a length; the length's checksum tells.
        var isRecord = count == HeaderSize && MaskedCrc.Of(head.AsSpan(0, 8)) == BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(8));
        this.stream = new BufferedStream(!isRecord && count >= 2 && head[0] == 0x78 && ((head[0] << 8) | head[1]) % 31 == 0 ? new ZLibStream(whole, CompressionMode.Decompress) : whole, 1 << 16);
    }

    /// <summary>The data of the next record; null at the end.</summary>
    public byte[]? Next()
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        try
        {
            var count = stream.ReadAtLeast(header, HeaderSize, throwOnEndOfStream: false);
            if (count == 0)
            {
                return null;
            }

            record++;
            var length = BinaryPrimitives.ReadInt64LittleEndian(header);
            if (count < HeaderSize || MaskedCrc.Of(header[..8]) != BinaryPrimitives.ReadUInt32LittleEndian(header[8..]) || length is < 0 or > Longest)
            {
                throw Damaged(count < HeaderSize ? "it is cut off" : "the checksum of its length is wrong");
            }

            var data = new byte[length];
            if (stream.ReadAtLeast(data, data.Length, throwOnEndOfStream: false) < data.Length || stream.ReadAtLeast(header[..4], 4, throwOnEndOfStream: false) < 4)
            {
                throw Damaged("it is cut off");
            }

            return MaskedCrc.Of(data) == BinaryPrimitives.ReadUInt32LittleEndian(header) ? data : throw Damaged("the checksum of its data is wrong");
        }
        catch (InvalidDataException e)
        {
            throw TfRunnerException.ForData(ErrorCode.DataLoss, $"{path}, record {record + 1}: {e.Message}", "the file is damaged", e);
        }
    }

    public void Dispose() => stream.Dispose();

    private TfRunnerException Damaged(string why) =>
        TfRunnerException.ForData(ErrorCode.DataLoss, FormattableString.Invariant($"{path}, record {record}: {why}"), "the file is damaged, or no TFRecord file");
}
