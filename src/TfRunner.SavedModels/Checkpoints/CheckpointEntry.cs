using TfRunner.SavedModels.Protos;

namespace TfRunner.Checkpoints;

/// <summary>One tensor of a checkpoint, as its index describes it.</summary>
public sealed class CheckpointEntry
{
    internal CheckpointEntry(string name, BundleEntryProto proto, TensorShape shape, long byteSize)
    {
        Name = name;
        DType = (DType)proto.Dtype;
        Shape = shape;
        ByteSize = byteSize;
        Shard = proto.ShardId;
        Proto = proto;
    }

    /// <summary>The checkpoint key, such as <c>variables/0/.ATTRIBUTES/VARIABLE_VALUE</c>.</summary>
    public string Name { get; }

    /// <summary>The element type.</summary>
    public DType DType { get; }

    /// <summary>The shape; all dimensions are known.</summary>
    public TensorShape Shape { get; }

    /// <summary>The size in the shard in bytes; for a tensor stored in slices, the size it has when assembled.</summary>
    public long ByteSize { get; }

    /// <summary>The number of the shard that holds it, from 0; 0 for a tensor stored in slices, which may lie in several.</summary>
    public int Shard { get; }

    /// <summary>Whether the tensor is stored in slices (a partitioned variable).</summary>
    public bool IsSliced => Proto.Slices.Count > 0;

    internal BundleEntryProto Proto { get; }

    /// <summary>Set when the checksum has been compared; reading again skips that. A race costs a second comparison only.</summary>
    internal bool IsVerified { get; set; }

    /// <summary>Name, dtype and shape as text: <c>w: float32 [3, 4]</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{Name}: {DType.Name()} {Shape}";
}
