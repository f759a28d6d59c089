using System.Globalization;
using TfRunner.Files;

namespace TfRunner.Checkpoints;

/// <summary>
/// A checkpoint in TensorFlow's bundle format: <c>PREFIX.index</c> and <c>PREFIX.data-NNNNN-of-NNNNN</c>. The index is read
/// when it is opened; shards are mapped into memory when a tensor of theirs is read. May be used from many threads.
/// </summary>
public sealed unsafe class Checkpoint : IDisposable
{
    private const long DeferredBytes = 1 << 16;
    private const int ReadStep = 1 << 30;

    private readonly CheckpointIndex index;
    private readonly Dictionary<string, CheckpointEntry> byName;
    private readonly Dictionary<int, MappedFile> shards = [];
    private readonly Lock gate = new();
    private bool disposed;

    private Checkpoint(string prefix, CheckpointIndex index)
    {
        Prefix = prefix;
        this.index = index;
        byName = new(index.Entries.Count, StringComparer.Ordinal);
        foreach (var entry in index.Entries)
        {
            // Names that differ in invalid UTF-8 only become one; nothing can ask for either.
            byName.TryAdd(entry.Name, entry);
        }
    }

    /// <summary>The path without <c>.index</c>, absolute.</summary>
    public string Prefix { get; }

    /// <summary>The tensors, in ordinal order of their names.</summary>
    public IReadOnlyList<CheckpointEntry> Entries => index.Entries;

    /// <summary>Opens a checkpoint by reading its index.</summary>
    /// <param name="prefix">The path without <c>.index</c>, such as <c>model/variables/variables</c>.</param>
    /// <returns>The checkpoint; the caller disposes it.</returns>
    /// <exception cref="TfRunnerException">NotFound when there is no index; DataLoss, naming file and offset, when it is damaged.</exception>
    public static Checkpoint Open(string prefix)
    {
        ArgumentException.ThrowIfNullOrEmpty(prefix);
        var absolute = Path.GetFullPath(prefix);
        return new(absolute, CheckpointIndex.Read(absolute + ".index"));
    }

    /// <summary>Whether there is a tensor of that name.</summary>
    /// <param name="name">The checkpoint key.</param>
    /// <returns>True when it can be read.</returns>
    public bool Contains(string name) => byName.ContainsKey(name);

    /// <summary>Finds a tensor's description.</summary>
    /// <param name="name">The checkpoint key.</param>
    /// <returns>The entry, or null.</returns>
    public CheckpointEntry? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>
    /// Reads a tensor and, the first time, compares its checksum. A numeric tensor that is stored whole and little-endian is a
    /// view of the mapped shard: nothing is copied, its address is only as aligned as the file made it, and writing to it
    /// changes neither the file nor what the checkpoint reads for others. The view stays valid until it is disposed, even
    /// when the checkpoint is disposed first.
    /// </summary>
    /// <param name="name">The checkpoint key.</param>
    /// <returns>The tensor; the caller disposes it.</returns>
    /// <exception cref="TfRunnerException">NotFound for an unknown name or a missing shard; DataLoss, naming file and offset,
    /// for damaged bytes; Unimplemented for a dtype that no tensor here can have.</exception>
    public TensorValue Read(string name)
    {
        var entry = Find(name) ?? throw TfRunnerException.ForLoad(
            ErrorCode.NotFound,
            $"{Prefix}.index has no tensor '{name}'",
            NearestName.Hint(name, byName.Keys));
        if (!entry.DType.HasValues())
        {
            throw TfRunnerException.ForLoad(
                ErrorCode.Unimplemented, $"'{name}' in {Prefix}.index has dtype {entry.DType.Name()}, which has no values outside TensorFlow");
        }

        return entry.IsSliced ? ReadSliced(entry) : ReadWhole(entry);
    }

    /// <summary>
    /// A tensor that is read, without mapping its shard, when its elements are first looked at, and again after they were
    /// dropped. Small tensors, strings, and those that are stored in slices or in another byte order are read at once.
    /// </summary>
    /// <param name="name">The checkpoint key.</param>
    /// <returns>The tensor.</returns>
    /// <exception cref="TfRunnerException">As for <see cref="Read"/>; for a deferred tensor also when it is looked at.</exception>
    internal TensorValue ReadDeferred(string name)
    {
        if (Find(name) is not { IsSliced: false, Proto.Size: >= DeferredBytes } entry || !entry.DType.HasValues() || entry.DType == DType.String || index.IsBigEndian)
        {
            return Read(name);
        }

        using (Acquire(entry.Shard, out var shard))
        {
            CheckExtent(entry, shard);
            return TensorValue.Deferred(entry.DType, () => ReadCopy(entry, shard.Path), entry.Shape.Dimensions);
        }
    }

    /// <summary>Closes the shards. Tensors that were read stay valid until they are disposed.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            foreach (var shard in shards.Values)
            {
                shard.Dispose();
            }

            shards.Clear();
        }
    }

    private TensorValue ReadWhole(CheckpointEntry entry)
    {
        var lease = Acquire(entry.Shard, out var shard);
        try
        {
            var offset = entry.Proto.Offset;
            var size = entry.Proto.Size;
            CheckExtent(entry, shard);
            if (entry.DType == DType.String)
            {
                using (lease)
                {
                    return ReadStrings(entry, shard.Path, new(lease.Pointer + offset, Spannable(entry, size)));
                }
            }

            if (!entry.IsVerified)
            {
                Verify(entry, shard.Path, Crc32C.Compute(lease.Pointer + offset, size));
            }

            if (size > 0 && (!index.IsBigEndian || ByteOrder.UnitSize(entry.DType) == 1))
            {
                return TensorValue.Wrap(entry.DType, (IntPtr)(lease.Pointer + offset), size, lease, entry.Shape.Dimensions);
            }

            using (lease)
            {
                var copy = TensorValue.Allocate(entry.DType, entry.Shape.Dimensions);
                Buffer.MemoryCopy(lease.Pointer + offset, (void*)copy.Pointer, size, size);
                Swap(copy);
                return copy;
            }
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    private static TensorValue ReadCopy(CheckpointEntry entry, string path)
    {
        var copy = TensorValue.Allocate(entry.DType, entry.Shape.Dimensions);
        try
        {
            using var file = File.OpenHandle(path);
            for (var done = 0L; done < copy.ByteLength;)
            {
                var rest = new Span<byte>((byte*)copy.Pointer + done, (int)Math.Min(ReadStep, copy.ByteLength - done));
                var count = RandomAccess.Read(file, rest, entry.Proto.Offset + done);
                done += count > 0 ? count : throw FileErrors.Damaged(path, entry.Proto.Offset + done, $"it ends before tensor '{entry.Name}' does");
            }

            if (!entry.IsVerified)
            {
                Verify(entry, path, Crc32C.Compute((byte*)copy.Pointer, copy.ByteLength));
            }

            return copy;
        }
        catch (Exception e)
        {
            copy.Dispose();
            if (FileErrors.IsAboutFile(e))
            {
                throw FileErrors.CannotRead(path, e);
            }

            throw;
        }
    }

    private TensorValue ReadStrings(CheckpointEntry entry, string path, ReadOnlySpan<byte> data)
    {
        var strings = StringTensorDecoder.Decode(
            path, entry.Proto.Offset, data, entry.Shape.ElementCount(), index.IsBigEndian, out var crc);
        Verify(entry, path, crc);
        return TensorValue.FromStrings(strings, entry.Shape.Dimensions);
    }

    private TensorValue ReadSliced(CheckpointEntry entry)
    {
        var assembly = new SliceAssembly(index.Path, entry);
        var parts = new List<CheckpointEntry>(entry.Proto.Slices.Count);
        foreach (var slice in entry.Proto.Slices)
        {
            var part = index.Slices.GetValueOrDefault(SliceKey.Of(entry.Name, slice))
                ?? throw TfRunnerException.ForLoad(ErrorCode.DataLoss, $"{index.Path} lacks a slice of tensor '{entry.Name}'");
            assembly.Check(slice, part);
            using var lease = Acquire(part.Shard, out var shard);
            CheckExtent(part, shard);
            parts.Add(part);
        }

        // Memory is taken only after every slice was found and fits.
        var whole = assembly.Allocate();
        try
        {
            for (var i = 0; i < parts.Count; i++)
            {
                using var part = ReadWhole(parts[i]);
                assembly.Copy(entry.Proto.Slices[i], part, whole);
            }

            return whole;
        }
        catch
        {
            whole.Dispose();
            throw;
        }
    }

    private MappedFile.Lease Acquire(int number, out MappedFile shard)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            if (!shards.TryGetValue(number, out shard!))
            {
                shard = MappedFile.Open(string.Create(CultureInfo.InvariantCulture, $"{Prefix}.data-{number:D5}-of-{index.ShardCount:D5}"));
                shards.Add(number, shard);
            }

            return shard.Acquire();
        }
    }

    private void Swap(TensorValue tensor)
    {
        var unit = ByteOrder.UnitSize(tensor.DType);
        const int Step = 1 << 30;
        for (var done = 0L; index.IsBigEndian && done < tensor.ByteLength; done += Step)
        {
            ByteOrder.Swap(new((byte*)tensor.Pointer + done, (int)Math.Min(Step, tensor.ByteLength - done)), unit);
        }
    }

    private static void Verify(CheckpointEntry entry, string path, uint crc)
    {
        if (Crc32C.Mask(crc) != entry.Proto.Crc32C)
        {
            throw FileErrors.Damaged(path, entry.Proto.Offset, $"the checksum of tensor '{entry.Name}' does not match");
        }

        entry.IsVerified = true;
    }

    private static void CheckExtent(CheckpointEntry entry, MappedFile shard)
    {
        if (entry.Proto.Offset + entry.Proto.Size > shard.Length)
        {
            throw FileErrors.Damaged(shard.Path, shard.Length, $"it ends before tensor '{entry.Name}' does");
        }

        if (entry.DType == DType.String && entry.Shape.ElementCount() > entry.Proto.Size)
        {
            throw FileErrors.Damaged(shard.Path, entry.Proto.Offset, $"the strings of tensor '{entry.Name}' do not fit its bytes");
        }
    }

    private static int Spannable(CheckpointEntry entry, long size) => size <= int.MaxValue
        ? (int)size
        : throw TfRunnerException.ForLoad(
            ErrorCode.Unimplemented, FormattableString.Invariant($"string tensor '{entry.Name}' has {size} bytes; the limit here is 2 GiB"));
}
