namespace TfRunner.Onnx.Execution;

/// <summary>
/// A folder that holds a model while a session opens it. ONNX Runtime maps the weights of a file instead of copying them;
/// where the system lets a mapped file go, it is gone once the session is open, else when the session is closed.
/// </summary>
internal sealed class PassingFolder : IDisposable
{
    private PassingFolder(string path) => Path = path;

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Makes a folder among the user's temporary files.</summary>
    /// <returns>The folder; null where the disk does not take it.</returns>
    public static PassingFolder? TryCreate()
    {
        try
        {
            return new(Directory.CreateTempSubdirectory("tfrunner-session-").FullName);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Removes the folder if the system allows it while its files are mapped.</summary>
    public void LetGo()
    {
        if (!OperatingSystem.IsWindows())
        {
            Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Gone already, or left to the system that cleans temporary files.
        }
    }
}
