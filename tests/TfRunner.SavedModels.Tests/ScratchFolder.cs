namespace TfRunner.SavedModels.Tests;

/// <summary>A folder of one test's own, gone when the test ends.</summary>
public sealed class ScratchFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("tfrunner-savedmodels-").FullName;

    public string Write(string relativePath, ReadOnlySpan<byte> contents)
    {
        var path = System.IO.Path.Combine(Path, relativePath);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, contents);
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
