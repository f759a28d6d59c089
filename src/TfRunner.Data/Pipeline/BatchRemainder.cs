namespace TfRunner.Data.Pipeline;

/// <summary>What becomes of the last elements when they do not fill a batch.</summary>
public enum BatchRemainder
{
    /// <summary>They make a smaller batch.</summary>
    Keep,

    /// <summary>They are left out.</summary>
    Drop,

    /// <summary>The last one is repeated until the batch is full; <see cref="ElementBatch{T}.Count"/> says how many are real.</summary>
    Pad,
}
