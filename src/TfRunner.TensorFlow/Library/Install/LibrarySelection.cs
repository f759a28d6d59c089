using System.Buffers;
using System.Globalization;
using System.Text.RegularExpressions;

namespace TfRunner.TensorFlow.Library.Install;

/// <summary>
/// Finds TensorFlow's library among a package's files: a Redist's <c>runtimes/RID/native</c>, a wheel's <c>tensorflow</c>,
/// the C library's <c>lib</c>, or wherever else the library and the one it leans on lie side by side. The Redist for GPUs on
/// Linux is larger than a feed takes and comes as <c>NAME.fragment1</c>, <c>NAME.fragment2</c>, ... in packages of their own,
/// with the checksum of the whole in <c>NAME.sha</c>.
/// </summary>
internal static partial class LibrarySelection
{
    /// <summary>Licence texts are short; anything longer under such a name is something else.</summary>
    private const long MaxLicenceLength = 8 << 20;

    private static readonly SearchValues<char> VersionCharacters = SearchValues.Create("0123456789.");

    /// <summary>Whether a file may be wanted, by its name alone, on any platform.</summary>
    public static bool MayBeWanted(string path)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        return IsLibrary(name) || IsLicence(name);
    }

    /// <summary>Whether a file's name is that of TensorFlow's library, or of a part of it, on any platform.</summary>
    public static bool IsLibrary(string name) => LibraryPattern().IsMatch(name);

    /// <summary>Chooses the files to install.</summary>
    /// <param name="package">Where to look.</param>
    /// <param name="machine">What the library must fit.</param>
    /// <returns>The library, the one it leans on when the package has it, and licences.</returns>
    /// <exception cref="TfRunnerException">NotFound when there is no library for this platform; DataLoss when a fragment is missing.</exception>
    public static IReadOnlyList<SelectedFile> Choose(ILibraryPackage package, IMachine machine)
    {
        var native = $"runtimes/{machine.RuntimeIdentifier}/native";
        var main = package.Entries
            .Select(e => (Entry: e, Rank: Rank(e.Name, machine.Platform, LibraryNames.Main(machine.Platform))))
            .Where(c => c.Rank is not null && (!c.Entry.Path.Contains("runtimes/", StringComparison.Ordinal) || IsIn(c.Entry, native)))
            .OrderBy(c => IsIn(c.Entry, native) ? 0 : 1)
            .ThenBy(static c => c.Rank)
            .ThenBy(static c => c.Entry.Path.Count(static x => x == '/'))
            .ThenBy(static c => c.Entry.Path, StringComparer.Ordinal)
            .Select(static c => c.Entry)
            .FirstOrDefault() ?? throw NotFound(package, machine);

        var files = new List<SelectedFile> { Whole(package, main, InstalledName(main.Name, machine.Platform)) };
        var framework = package.Entries
            .Where(e => e.Folder == main.Folder)
            .OrderBy(e => Rank(e.Name, machine.Platform, LibraryNames.Framework(machine.Platform)) ?? int.MaxValue)
            .FirstOrDefault(e => Rank(e.Name, machine.Platform, LibraryNames.Framework(machine.Platform)) is not null);
        if (framework is not null)
        {
            files.Add(Whole(package, framework, InstalledName(framework.Name, machine.Platform)));
        }

        files.AddRange(package.Entries
            .Where(static e => IsLicence(e.Name) && e.Length <= MaxLicenceLength)
            .OrderBy(static e => e.Path.Count(static x => x == '/'))
            .ThenBy(static e => e.Path, StringComparer.Ordinal)
            .DistinctBy(static e => e.Name, StringComparer.OrdinalIgnoreCase)
            .Select(static e => new SelectedFile(e.Name, [e])));
        return files;
    }

    private static SelectedFile Whole(ILibraryPackage package, PackageEntry entry, string name)
    {
        var fragments = package.Entries
            .Select(e => (Entry: e, Number: FragmentNumber(e.Name, entry.Name)))
            .Where(static f => f.Number > 0)
            .OrderBy(static f => f.Number)
            .ToList();
        var sha = package.Entries.FirstOrDefault(e => e.Path == entry.Path + ".sha");
        if (sha is null)
        {
            return new(name, [entry]);
        }

        using var reader = new StreamReader(sha.Open());
        var expected = reader.ReadToEnd().Trim().ToUpperInvariant();

        // A client that has built with the packages has put the fragments together in place and removed them.
        if (fragments.Count == 0)
        {
            return new(name, [entry], expected);
        }

        for (var i = 0; i < fragments.Count; i++)
        {
            if (fragments[i].Number != i + 1)
            {
                throw InstallErrors.Error(
                    ErrorCode.DataLoss,
                    string.Create(CultureInfo.InvariantCulture, $"{package.Description} lacks {entry.Name}.fragment{i + 1}"),
                    "give the folder that holds the packages of all fragments, or install with --from nuget --gpu");
            }
        }

        return new(name, [.. fragments.Select(static f => f.Entry)], expected);
    }

    private static int FragmentNumber(string name, string whole) =>
        name.StartsWith(whole + ".fragment", StringComparison.Ordinal)
        && int.TryParse(name.AsSpan(whole.Length + ".fragment".Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : 0;

    private static bool IsIn(PackageEntry entry, string folder) =>
        entry.Folder == folder || entry.Folder.EndsWith('/' + folder, StringComparison.Ordinal);

    /// <summary>The place of a name among the known ones; null for other names. A full version behind a name is the same library.</summary>
    private static int? Rank(string name, NativePlatform platform, IReadOnlyList<string> known)
    {
        for (var i = 0; i < known.Count; i++)
        {
            if (name == known[i] || (platform == NativePlatform.Linux && known[i].EndsWith(".so.2", StringComparison.Ordinal) && IsVersioned(name, known[i])))
            {
                return i;
            }
        }

        return null;
    }

    private static bool IsVersioned(string name, string known) =>
        name.StartsWith(known + ".", StringComparison.Ordinal) && name.AsSpan(known.Length + 1).IndexOfAnyExcept(VersionCharacters) < 0;

    /// <summary>The name under which the loader looks for a library: the one that the libraries themselves carry.</summary>
    private static string InstalledName(string name, NativePlatform platform) => platform switch
    {
        NativePlatform.Linux => name[..(name.IndexOf(".so", StringComparison.Ordinal) + ".so".Length)] + ".2",
        NativePlatform.MacOS => name.Replace(".2.dylib", ".dylib", StringComparison.Ordinal).Replace(".dylib", ".2.dylib", StringComparison.Ordinal),
        _ => name,
    };

    private static bool IsLicence(string name) =>
        name.StartsWith("LICENSE", StringComparison.OrdinalIgnoreCase) || name.StartsWith("THIRD_PARTY", StringComparison.OrdinalIgnoreCase);

    private static TfRunnerException NotFound(ILibraryPackage package, IMachine machine)
    {
        var others = package.Entries.Select(static e => RuntimePattern().Match(e.Path)).Where(static m => m.Success).Select(static m => m.Groups[1].Value).Distinct().ToList();
        return InstallErrors.Error(
            ErrorCode.NotFound,
            $"{package.Description} holds no TensorFlow library for {machine.RuntimeIdentifier}: looked for {string.Join(", ", LibraryNames.Main(machine.Platform))}",
            others.Count > 0 ? $"it holds libraries for {string.Join(", ", others)}" : "name a Redist package, a wheel of TensorFlow, or the C library's archive");
    }

    [GeneratedRegex(@"^(lib)?tensorflow[a-z_]*\.(dll|dylib|so|[0-9.]+\.dylib)(\.[0-9]+)*(\.sha|\.fragment[0-9]+)?$")]
    private static partial Regex LibraryPattern();

    [GeneratedRegex(@"(?:^|/)runtimes/([^/]+)/native/(?:lib)?tensorflow")]
    private static partial Regex RuntimePattern();
}
