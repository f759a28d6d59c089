namespace TfRunner.Checkpoints;

/// <summary>Where a block of an index table lies.</summary>
/// <param name="Offset">The first byte in the file.</param>
/// <param name="Size">The number of bytes without the trailer.</param>
internal readonly record struct BlockHandle(long Offset, long Size);
