namespace TfRunner.TensorFlow.Library;

/// <summary>What the search for the library sees of a machine. A described one stands in for platforms that a test does not run on.</summary>
internal interface IMachine
{
    NativePlatform Platform { get; }

    /// <summary>Such as <c>linux-x64</c>.</summary>
    string RuntimeIdentifier { get; }

    /// <summary>The folder of the application's files.</summary>
    string ApplicationDirectory { get; }

    /// <summary>The folders from which .NET loads the application's native files; where a program of one file unpacked them, that folder too.</summary>
    IReadOnlyList<string> NativeFolders { get; }

    /// <summary>The user's home; empty when there is none.</summary>
    string HomeDirectory { get; }

    /// <summary>An environment variable; null when it is not set or empty.</summary>
    string? Variable(string name);

    bool FileExists(string path);

    bool DirectoryExists(string path);

    /// <summary>The names (not paths) of a folder's folders, in ordinal order; none when it cannot be read.</summary>
    IReadOnlyList<string> Directories(string path);

    /// <summary>The lines of a text file; none when it cannot be read.</summary>
    IReadOnlyList<string> Lines(string path);

    /// <summary>Where a link finally leads; the path itself when it is no link.</summary>
    string Resolve(string path);
}
