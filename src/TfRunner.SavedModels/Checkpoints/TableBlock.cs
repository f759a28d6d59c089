using System.Buffers.Binary;
using TfRunner.Files;

namespace TfRunner.Checkpoints;

/// <summary>
/// One block of an index table: entries with prefix-compressed keys, then the restart points as fixed32 offsets, then
/// their number as fixed32 (LevelDB's table format document). Walks its entries in order.
/// </summary>
internal ref struct TableBlock
{
    // No name is longer; bounds what prefix compression can be made to expand to.
    private const int MaxKeyLength = 64 * 1024;

    private readonly string path;
    private readonly long fileOffset;
    private readonly ReadOnlySpan<byte> entries;
    private readonly ReadOnlySpan<byte> restarts;
    private byte[] key = new byte[128];
    private int keyLength;
    private int position;

    /// <summary>Checks the frame of a block.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="fileOffset">Where the block starts in it, for messages.</param>
    /// <param name="block">The uncompressed contents.</param>
    public TableBlock(string path, long fileOffset, ReadOnlySpan<byte> block)
    {
        this.path = path;
        this.fileOffset = fileOffset;
        if (block.Length < sizeof(uint))
        {
            throw FileErrors.Damaged(path, fileOffset, "a block is too short");
        }

        var count = BinaryPrimitives.ReadUInt32LittleEndian(block[^sizeof(uint)..]);
        if (count > (uint)(block.Length - sizeof(uint)) / sizeof(uint))
        {
            throw FileErrors.Damaged(path, fileOffset, "a block has more restart points than bytes");
        }

        var limit = block.Length - sizeof(uint) - ((int)count * sizeof(uint));
        entries = block[..limit];
        restarts = block[limit..^sizeof(uint)];
        for (var i = 0; i < count; i++)
        {
            if (Restart(i) > limit)
            {
                throw FileErrors.Damaged(path, fileOffset, "a restart point lies outside its block");
            }
        }
    }

    /// <summary>The key of the entry that <see cref="MoveNext"/> reached; valid until the next call.</summary>
    public readonly ReadOnlySpan<byte> Key => key.AsSpan(0, keyLength);

    /// <summary>The value of the entry that <see cref="MoveNext"/> reached.</summary>
    public ReadOnlySpan<byte> Value { get; private set; } = default;

    /// <summary>Steps to the next entry.</summary>
    /// <returns>False after the last one.</returns>
    public bool MoveNext()
    {
        if (position >= entries.Length)
        {
            return false;
        }

        var start = position;
        var shared = ReadLength(start);
        var unshared = ReadLength(start);
        var valueLength = ReadLength(start);
        if (shared > keyLength || (shared > 0 && IsRestart(start)))
        {
            throw Damaged(start, "a key continues one that is not there");
        }

        if ((long)unshared + valueLength > entries.Length - position)
        {
            throw Damaged(start, "an entry is longer than its block");
        }

        if (shared + unshared > MaxKeyLength)
        {
            throw Damaged(start, FormattableString.Invariant($"a key has more than {MaxKeyLength} bytes"));
        }

        if (shared + unshared > key.Length)
        {
            Array.Resize(ref key, Math.Max(key.Length * 2, shared + unshared));
        }

        entries.Slice(position, unshared).CopyTo(key.AsSpan(shared));
        keyLength = shared + unshared;
        Value = entries.Slice(position + unshared, valueLength);
        position += unshared + valueLength;
        return true;
    }

    private readonly uint Restart(int index) => BinaryPrimitives.ReadUInt32LittleEndian(restarts[(index * sizeof(uint))..]);

    private readonly bool IsRestart(int at)
    {
        var low = 0;
        var high = (restarts.Length / sizeof(uint)) - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var restart = Restart(middle);
            if (restart == at)
            {
                return true;
            }

            (low, high) = restart < at ? (middle + 1, high) : (low, middle - 1);
        }

        return false;
    }

    private int ReadLength(int entryStart)
    {
        if (!Varint.TryRead(entries, ref position, out var value) || value > int.MaxValue / 4)
        {
            throw Damaged(entryStart, "an entry's lengths cannot be read");
        }

        return (int)value;
    }

    private readonly TfRunnerException Damaged(int at, string what) => FileErrors.Damaged(path, fileOffset + at, what);
}
