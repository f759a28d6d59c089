using System.IO.Compression;

namespace TfRunner.TensorFlow.Library.Install;

/// <summary>A package that is a zip archive: <c>.nupkg</c>, <c>.whl</c>, and the C library for Windows.</summary>
internal sealed class ZipPackage : ILibraryPackage
{
    private readonly ZipArchive archive;

    private ZipPackage(string description, ZipArchive archive)
    {
        this.archive = archive;
        Description = description;
        Entries = [.. archive.Entries.Where(static e => e.Name.Length > 0 && !IsLink(e)).Select(static e => new PackageEntry(e.FullName.Replace('\\', '/'), e.Length, e.Open))];
    }

    public string Description { get; }

    public IReadOnlyList<PackageEntry> Entries { get; }

    /// <summary>Opens an archive.</summary>
    /// <param name="file">Its path.</param>
    /// <param name="description">What it is, for messages.</param>
    /// <returns>The package; the caller disposes it.</returns>
    /// <exception cref="TfRunnerException">DataLoss when it is no zip archive, or a damaged one.</exception>
    public static ZipPackage Open(string file, string description)
    {
        try
        {
            return new(description, ZipFile.OpenRead(file));
        }
        catch (InvalidDataException e)
        {
            throw InstallErrors.Error(ErrorCode.DataLoss, $"{file} is damaged or no zip archive: {e.Message}", "fetch it again", e);
        }
    }

    public void Dispose() => archive.Dispose();

    /// <summary>Archives written on Unix keep the file's mode in the upper half; a link's content is only where it leads.</summary>
    private static bool IsLink(ZipArchiveEntry entry) => ((entry.ExternalAttributes >> 16) & 0xF000) == 0xA000;
}
