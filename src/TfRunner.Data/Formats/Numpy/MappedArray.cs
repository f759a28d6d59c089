using System.IO.MemoryMappedFiles;

namespace TfRunner.Data.Formats.Numpy;

/// <summary>
/// An array in a file, of which only what is asked for is mapped into memory and for as long as it is used, so that a file
/// may be larger than memory. Rows that lie at a multiple of 64 bytes are used where they are, others are copied.
/// The mapping is copy-on-write: writing to a tensor over it does not change the file.
/// </summary>
internal sealed unsafe class MappedArray : StoredArray
{
    private readonly MemoryMappedFile file;
    private readonly long start;
    private readonly long[] dimensions;

    private MappedArray(MemoryMappedFile file, long start, NpyHeader header)
    {
        this.file = file;
        this.start = start;
        DType = header.DType;
        dimensions = header.Dimensions;
    }

    public override DType DType { get; }

    public override IReadOnlyList<long> Dimensions => dimensions;

    /// <summary>Maps an array, where its elements lie in the file as a tensor has them.</summary>
    /// <param name="file">The file, which stands at the start of the elements; stays the caller's.</param>
    /// <param name="header">The array's header.</param>
    /// <param name="availableBytes">How many bytes of the file are the elements'.</param>
    /// <param name="source">The file (and key) to name in errors.</param>
    /// <returns>The array; null when it has to be read instead: strings, other byte orders, pipes.</returns>
    /// <exception cref="TfRunnerException">DataLoss when the array is cut off.</exception>
    public static MappedArray? TryOpen(FileStream file, NpyHeader header, long availableBytes, string source)
    {
        NpyReader.CheckSize(header, source, Math.Min(availableBytes, file.Length - file.Position));
        if (header.DType == DType.String || header.BigEndian || (header.FortranOrder && header.Dimensions.Length > 1) || header.Dimensions.Contains(0))
        {
            return null;
        }

        // A handle of its own: rows can be asked for after the reader is closed.
        var mapped = MemoryMappedFile.CreateFromFile(
            File.OpenHandle(file.Name), null, 0, MemoryMappedFileAccess.CopyOnWrite, HandleInheritability.None, leaveOpen: false);
        return new(mapped, file.Position, header);
    }

    public override TensorValue Rows(long first, long count)
    {
        var rowBytes = (long)DType.ElementSize();
        foreach (var dimension in dimensions.AsSpan(1))
        {
            rowBytes *= dimension;
        }

        return Map(first * rowBytes, count * rowBytes, [count, .. dimensions.AsSpan(1)]);
    }

    public override TensorValue Whole()
    {
        var bytes = (long)DType.ElementSize();
        foreach (var dimension in dimensions)
        {
            bytes *= dimension;
        }

        return Map(0, bytes, dimensions);
    }

    // A mapping stays until its tensor is disposed, whatever becomes of the file.
    public override TensorValue Take() => Whole();

    public override void Dispose() => file.Dispose();

    private TensorValue Map(long offset, long length, long[] shape)
    {
        var view = file.CreateViewAccessor(start + offset, length, MemoryMappedFileAccess.CopyOnWrite);
        try
        {
            var pointer = (byte*)view.SafeMemoryMappedViewHandle.DangerousGetHandle() + view.PointerOffset;
            if ((nuint)pointer % TensorValue.Alignment == 0)
            {
                var wrapped = TensorValue.Wrap(DType, (IntPtr)pointer, length, view, shape);
                view = null;
                return wrapped;
            }

            var copy = TensorValue.Allocate(DType, shape);
            Buffer.MemoryCopy(pointer, (void*)copy.Pointer, length, length);
            return copy;
        }
        finally
        {
            view?.Dispose();
        }
    }
}
