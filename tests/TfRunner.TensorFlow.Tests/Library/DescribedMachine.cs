using TfRunner.TensorFlow.Library;

namespace TfRunner.TensorFlow.Tests.Library;

/// <summary>A machine made of a list of files and variables.</summary>
internal sealed class DescribedMachine(NativePlatform platform) : IMachine
{
    private readonly HashSet<string> files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> variables = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> links = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string[]> texts = new(StringComparer.Ordinal);

    public NativePlatform Platform => platform;

    public string RuntimeIdentifier => platform switch { NativePlatform.Windows => "win-x64", NativePlatform.MacOS => "osx-arm64", _ => "linux-x64" };

    public string ApplicationDirectory => platform == NativePlatform.Windows ? @"C:\app" : "/app";

    public IReadOnlyList<string> NativeFolders { get; private set; } = [];

    public string HomeDirectory => platform switch { NativePlatform.Windows => @"C:\Users\ada", NativePlatform.MacOS => "/Users/ada", _ => "/home/ada" };

    private char Separator => platform == NativePlatform.Windows ? '\\' : '/';

    public DescribedMachine With(params string[] paths)
    {
        files.UnionWith(paths);
        return this;
    }

    public DescribedMachine Set(string name, string value)
    {
        variables[name] = value;
        return this;
    }

    public DescribedMachine Link(string path, string target)
    {
        links[path] = target;
        files.Add(path);
        return this;
    }

    public DescribedMachine LoadsNativeFilesFrom(params string[] folders)
    {
        NativeFolders = folders;
        return this;
    }

    public DescribedMachine Text(string path, params string[] lines)
    {
        texts[path] = lines;
        return this;
    }

    public string? Variable(string name) => variables.GetValueOrDefault(name);

    public bool FileExists(string path) => files.Contains(path);

    public bool DirectoryExists(string path) => files.Any(f => f.StartsWith(path + Separator, StringComparison.Ordinal));

    public IReadOnlyList<string> Directories(string path)
    {
        var prefix = path + Separator;
        return
        [
            .. files.Where(f => f.StartsWith(prefix, StringComparison.Ordinal))
                .Select(f => f[prefix.Length..].Split(Separator))
                .Where(static p => p.Length > 1)
                .Select(static p => p[0])
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];
    }

    public IReadOnlyList<string> Lines(string path) => texts.GetValueOrDefault(path, []);

    public string Resolve(string path) => links.GetValueOrDefault(path, path);
}
