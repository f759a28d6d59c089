using System.Buffers.Binary;
using Snappier;
using TfRunner.Files;

namespace TfRunner.Checkpoints;

/// <summary>
/// A sorted table of byte-string keys and values in one immutable file: LevelDB's table format, which checkpoint indexes
/// use. Data blocks, an index block that names them, and a 48-byte footer that names the index block; every block is
/// followed by a compression byte and a masked CRC-32C over block and byte.
/// </summary>
internal static class IndexTable
{
    private const int FooterLength = 48;
    private const int TrailerLength = 5;
    private const ulong Magic = 0xdb4775248b80fb57;

    // Snappy cannot compress further than about 1:22; what claims more is hostile.
    private const int MaxSnappyRatio = 32;

    /// <summary>Called for each entry. The spans are valid during the call only.</summary>
    /// <param name="offset">Where the entry's block starts in the file.</param>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    public delegate void Visitor(long offset, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value);

    /// <summary>Visits every entry in key order, checking checksums, order and bounds.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="file">Its contents.</param>
    /// <param name="visit">Receives the entries.</param>
    /// <exception cref="TfRunnerException">DataLoss, naming file and offset.</exception>
    public static void Visit(string path, ReadOnlySpan<byte> file, Visitor visit)
    {
        var indexHandle = ReadFooter(path, file);
        var indexBlock = ReadBlock(path, file, indexHandle, file.Length - FooterLength);
        var index = new TableBlock(path, indexHandle.Offset, indexBlock);
        var previousKey = Array.Empty<byte>();
        var isFirst = true;
        var previousEnd = 0L;
        var keyBudget = 1_000_000 + (64L * file.Length);
        while (index.MoveNext())
        {
            var position = 0;
            var handle = ReadHandle(path, indexHandle.Offset, index.Value, ref position);
            if (handle.Offset < previousEnd)
            {
                throw FileErrors.Damaged(path, indexHandle.Offset, "data blocks overlap or are out of order");
            }

            var block = new TableBlock(path, handle.Offset, ReadBlock(path, file, handle, indexHandle.Offset));
            previousEnd = handle.Offset + handle.Size + TrailerLength;
            while (block.MoveNext())
            {
                if (!isFirst && block.Key.SequenceCompareTo(previousKey) <= 0)
                {
                    throw FileErrors.Damaged(path, handle.Offset, "keys are not in order");
                }

                keyBudget -= block.Key.Length;
                if (keyBudget < 0)
                {
                    throw FileErrors.Damaged(path, handle.Offset, "the keys are longer than the file could mean them to be");
                }

                isFirst = false;
                previousKey = block.Key.ToArray();
                visit(handle.Offset, block.Key, block.Value);
            }
        }
    }

    private static BlockHandle ReadFooter(string path, ReadOnlySpan<byte> file)
    {
        if (file.Length < FooterLength)
        {
            throw FileErrors.Damaged(path, file.Length, "it ends before the footer of a checkpoint index");
        }

        var start = file.Length - FooterLength;
        var footer = file[start..];
        if (BinaryPrimitives.ReadUInt64LittleEndian(footer[^sizeof(ulong)..]) != Magic)
        {
            throw FileErrors.Damaged(path, file.Length - sizeof(ulong), "it does not end as a checkpoint index does");
        }

        var position = 0;
        _ = ReadHandle(path, start, footer[..^sizeof(ulong)], ref position);
        return ReadHandle(path, start, footer[..^sizeof(ulong)], ref position);
    }

    private static BlockHandle ReadHandle(string path, long at, ReadOnlySpan<byte> data, ref int position)
    {
        return Varint.TryRead(data, ref position, out var offset) && Varint.TryRead(data, ref position, out var size)
            && offset <= int.MaxValue && size <= int.MaxValue
            ? new((long)offset, (long)size)
            : throw FileErrors.Damaged(path, at, "a block handle cannot be read");
    }

    private static ReadOnlySpan<byte> ReadBlock(string path, ReadOnlySpan<byte> file, BlockHandle handle, long limit)
    {
        if (handle.Offset + handle.Size + TrailerLength > limit)
        {
            throw FileErrors.Damaged(path, handle.Offset, "a block reaches beyond its part of the file");
        }

        var framed = file.Slice((int)handle.Offset, (int)handle.Size + TrailerLength);
        var stored = BinaryPrimitives.ReadUInt32LittleEndian(framed[^sizeof(uint)..]);
        if (Crc32C.Mask(Crc32C.Compute(framed[..^sizeof(uint)])) != stored)
        {
            throw FileErrors.Damaged(path, handle.Offset, "a block's checksum does not match");
        }

        var contents = framed[..^TrailerLength];
        return framed[^TrailerLength] switch
        {
            0 => contents,
            1 => Decompress(path, handle.Offset, contents),
            var other => throw FileErrors.Damaged(
                path, handle.Offset, FormattableString.Invariant($"a block has the unknown compression {other}")),
        };
    }

    private static byte[] Decompress(string path, long offset, ReadOnlySpan<byte> compressed)
    {
        try
        {
            var length = Snappy.GetUncompressedLength(compressed);
            if (length < 0 || length > (long)compressed.Length * MaxSnappyRatio)
            {
                throw FileErrors.Damaged(path, offset, "a compressed block claims to be larger than it can be");
            }

            var plain = new byte[length];
            return Snappy.Decompress(compressed, plain) == length
                ? plain
                : throw FileErrors.Damaged(path, offset, "a compressed block is shorter than it says");
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException or InvalidOperationException)
        {
            throw FileErrors.Damaged(path, offset, "a compressed block cannot be decompressed");
        }
    }
}
