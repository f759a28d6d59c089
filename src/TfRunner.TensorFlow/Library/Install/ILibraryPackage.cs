namespace TfRunner.TensorFlow.Library.Install;

/// <summary>The files among which TensorFlow's library is looked for: an archive, a folder, or what a client fetched.</summary>
internal interface ILibraryPackage : IDisposable
{
    /// <summary>What the files come from, for messages and the manifest.</summary>
    string Description { get; }

    /// <summary>The files, links followed.</summary>
    IReadOnlyList<PackageEntry> Entries { get; }
}
