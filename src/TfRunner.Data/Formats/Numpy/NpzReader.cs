using System.IO.Compression;

namespace TfRunner.Data.Formats.Numpy;

/// <summary>Reads the arrays of a <c>.npz</c> file: a ZIP archive with one <c>.npy</c> entry per key.</summary>
public sealed class NpzReader : IDisposable
{
    private readonly ZipArchive archive;
    private readonly string path;

    private NpzReader(ZipArchive archive, string path)
    {
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
        try
        {
            return new(ZipFile.OpenRead(path), path);
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
    }

    /// <summary>Reads one array.</summary>
    /// <param name="key">One of <see cref="Keys"/>.</param>
    /// <returns>The tensor; the caller disposes it.</returns>
    /// <exception cref="TfRunnerException">NotFound for an unknown key; DataLoss for a damaged entry.</exception>
    public TensorValue Read(string key)
    {
        var source = $"'{key}' in {path}";
        var entry = archive.GetEntry(key + ".npy")
            ?? throw TfRunnerException.ForData(ErrorCode.NotFound, $"{path} has no array '{key}'", $"it holds: {string.Join(", ", Keys)}");
        try
        {
            using var stream = entry.Open();
            return NpyReader.Read(stream, source, entry.Length);
        }
        catch (InvalidDataException e)
        {
            throw TfRunnerException.ForData(ErrorCode.DataLoss, $"{source} is damaged: {e.Message}", null, e);
        }
    }

    /// <summary>Reads every array.</summary>
    /// <returns>The tensors by key; the caller disposes them.</returns>
    public Dictionary<string, TensorValue> ReadAll() => Keys.ToDictionary(static k => k, Read, StringComparer.Ordinal);

    /// <inheritdoc/>
    public void Dispose() => archive.Dispose();
}
