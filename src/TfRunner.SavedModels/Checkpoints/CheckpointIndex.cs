using System.Text;
using Google.Protobuf;
using TfRunner.Files;
using TfRunner.SavedModels.Protos;

namespace TfRunner.Checkpoints;

/// <summary>What <c>PREFIX.index</c> says: the header, the tensors, and the slices that some of them are stored in.</summary>
internal sealed class CheckpointIndex
{
    // TensorFlow's own limit on the dimensions of a tensor.
    private const int MaxRank = 254;

    // No checkpoint is written in more pieces; bounds the five digits of the file name too.
    private const int MaxShards = 99_999;

    private CheckpointIndex(string path, BundleHeaderProto header)
    {
        Path = path;
        ShardCount = header.NumShards;
        IsBigEndian = header.Endianness == BundleHeaderProto.Types.Endianness.Big;
    }

    public string Path { get; }

    public int ShardCount { get; }

    public bool IsBigEndian { get; }

    /// <summary>The tensors in the table's order: ordinal by the bytes of their names.</summary>
    public List<CheckpointEntry> Entries { get; } = [];

    /// <summary>The slices by the bytes of their keys, one character per byte.</summary>
    public Dictionary<string, CheckpointEntry> Slices { get; } = new(StringComparer.Ordinal);

    public static CheckpointIndex Read(string path)
    {
        var file = WholeFile.Read(path);
        CheckpointIndex? index = null;
        IndexTable.Visit(path, file, (offset, key, value) =>
        {
            if (index is null)
            {
                index = new(path, key.IsEmpty ? ReadHeader(path, offset, value) : throw FileErrors.Damaged(path, offset, "it has no header"));
                return;
            }

            var entry = index.ReadEntry(offset, key, value);
            if (key[0] == 0)
            {
                index.Slices.Add(entry.Name, entry);
            }
            else
            {
                index.Entries.Add(entry);
            }
        });
        return index ?? throw FileErrors.Damaged(path, 0, "it has no header");
    }

    private static BundleHeaderProto ReadHeader(string path, long offset, ReadOnlySpan<byte> value)
    {
        var header = Parse(BundleHeaderProto.Parser, path, offset, value);
        if (header.NumShards is < 1 or > MaxShards)
        {
            throw FileErrors.Damaged(path, offset, FormattableString.Invariant($"it claims to have {header.NumShards} shards"));
        }

        return (header.Version?.MinConsumer ?? 0) > 1
            ? throw TfRunnerException.ForLoad(ErrorCode.Unimplemented, $"{path} is written in a newer checkpoint format than version 1")
            : header;
    }

    private static T Parse<T>(MessageParser<T> parser, string path, long offset, ReadOnlySpan<byte> value)
        where T : class, IMessage<T>
    {
        try
        {
            return parser.ParseFrom(value);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw FileErrors.Damaged(path, offset, "an entry cannot be read: " + e.Message.ReplaceLineEndings(" "));
        }
    }

    private CheckpointEntry ReadEntry(long offset, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        var isSlice = key[0] == 0;
        var name = (isSlice ? Encoding.Latin1 : Encoding.UTF8).GetString(key);
        var proto = Parse(BundleEntryProto.Parser, Path, offset, value);
        var dimensions = new long[proto.Shape?.Dim.Count ?? 0];
        if (dimensions.Length > MaxRank || (proto.Shape?.UnknownRank ?? false))
        {
            throw FileErrors.Damaged(Path, offset, $"the shape of '{name}' is none that a tensor can have");
        }

        for (var i = 0; i < dimensions.Length; i++)
        {
            dimensions[i] = proto.Shape!.Dim[i].Size;
        }

        if (!TryCount(dimensions, out var count))
        {
            throw FileErrors.Damaged(Path, offset, $"the shape of '{name}' is none that a tensor can have");
        }

        if (proto.ShardId < 0 || proto.ShardId >= ShardCount || proto.Offset < 0 || proto.Size < 0 || proto.Offset > long.MaxValue - proto.Size)
        {
            throw FileErrors.Damaged(Path, offset, $"the place of '{name}' is outside the shards");
        }

        var elementSize = ((DType)proto.Dtype).ElementSize();
        if (elementSize > 0 && count > long.MaxValue / elementSize)
        {
            throw FileErrors.Damaged(Path, offset, $"the shape of '{name}' is none that a tensor can have");
        }

        var isNumeric = elementSize > 0;
        if (isNumeric && proto.Slices.Count == 0 && proto.Size != count * elementSize)
        {
            throw FileErrors.Damaged(Path, offset, $"the size of '{name}' does not follow from its dtype and shape");
        }

        return new(name, proto, TensorShape.Of(dimensions), isNumeric ? count * elementSize : proto.Size);
    }

    private static bool TryCount(ReadOnlySpan<long> dimensions, out long count)
    {
        count = 1;
        foreach (var d in dimensions)
        {
            if (d < 0 || (d > 0 && count > long.MaxValue / d))
            {
                return false;
            }

            count *= d;
        }

        return true;
    }
}
