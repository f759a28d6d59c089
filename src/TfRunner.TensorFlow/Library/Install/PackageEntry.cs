namespace TfRunner.TensorFlow.Library.Install;

/// <summary>One file of a package.</summary>
/// <param name="Path">Its path inside the package, with <c>/</c>. Only ever compared: nothing is written to a path that a package names.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Open">Opens its content; the caller disposes the stream.</param>
internal sealed record PackageEntry(string Path, long Length, Func<Stream> Open)
{
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    /// <summary>The folder's path inside the package; empty at its root.</summary>
    public string Folder => Path.LastIndexOf('/') is var cut and >= 0 ? Path[..cut] : string.Empty;
}
