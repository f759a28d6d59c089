namespace TfRunner.Pictures.Jpeg;

/// <summary>An inverse cosine transform of blocks into fewer than 8 samples across and down: the block, scaled down.</summary>
internal abstract unsafe class BlockTransform
{
    /// <summary>The last coefficient, in the order of the file, that matters.</summary>
    public abstract int Last { get; }

    /// <summary>Transforms a block.</summary>
    /// <param name="block">64 coefficients.</param>
    /// <param name="steps">Their quantization steps.</param>
    /// <param name="to">Receives the samples.</param>
    /// <param name="stride">Bytes from one row of samples to the next.</param>
    public abstract void Run(short* block, ushort[] steps, byte* to, nint stride);

    /// <summary>The one sample of a block with nothing but its first coefficient.</summary>
    /// <param name="coefficient">The coefficient.</param>
    /// <param name="step">Its quantization step.</param>
    public abstract byte Flat(int coefficient, ushort step);
}
