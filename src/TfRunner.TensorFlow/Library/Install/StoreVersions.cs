using System.Globalization;
using System.Text.RegularExpressions;

namespace TfRunner.TensorFlow.Library.Install;

/// <summary>Which of the installed versions the engine takes: the one named in the file <c>current</c>, else the newest.</summary>
internal static partial class StoreVersions
{
    public const string VersionsFolder = "versions";
    public const string CurrentFile = "current";

    /// <summary>The version in use.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="root">The store's folder.</param>
    /// <returns>Its name; null when none is installed.</returns>
    public static string? Current(IMachine machine, string root)
    {
        var paths = new PlatformPaths(machine);
        var versions = machine.Directories(paths.Join(root, VersionsFolder));
        var named = machine.Lines(paths.Join(root, CurrentFile)) is [var first, ..] ? first.Trim() : null;
        return versions.Contains(named, StringComparer.Ordinal) ? named : versions.OrderByDescending(static v => Key(v)).FirstOrDefault();
    }

    /// <summary>What versions are ordered by: numbers as numbers, a release after its candidates, the CPU build before the GPU build.</summary>
    public static (Version Number, int IsRelease, string Suffix) Key(string name)
    {
        var match = NumberPattern().Match(name);
        var number = match.Success && Version.TryParse(match.Value, out var parsed) ? parsed : new Version(0, 0);
        var rest = name[match.Length..];
        return (number, rest.StartsWith("-rc", StringComparison.Ordinal) ? 0 : 1, string.Create(CultureInfo.InvariantCulture, $"{(rest.Length == 0 ? '~' : '-')}{rest}"));
    }

    [GeneratedRegex(@"^\d{1,6}\.\d{1,6}(\.\d{1,6})?")]
    private static partial Regex NumberPattern();
}
