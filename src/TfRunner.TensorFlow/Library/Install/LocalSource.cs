namespace TfRunner.TensorFlow.Library.Install;

/// <summary>Opens a package that is on this machine already.</summary>
internal static class LocalSource
{
    private const string Kinds = "a .nupkg, a .whl, the C library's .tar.gz or .zip, or an unpacked folder";

    /// <summary>Opens a file or folder.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="scratch">Where what must be unpacked goes; the caller removes it.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <returns>The package; the caller disposes it.</returns>
    /// <exception cref="TfRunnerException">NotFound when nothing is there; InvalidArgument for another kind of file; DataLoss for a damaged one.</exception>
    public static ILibraryPackage Open(string path, string scratch, IProgress<InstallProgress> progress, CancellationToken cancellationToken)
    {
        var full = Path.GetFullPath(path);
        if (Directory.Exists(full))
        {
            return FolderPackage.Open(full);
        }

        if (!File.Exists(full))
        {
            throw InstallErrors.Error(
                ErrorCode.NotFound, $"there is no file or folder {path}", $"--from takes nuget, pip, or {Kinds}");
        }

        if (EndsWith(full, ".nupkg", ".whl", ".zip"))
        {
            return ZipPackage.Open(full, full);
        }

        if (EndsWith(full, ".tar.gz", ".tgz"))
        {
            return TarPackage.Open(full, scratch, progress, cancellationToken);
        }

        throw new TfRunnerException(ErrorCode.InvalidArgument, ErrorStage.Usage, $"{path} is no kind of package that can be installed", $"--from takes nuget, pip, or {Kinds}");
    }

    private static bool EndsWith(string path, params ReadOnlySpan<string> endings)
    {
        foreach (var ending in endings)
        {
            if (path.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
