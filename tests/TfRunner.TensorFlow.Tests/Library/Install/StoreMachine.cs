using TfRunner.TensorFlow.Library;

namespace TfRunner.TensorFlow.Tests.Library.Install;

/// <summary>This machine's files with a home of the test's own, looked at as one platform or another.</summary>
internal sealed class StoreMachine(string home, NativePlatform platform = NativePlatform.Linux) : IMachine
{
    private readonly ThisMachine real = new();

    public NativePlatform Platform => platform;

    public string RuntimeIdentifier => platform switch { NativePlatform.Windows => "win-x64", NativePlatform.MacOS => "osx-arm64", _ => "linux-x64" };

    public string ApplicationDirectory => home;

    public IReadOnlyList<string> NativeFolders => [];

    public string HomeDirectory => home;

    public string? Variable(string name) => name is "XDG_DATA_HOME" or "LOCALAPPDATA" && home.Length > 0 ? home : null;

    public bool FileExists(string path) => real.FileExists(path);

    public bool DirectoryExists(string path) => real.DirectoryExists(path);

    public IReadOnlyList<string> Directories(string path) => real.Directories(path);

    public IReadOnlyList<string> Lines(string path) => real.Lines(path);

    public string Resolve(string path) => real.Resolve(path);
}
