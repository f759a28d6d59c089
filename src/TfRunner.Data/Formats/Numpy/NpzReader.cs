using System.IO.Compression;

namespace TfRunner.Data.Formats.Numpy;

/// <summary>Reads the arrays of a <c>.npz</c> file: a ZIP archive with one <c>.npy</c> entry per key.</summary>
public sealed class NpzReader : IDisposable
{
    private readonly FileStream file;
    private readonly ZipArchive archive;
    private readonly string path;

    private NpzReader(FileStream file, ZipArchive archive, string path)
    {
        this.file = file;
        this.archive = archive;
        this.path = path;
        Keys = [.. archive.Entries.Where(static e => e.FullName.EndsWith(".npy", StringComparison.Ordinal)).Select(static e => e.FullName[..^4])];
    }

    /// <summary>The keys, in the file's order.</summary>
    public IReadOnlyList<string> Keys { get; }

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The reader; the caller disposes it.</returns>
    /// <exception cref="TfRunnerException">NotFound when it does not exist; DataLoss when it is no whole ZIP archive.</exception>
    public static NpzReader Open(string path)
    {
        FileStream? file = null;
        try
        {
            // No buffer: the mapping of an array begins where reading its header ended.
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            var reader = new NpzReader(file, new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true), path);
            file = null;
            return reader;
        }
        catch (InvalidDataException e)
        {
            throw TfRunnerException.ForData(ErrorCode.DataLoss, $"{path} is not a whole .npz file", "it may be cut off; write it again with numpy.savez", e);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw TfRunnerException.ForData(ErrorCode.NotFound, $"there is no file {path}", null, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw TfRunnerException.ForData(ErrorCode.PermissionDenied, $"{path} cannot be read: {e.Message}", null, e);
        }
        finally
        {
            file?.Dispose();
        }
    }

    /// <summary>Reads one array. One that is stored without compression is mapped into memory rather than read, where it is aligned.</summary>
    /// <param name="key">One of <see cref="Keys"/>.</param>
    /// <returns>The tensor; the caller disposes it.</returns>
    /// <exception cref="TfRunnerException">NotFound for an unknown key; DataLoss for a damaged entry.</exception>
    public TensorValue Read(string key)
    {
        using var array = OpenArray(key);
        return array.Take();
    }

    /// <summary>Opens an array of which rows are wanted. Compressed ones are read whole, as nothing else can be done with them.</summary>
    /// <param name="key">One of <see cref="Keys"/>.</param>
    /// <returns>The array; the caller disposes it.</returns>
    /// <exception cref="TfRunnerException">NotFound for an unknown key; DataLoss for a damaged entry.</exception>
    internal StoredArray OpenArray(string key)
    {
        var source = $"'{key}' in {path}";
        var entry = archive.GetEntry(key + ".npy")
            ?? throw TfRunnerException.ForData(ErrorCode.NotFound, $"{path} has no array '{key}'", $"it holds: {string.Join(", ", Keys)}");
        try
        {
            using var stream = entry.Open();
            using var read = new MemoryStream();
            var header = NpyHeader.Read(stream, source, read);
            return (IsStored(entry, read) ? MappedArray.TryOpen(file, header, entry.Length - read.Length, source) : null)
                ?? (StoredArray)new HeldArray(NpyReader.Read(stream, header, source, entry.Length - read.Length));
        }
        catch (InvalidDataException e)
        {
            throw TfRunnerException.ForData(ErrorCode.DataLoss, $"{source} is damaged: {e.Message}", null, e);
        }
    }

    /// <summary>Whether the bytes just read from an entry stand in the file as they are, and the file behind them.</summary>
    private bool IsStored(ZipArchiveEntry entry, MemoryStream read)
    {
        if (entry.CompressedLength != entry.Length || file.Position < read.Length)
        {
            return false;
        }

        var at = file.Position;
        var there = new byte[read.Length];
        file.Position = at - read.Length;
        file.ReadExactly(there);
        return there.AsSpan().SequenceEqual(read.GetBuffer().AsSpan(0, there.Length));
    }

    /// <summary>Reads every array.</summary>
    /// <returns>The tensors by key; the caller disposes them.</returns>
    public Dictionary<string, TensorValue> ReadAll() => Keys.ToDictionary(static k => k, Read, StringComparer.Ordinal);

    /// <inheritdoc/>
    public void Dispose()
    {
        archive.Dispose();
        file.Dispose();
    }
}
