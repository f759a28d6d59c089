namespace TfRunner.TensorFlow.Library;

/// <summary>Joins and splits paths the way the machine at hand does, which need not be the one this process runs on.</summary>
internal sealed class PlatformPaths(IMachine machine)
{
    private char Separator => machine.Platform == NativePlatform.Windows ? '\\' : '/';

    /// <summary>What stands between the entries of PATH.</summary>
    public char ListSeparator => machine.Platform == NativePlatform.Windows ? ';' : ':';

    public string Join(string folder, params ReadOnlySpan<string> parts)
    {
        var path = folder.Length > 1 ? folder.TrimEnd(Separator, '/') : folder;
        foreach (var part in parts)
        {
            path = path.EndsWith(Separator) ? path + part : path + Separator + part;
        }

        return path;
    }

    public string Parent(string path)
    {
        var cut = path.LastIndexOfAny([Separator, '/']);
        return cut < 0 ? "." : cut == 0 ? path[..1] : path[..cut];
    }

    /// <summary>The entries of a variable such as PATH, empty ones left out.</summary>
    public IEnumerable<string> List(string variable) =>
        (machine.Variable(variable) ?? string.Empty).Split(ListSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
