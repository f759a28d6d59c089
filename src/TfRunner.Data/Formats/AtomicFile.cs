namespace TfRunner.Data.Formats;

/// <summary>A file that bears its name only when it is whole: written beside under another name, then renamed.</summary>
internal sealed class AtomicFile : IDisposable
{
    private readonly string path;
    private readonly string partial;
    private readonly FileStream stream;
    private bool completed;

    public AtomicFile(string path)
    {
        this.path = Path.GetFullPath(path);
        partial = Path.Combine(
            Path.GetDirectoryName(this.path)!,
            $".{Path.GetFileName(this.path)}.{Path.GetRandomFileName()}.partial");
        if (Directory.Exists(this.path))
        {
            throw TfRunnerException.ForData(ErrorCode.InvalidArgument, $"{path} is a directory", "name a file to write");
        }

        stream = Guard(() => new FileStream(partial, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read, 1 << 16));
        Stream = new FailureTranslator(stream, path);
    }

    /// <summary>Where to write. A full disk or a lost connection surfaces as a <see cref="TfRunnerException"/> that names the file.</summary>
    public Stream Stream { get; }

    public void Complete()
    {
        Guard(() =>
        {
            stream.Flush(flushToDisk: true);
            stream.Dispose();
            File.Move(partial, path, overwrite: true);
            return true;
        });
        completed = true;
    }

    public void Dispose()
    {
        if (completed)
        {
            return;
        }

        try
        {
            stream.Dispose();
        }
        catch (IOException)
        {
            // The disk is full: what could not be written goes with the file.
        }

        File.Delete(partial);
    }

    private T Guard<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FailureTranslator.Translate(e, path);
        }
    }
}
