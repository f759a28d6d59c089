namespace TfRunner.Data.Pipeline;

/// <summary>An element that knows how much memory it holds, so that the memory budget can count it.</summary>
public interface IMeasured
{
    /// <summary>The memory held in bytes, 0 or more.</summary>
    long ByteLength { get; }
}
