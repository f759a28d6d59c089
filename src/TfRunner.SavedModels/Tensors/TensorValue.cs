using System.Runtime.InteropServices;
using System.Text;

namespace TfRunner;

/// <summary>
/// A tensor: dtype, shape and memory. Numeric memory is row-major and native; what this type allocates is aligned to
/// <see cref="Alignment"/> bytes, so engines take it without a copy. String tensors hold one byte array per element.
/// Not thread-safe for writing; may be read from many threads.
/// </summary>
public sealed unsafe class TensorValue : IDisposable
{
    /// <summary>The alignment of allocated memory in bytes, which TensorFlow needs to take memory without copying it.</summary>
    public const int Alignment = 64;

    private readonly long[] dimensions;
    private readonly byte[][]? strings;
    private readonly bool allocated;
    private readonly Func<TensorValue>? make;
    private object? owner;
    private byte* pointer;
    private byte* memory;
    private int holds = 1;
    private int disposed;

    private TensorValue(
        DType dtype, long[] dimensions, long length, byte* pointer, bool allocated, object? owner, byte[][]? strings, Func<TensorValue>? make = null)
    {
        this.make = make;
        DType = dtype;
        this.dimensions = dimensions;
        Length = length;
        ByteLength = length * dtype.ElementSize();
        this.pointer = pointer;
        memory = pointer;
        this.allocated = allocated;
        this.owner = owner;
        this.strings = strings;
        if (!allocated)
        {
            GC.SuppressFinalize(this);
        }
    }

    /// <summary>Frees memory that was allocated and never disposed.</summary>
    ~TensorValue() => Free();

    /// <summary>The element type.</summary>
    public DType DType { get; }

    /// <summary>The dimensions, all known; empty for a scalar.</summary>
    public ReadOnlySpan<long> Dimensions => dimensions;

    /// <summary>The shape.</summary>
    public TensorShape Shape => TensorShape.Of(dimensions);

    /// <summary>The number of dimensions.</summary>
    public int Rank => dimensions.Length;

    /// <summary>The number of elements.</summary>
    public long Length { get; }

    /// <summary>The size of the numeric memory in bytes; 0 for strings.</summary>
    public long ByteLength { get; }

    /// <summary>Whether the elements are byte strings.</summary>
    public bool IsString => strings is not null;

    /// <summary>The address of the first element. Valid until the tensor is disposed; zero for strings.</summary>
    /// <exception cref="ObjectDisposedException">The tensor has been disposed.</exception>
    public IntPtr Pointer
    {
        get
        {
            if (pointer is null && strings is null)
            {
                Load();
            }

            return (IntPtr)pointer;
        }
    }

    /// <summary>The numeric memory as bytes.</summary>
    /// <exception cref="InvalidOperationException">The tensor holds strings, or more than 2^31 - 1 bytes.</exception>
    public Span<byte> Bytes
    {
        get
        {
            ThrowIfString();
            return ByteLength <= int.MaxValue
                ? new((void*)Pointer, (int)ByteLength)
                : throw new InvalidOperationException("The tensor is larger than a span can be; use Pointer.");
        }
    }

    /// <summary>The elements of a string tensor, row-major. The array is the tensor's own memory.</summary>
    /// <exception cref="InvalidOperationException">The tensor is not a string tensor.</exception>
    public byte[][] Strings => strings ?? throw new InvalidOperationException($"A {DType.Name()} tensor has no strings.");

    /// <summary>
    /// Makes a tensor whose memory is made when it is first looked at and may be dropped with <see cref="Unload"/> until it is
    /// looked at again: large weights, which a conversion looks at one after the other.
    /// </summary>
    /// <param name="dtype">The element type; not string.</param>
    /// <param name="make">Makes the values, in a tensor of that dtype and as many elements, which is disposed when they are dropped.</param>
    /// <param name="dimensions">The dimensions.</param>
    /// <returns>The tensor.</returns>
    internal static TensorValue Deferred(DType dtype, Func<TensorValue> make, params ReadOnlySpan<long> dimensions) =>
        new(dtype, dimensions.ToArray(), CountElements(dtype, dimensions), null, allocated: false, null, null, make);

    /// <summary>Allocates a tensor filled with zeros (or empty strings).</summary>
    /// <param name="dtype">The element type; must have values.</param>
    /// <param name="dimensions">The dimensions, each 0 or more.</param>
    /// <returns>The tensor; the caller disposes it.</returns>
    /// <exception cref="TfRunnerException">InvalidArgument for a dtype without values or a negative or overflowing shape;
    /// ResourceExhausted when memory runs out.</exception>
    public static TensorValue Zeros(DType dtype, params ReadOnlySpan<long> dimensions)
    {
        var tensor = Allocate(dtype, dimensions);
        if (tensor.pointer is not null)
        {
            NativeMemory.Clear(tensor.pointer, (nuint)tensor.ByteLength);
        }

        return tensor;
    }

    /// <summary>Allocates a tensor whose numeric memory is not initialised.</summary>
    /// <inheritdoc cref="Zeros"/>
    public static TensorValue Allocate(DType dtype, params ReadOnlySpan<long> dimensions)
    {
        var length = CountElements(dtype, dimensions);
        if (dtype == DType.String)
        {
            var elements = new byte[checked((int)length)][];
            Array.Fill(elements, []);
            return new(dtype, dimensions.ToArray(), length, null, allocated: false, null, elements);
        }

        // An empty tensor still needs an address: engines refuse null.
        var bytes = Math.Max((nuint)(length * dtype.ElementSize()), 1);
        byte* memory;
        try
        {
            memory = (byte*)NativeMemory.AlignedAlloc(bytes, Alignment);
        }
        catch (OutOfMemoryException e)
        {
            throw new TfRunnerException(
                ErrorCode.ResourceExhausted,
                ErrorStage.Unspecified,
                $"not enough memory for a {dtype.Name()} tensor of shape {TensorShape.Format(dimensions)} ({bytes} bytes)",
                "use a smaller --batch-size",
                e);
        }

        return new(dtype, dimensions.ToArray(), length, memory, allocated: true, null, null);
    }

    /// <summary>Makes a tensor from a copy of <paramref name="values"/>.</summary>
    /// <typeparam name="T">The element type; decides the dtype.</typeparam>
    /// <param name="values">The elements, row-major.</param>
    /// <param name="dimensions">The dimensions; their product is the number of values.</param>
    /// <returns>The tensor; the caller disposes it.</returns>
    public static TensorValue From<T>(ReadOnlySpan<T> values, params ReadOnlySpan<long> dimensions)
        where T : unmanaged
    {
        var tensor = Allocate(RequireDType<T>(), dimensions);
        if (tensor.Length != values.Length)
        {
            tensor.Dispose();
            throw WrongCount(values.Length, dimensions);
        }

        values.CopyTo(new Span<T>(tensor.pointer, values.Length));
        return tensor;
    }

    /// <inheritdoc cref="From{T}(ReadOnlySpan{T}, ReadOnlySpan{long})"/>
    public static TensorValue From<T>(T[] values, params ReadOnlySpan<long> dimensions)
        where T : unmanaged => From((ReadOnlySpan<T>)values, dimensions);

    /// <summary>Makes a rank 0 tensor.</summary>
    /// <typeparam name="T">The element type; decides the dtype.</typeparam>
    /// <param name="value">The value.</param>
    /// <returns>The tensor; the caller disposes it.</returns>
    public static TensorValue FromScalar<T>(T value)
        where T : unmanaged => From(new ReadOnlySpan<T>(in value));

    /// <summary>Makes a string tensor over <paramref name="elements"/> without copying them.</summary>
    /// <param name="elements">The elements, row-major; none is null.</param>
    /// <param name="dimensions">The dimensions; their product is the number of elements.</param>
    /// <returns>The tensor.</returns>
    public static TensorValue FromStrings(byte[][] elements, params ReadOnlySpan<long> dimensions)
    {
        ArgumentNullException.ThrowIfNull(elements);
        return CountElements(DType.String, dimensions) == elements.Length
            ? new(DType.String, dimensions.ToArray(), elements.Length, null, allocated: false, null, elements)
            : throw WrongCount(elements.Length, dimensions);
    }

    /// <summary>Makes a string tensor from text, encoded as UTF-8.</summary>
    /// <inheritdoc cref="FromStrings(byte[][], ReadOnlySpan{long})"/>
    public static TensorValue FromStrings(string[] elements, params ReadOnlySpan<long> dimensions) =>
        FromStrings(Array.ConvertAll(elements, Encoding.UTF8.GetBytes), dimensions);

    /// <summary>Makes a tensor over memory that somebody else owns, without a copy.</summary>
    /// <param name="dtype">The element type; not string.</param>
    /// <param name="memory">The first element. Engines take it without a copy only when it is aligned to <see cref="Alignment"/> bytes.</param>
    /// <param name="byteLength">The size of the memory; at least what the shape needs.</param>
    /// <param name="owner">Kept alive as long as the tensor is; disposed with it when it is <see cref="IDisposable"/>. May be null.</param>
    /// <param name="dimensions">The dimensions.</param>
    /// <returns>The tensor.</returns>
    public static TensorValue Wrap(DType dtype, IntPtr memory, long byteLength, object? owner, params ReadOnlySpan<long> dimensions)
    {
        if (dtype == DType.String)
        {
            throw new ArgumentException("String tensors are made with FromStrings.", nameof(dtype));
        }

        var length = CountElements(dtype, dimensions);
        if (memory == IntPtr.Zero && length == 0)
        {
            // Some allocators give no address for nothing; a tensor has one until it is disposed.
            (owner as IDisposable)?.Dispose();
            return Allocate(dtype, dimensions);
        }

        return length * dtype.ElementSize() <= byteLength
            ? new(dtype, dimensions.ToArray(), length, (byte*)memory, allocated: false, owner, null)
            : throw WrongCount(byteLength / dtype.ElementSize(), dimensions);
    }

    /// <summary>Pins <paramref name="memory"/> and makes a tensor over it, without a copy.</summary>
    /// <typeparam name="T">The element type; decides the dtype.</typeparam>
    /// <param name="memory">The elements; pinned until the tensor is disposed.</param>
    /// <param name="dimensions">The dimensions.</param>
    /// <returns>The tensor; the caller disposes it.</returns>
    public static TensorValue Wrap<T>(Memory<T> memory, params ReadOnlySpan<long> dimensions)
        where T : unmanaged
    {
        var pin = new Pin(memory.Pin());
        return Wrap(RequireDType<T>(), pin.Address, (long)memory.Length * sizeof(T), pin, dimensions);
    }

    /// <summary>The elements as a span over the tensor's own memory.</summary>
    /// <typeparam name="T">The exact element type, or the unsigned integer of the same size for bfloat16, float16, bool and quantised types.</typeparam>
    /// <returns>The elements, row-major. The span must not outlive the tensor.</returns>
    /// <exception cref="TfRunnerException">InvalidArgument when the dtype is another one.</exception>
    public Span<T> AsSpan<T>()
        where T : unmanaged
    {
        if (!DType.CanView<T>())
        {
            throw new TfRunnerException(
                ErrorCode.InvalidArgument,
                ErrorStage.Usage,
                $"a {DType.Name()} tensor cannot be read as {typeof(T).Name}",
                IsString ? "use Strings" : null);
        }

        return new((void*)Pointer, checked((int)Length));
    }

    /// <summary>A scalar's value, or the only element of a tensor with one.</summary>
    /// <typeparam name="T">As for <see cref="AsSpan{T}"/>.</typeparam>
    /// <returns>The value.</returns>
    public T AsScalar<T>()
        where T : unmanaged =>
        Length == 1 ? AsSpan<T>()[0] : throw new InvalidOperationException($"A tensor of shape {TensorShape.Format(dimensions)} is not one value.");

    /// <summary>The same memory under another shape. The view keeps this tensor alive but does not own its memory.</summary>
    /// <param name="newDimensions">Dimensions with the same product.</param>
    /// <returns>The view.</returns>
    public TensorValue Reshape(params ReadOnlySpan<long> newDimensions)
    {
        return CountElements(DType, newDimensions) != Length ? throw WrongCount(Length, newDimensions)
            : make is not null ? Deferred(DType, make, newDimensions)
            : strings is not null ? new(DType, newDimensions.ToArray(), Length, null, allocated: false, null, strings)
            : new(DType, newDimensions.ToArray(), Length, (byte*)Pointer, allocated: false, new KeepAlive(this), null);
    }

    /// <summary>Copies <paramref name="count"/> rows (slices of the first dimension) of <paramref name="source"/> into this tensor.</summary>
    /// <param name="source">A tensor of the same dtype and row shape.</param>
    /// <param name="sourceRow">The first row to copy.</param>
    /// <param name="targetRow">Where it goes.</param>
    /// <param name="count">How many rows.</param>
    public void CopyRows(TensorValue source, long sourceRow, long targetRow, long count)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source.DType != DType || Rank == 0 || source.Rank != Rank || !Dimensions[1..].SequenceEqual(source.Dimensions[1..]))
        {
            throw new ArgumentException($"Rows of {source.DType.Name()} {source.Shape} do not fit into {DType.Name()} {Shape}.", nameof(source));
        }

        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sourceRow + count, source.dimensions[0], nameof(sourceRow));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(targetRow + count, dimensions[0], nameof(targetRow));
        if (strings is not null)
        {
            var row = Length == 0 ? 0 : Length / dimensions[0];
            Array.Copy(source.Strings, sourceRow * row, strings, targetRow * row, count * row);
            return;
        }

        var rowBytes = dimensions[0] == 0 ? 0 : ByteLength / dimensions[0];
        Buffer.MemoryCopy(
            (byte*)source.Pointer + (sourceRow * rowBytes),
            (byte*)Pointer + (targetRow * rowBytes),
            ByteLength - (targetRow * rowBytes),
            count * rowBytes);
        GC.KeepAlive(source);
    }

    /// <summary>A copy with memory of its own.</summary>
    /// <returns>The copy; the caller disposes it.</returns>
    public TensorValue Clone()
    {
        if (strings is not null)
        {
            return FromStrings((byte[][])strings.Clone(), dimensions);
        }

        var copy = Allocate(DType, dimensions);
        Buffer.MemoryCopy((void*)Pointer, copy.pointer, ByteLength, ByteLength);
        GC.KeepAlive(this);
        return copy;
    }

    /// <summary>
    /// Frees the memory, or lets go of its owner. Spans over it must no longer be used. Memory that an array of another
    /// library shows stays until that array is gone too.
    /// </summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 0)
        {
            pointer = null;
            LetGo();
            GC.SuppressFinalize(this);
        }
    }

    /// <summary>Whether the elements are in memory; false for a deferred tensor that nobody has looked at.</summary>
    internal bool IsLoaded => pointer is not null || strings is not null;

    /// <summary>Drops the memory of a deferred tensor, for which nobody may have an address any more. Other tensors keep theirs.</summary>
    internal void Unload()
    {
        if (make is null)
        {
            return;
        }

        lock (make)
        {
            if (Volatile.Read(ref disposed) == 0)
            {
                pointer = null;
                (owner as IDisposable)?.Dispose();
                owner = null;
            }
        }
    }

    /// <summary>Keeps the memory beyond <see cref="Dispose"/>, until <see cref="LetGo"/>.</summary>
    /// <exception cref="ObjectDisposedException">The tensor has been disposed.</exception>
    internal void Hold()
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref disposed) != 0, this);
        Interlocked.Increment(ref holds);
    }

    /// <summary>Ends one <see cref="Hold"/>; the last one frees the memory.</summary>
    internal void LetGo()
    {
        if (Interlocked.Decrement(ref holds) == 0)
        {
            Free();
        }
    }

    /// <summary>The dtype and shape, such as <c>float32 [2, 3]</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{DType.Name()} {TensorShape.Format(dimensions)}";

    private static DType RequireDType<T>()
        where T : unmanaged =>
        DTypes.Of<T>() is var dtype and not DType.Invalid ? dtype : throw new ArgumentException($"No tensor holds elements of {typeof(T).Name}.");

    private static long CountElements(DType dtype, ReadOnlySpan<long> dimensions)
    {
        if (!dtype.HasValues())
        {
            throw new TfRunnerException(ErrorCode.InvalidArgument, ErrorStage.Usage, $"tensors of {dtype.Name()} hold no values outside a model");
        }

        var count = 1L;
        try
        {
            foreach (var d in dimensions)
            {
                count = d >= 0 ? checked(count * d) : throw new OverflowException();
            }

            _ = checked(count * Math.Max(dtype.ElementSize(), 1));
        }
        catch (OverflowException)
        {
            throw new TfRunnerException(ErrorCode.InvalidArgument, ErrorStage.Usage, $"no tensor has shape {TensorShape.Format(dimensions)}");
        }

        return count;
    }

    private static TfRunnerException WrongCount(long count, ReadOnlySpan<long> dimensions) =>
        new(ErrorCode.InvalidArgument, ErrorStage.Usage, $"{count} values do not make a tensor of shape {TensorShape.Format(dimensions)}");

    private void Load()
    {
        ObjectDisposedException.ThrowIf(make is null || Volatile.Read(ref disposed) != 0, this);
        lock (make)
        {
            if (pointer is null)
            {
                var made = make();
                owner = made;
                pointer = (byte*)made.Pointer;
            }
        }
    }

    private void ThrowIfString()
    {
        if (strings is not null)
        {
            throw new InvalidOperationException("A string tensor has no numeric memory; use Strings.");
        }
    }

    private void Free()
    {
        if (allocated && memory is not null)
        {
            NativeMemory.AlignedFree(memory);
        }

        memory = null;
        (owner as IDisposable)?.Dispose();
        owner = null;
    }

    private sealed class KeepAlive(object target)
    {
        public object Target { get; } = target;
    }

    private sealed class Pin(System.Buffers.MemoryHandle handle) : IDisposable
    {
        private System.Buffers.MemoryHandle handle = handle;

        public IntPtr Address => (IntPtr)handle.Pointer;

        public void Dispose() => handle.Dispose();
    }
}
