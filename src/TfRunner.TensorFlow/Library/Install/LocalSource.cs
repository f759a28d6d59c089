namespace TfRunner.TensorFlow.Library.Install;

/// <summary>Opens a package that is on this machine already.</summary>
internal static class LocalSource
{
    private const string Kinds = "a .nupkg, a .whl, the C library's .tar.gz or .zip, or an unpacked folder";

    private static readonly string[] Zips = [".nupkg", ".whl", ".zip"];
    private static readonly string[] Tars = [".tar.gz", ".tgz"];

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
            return OpenFolder(full);
        }

        if (!File.Exists(full))
        {
            throw InstallErrors.Error(
                ErrorCode.NotFound, $"there is no file or folder {path}", $"--from takes nuget, pip, or {Kinds}");
        }

        if (EndsWith(full, Zips) || EndsWith(full, Tars))
        {
            CheckReadable(full);
            return EndsWith(full, Zips) ? ZipPackage.Open(full, full) : TarPackage.Open(full, scratch, progress, cancellationToken);
        }

        throw new TfRunnerException(ErrorCode.InvalidArgument, ErrorStage.Usage, $"{path} is no kind of package that can be installed", $"--from takes nuget, pip, or {Kinds}");
    }

    private static FolderPackage OpenFolder(string folder)
    {
        var package = FolderPackage.Open(folder);
        return package.Entries.Any(static e => LibrarySelection.IsLibrary(e.Name)) || FirstArchive(folder) is not { } archive
            ? package
            : throw InstallErrors.Error(
                ErrorCode.NotFound, $"{folder} holds packages, and no library outside of them", $"name one of them: --from {Path.Combine(folder, archive)}");
    }

    private static string? FirstArchive(string folder) =>
        Directory.EnumerateFiles(folder).Select(static f => Path.GetFileName(f)).Where(static f => EndsWith(f, Zips) || EndsWith(f, Tars)).Order(StringComparer.Ordinal).FirstOrDefault();

    private static void CheckReadable(string file)
    {
        try
        {
            File.OpenRead(file).Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw InstallErrors.Unreadable(file, e);
        }
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
