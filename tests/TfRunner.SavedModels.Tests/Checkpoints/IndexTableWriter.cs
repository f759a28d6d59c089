using System.Buffers.Binary;
using Snappier;
using TfRunner.Checkpoints;

namespace TfRunner.SavedModels.Tests.Checkpoints;

/// <summary>Writes LevelDB-style tables, so that the reader is tested on more forms than TensorFlow writes.</summary>
internal static class IndexTableWriter
{
    public static byte[] Write(IEnumerable<(byte[] Key, byte[] Value)> entries, int restartInterval = 16, int entriesPerBlock = 50, bool compress = false)
    {
        using var file = new MemoryStream();
        var index = new List<(byte[] Key, byte[] Value)>();
        foreach (var chunk in entries.Chunk(entriesPerBlock))
        {
            index.Add((chunk[^1].Key, AppendBlock(file, Block(chunk, restartInterval), compress)));
        }

        var meta = AppendBlock(file, Block([], 1), compress: false);
        var handle = AppendBlock(file, Block(index, 1), compress);
        var footer = new byte[48];
        meta.CopyTo(footer, 0);
        handle.CopyTo(footer, meta.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(footer.AsSpan(40), 0xdb4775248b80fb57);
        file.Write(footer);
        return file.ToArray();
    }

    private static byte[] Block(IReadOnlyList<(byte[] Key, byte[] Value)> entries, int restartInterval)
    {
        var block = new List<byte>();
        var restarts = new List<int>();
        byte[] previous = [];
        for (var i = 0; i < entries.Count; i++)
        {
            var shared = 0;
            if (i % restartInterval == 0)
            {
                restarts.Add(block.Count);
            }
            else
            {
                shared = previous.AsSpan().CommonPrefixLength(entries[i].Key);
            }

            WriteVarint(block, (ulong)shared);
            WriteVarint(block, (ulong)(entries[i].Key.Length - shared));
            WriteVarint(block, (ulong)entries[i].Value.Length);
            block.AddRange(entries[i].Key[shared..]);
            block.AddRange(entries[i].Value);
            previous = entries[i].Key;
        }

        if (restarts.Count == 0)
        {
            restarts.Add(0);
        }

        foreach (var number in restarts.Append(restarts.Count))
        {
            block.AddRange(BitConverter.GetBytes(number));
        }

        return [.. block];
    }

    private static byte[] AppendBlock(MemoryStream file, byte[] block, bool compress)
    {
        var stored = compress ? Snappy.CompressToArray(block) : block;
        var offset = file.Length;
        byte[] framed = [.. stored, compress ? (byte)1 : (byte)0];
        file.Write(framed);
        file.Write(BitConverter.GetBytes(Crc32C.Mask(Crc32C.Compute(framed))));
        var handle = new List<byte>();
        WriteVarint(handle, (ulong)offset);
        WriteVarint(handle, (ulong)stored.Length);
        return [.. handle];
    }

    private static void WriteVarint(List<byte> target, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            target.Add((byte)(value | 0x80));
        }

        target.Add((byte)value);
    }
}
