namespace TfRunner.TensorFlow.Library.Install;

/// <summary>An unpacked package.</summary>
internal sealed class FolderPackage : ILibraryPackage
{
    private FolderPackage(string description, IReadOnlyList<PackageEntry> entries)
    {
        Description = description;
        Entries = entries;
    }

    public string Description { get; }

    public IReadOnlyList<PackageEntry> Entries { get; }

    /// <summary>Lists a folder.</summary>
    /// <param name="folder">Its path.</param>
    /// <param name="description">What it is; null takes the path.</param>
    /// <returns>The package. Links to folders are not followed, so that a ring of them does no harm.</returns>
    public static FolderPackage Open(string folder, string? description = null)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None, IgnoreInaccessible = true };
        var files = new System.IO.Enumeration.FileSystemEnumerable<string>(folder, static (ref e) => e.ToFullPath(), options)
        {
            ShouldIncludePredicate = static (ref e) => !e.IsDirectory && LibrarySelection.MayBeWanted(e.FileName.ToString()),
            ShouldRecursePredicate = static (ref e) => !e.Attributes.HasFlag(FileAttributes.ReparsePoint),
        };
        return new(description ?? folder, [.. files.Select(f => Entry(folder, f)).OfType<PackageEntry>().OrderBy(static e => e.Path, StringComparer.Ordinal)]);
    }

    public void Dispose()
    {
        // Holds nothing open.
    }

    private static PackageEntry? Entry(string folder, string file)
    {
        var real = File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName ?? file;
        var info = new FileInfo(real);
        return info.Exists ? new(Path.GetRelativePath(folder, file).Replace('\\', '/'), info.Length, () => File.OpenRead(real)) : null;
    }
}
