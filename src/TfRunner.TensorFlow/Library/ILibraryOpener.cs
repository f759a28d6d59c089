namespace TfRunner.TensorFlow.Library;

/// <summary>Opens libraries; a test describes libraries that this machine does not have.</summary>
internal interface ILibraryOpener
{
    /// <summary>Opens a library.</summary>
    /// <param name="file">Its path.</param>
    /// <param name="library">The library, for <see cref="Symbol"/>.</param>
    /// <returns>Why it cannot be opened, in one line; null when it was.</returns>
    string? TryOpen(string file, out IntPtr library);

    /// <summary>Finds a symbol; zero when the library has none of that name.</summary>
    IntPtr Symbol(IntPtr library, string name);
}
