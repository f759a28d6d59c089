using System.Buffers;
using System.Text;

namespace TfRunner.Data.Formats.Csv;

/// <summary>Cuts CSV into blocks of whole records, so that blocks can be parsed side by side. A line end inside quotes ends no record.</summary>
internal sealed class CsvBlockReader : IDisposable
{
    // Large enough to be worth a task, small enough to be parsed while the cache holds it.
    private const int BlockBytes = 1 << 18;

    /// <summary>The longest record; one that is longer is an unclosed quote.</summary>
    private const int LongestRecord = 1 << 26;

    private readonly Stream stream;
    private readonly string path;
    private byte[] rest = [];
    private bool ended;

    /// <summary>Starts reading.</summary>
    /// <param name="stream">UTF-8, with or without a byte order mark, or UTF-16 with one; disposed with the reader.</param>
    /// <param name="path">The file to name in errors.</param>
    public CsvBlockReader(Stream stream, string path)
    {
        this.path = path;
        var head = new byte[3];
        var count = stream.ReadAtLeast(head, 2, throwOnEndOfStream: false);
        if (head is [0xEF, 0xBB, ..] && count == 2)
        {
            count += stream.ReadAtLeast(head.AsSpan(2), 1, throwOnEndOfStream: false);
        }

        var isMarked = count == 3 && head is [0xEF, 0xBB, 0xBF];
        Stream whole = isMarked ? stream : new PrefixedStream(head.AsMemory(0, count), stream);
        this.stream = head switch
        {
            [0xFF, 0xFE, ..] => Encoding.CreateTranscodingStream(new PrefixedStream(head.AsMemory(2, count - 2), stream), Encoding.Unicode, Encoding.UTF8),
            [0xFE, 0xFF, ..] => Encoding.CreateTranscodingStream(new PrefixedStream(head.AsMemory(2, count - 2), stream), Encoding.BigEndianUnicode, Encoding.UTF8),
            _ => whole,
        };
    }

    /// <summary>What separates columns; known once the header has been looked at.</summary>
    public byte Delimiter { get; set; } = (byte)',';

    /// <summary>The next records.</summary>
    /// <returns>Whole records with their line ends, where the last one may have none; null at the end. From the shared pool.</returns>
    /// <exception cref="TfRunnerException">A record does not end.</exception>
    public ArraySegment<byte>? Next()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Max(BlockBytes, rest.Length * 2));
        rest.CopyTo(buffer, 0);
        var count = rest.Length;
        while (true)
        {
            // A pipe gives what is there: a whole record is enough to go on with.
            while (!ended && count < buffer.Length)
            {
                var read = Read(buffer.AsSpan(count));
                ended = read == 0;
                count += read;
                if (buffer.AsSpan(count - read, read).Contains((byte)'\n'))
                {
                    break;
                }
            }

            var whole = ended ? count : LastRecordEnd(buffer.AsSpan(0, count));
            if (whole > 0)
            {
                rest = buffer[whole..count];
                return new(buffer, 0, whole);
            }

            if (ended)
            {
                ArrayPool<byte>.Shared.Return(buffer);
                rest = [];
                return null;
            }

            if (count >= LongestRecord)
            {
                throw TfRunnerException.ForData(ErrorCode.InvalidArgument, $"{path}: a record is longer than {LongestRecord >> 20} MiB", "a quote may be missing at the end of a value");
            }

            if (count == buffer.Length)
            {
                var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                buffer.AsSpan(0, count).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = larger;
            }
        }
    }

    /// <summary>Puts bytes back that <see cref="Next"/> gave and nobody has used.</summary>
    public void PutBack(ReadOnlySpan<byte> bytes) => rest = [.. bytes, .. rest];

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();

    private int LastRecordEnd(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.Contains((byte)'"'))
        {
            return bytes.LastIndexOf((byte)'\n') + 1;
        }

        var last = 0;
        for (var at = 0; at < bytes.Length;)
        {
            var end = CsvRecord.End(bytes[at..], Delimiter, out var isWhole);
            if (!isWhole)
            {
                break;
            }

            at += end;
            last = at;
        }

        return last;
    }

    private int Read(Span<byte> target)
    {
        try
        {
            return stream.Read(target);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            throw TfRunnerException.ForData(ErrorCode.DataLoss, $"{path} cannot be read on: {e.Message}", "the file may be damaged", e);
        }
    }
}
