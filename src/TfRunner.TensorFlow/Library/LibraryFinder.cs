using TfRunner.TensorFlow.Library.Install;

namespace TfRunner.TensorFlow.Library;

/// <summary>
/// Lists the places where TensorFlow's library may be, in this order: the one the user named; where <c>native install</c>
/// puts it; a SciSharp.TensorFlow.Redist package among the application's files or in the user's NuGet folder; the system's
/// library path; an installed Python TensorFlow. Looks, and loads nothing.
/// </summary>
internal sealed class LibraryFinder(IMachine machine)
{
    public const string Variable = "TFRUNNER_TENSORFLOW";

    private readonly PlatformPaths paths = new(machine);

    /// <summary>Every place in order, those without a library too.</summary>
    /// <param name="named">What the user named with <c>--tensorflow</c>: a folder or a file; null for nothing.</param>
    /// <returns>The places. When the user named one, by option or variable, no other is looked at.</returns>
    public IEnumerable<LibraryPlace> Places(string? named)
    {
        var (source, path) = named is not null ? ("--tensorflow", named) : (Variable, machine.Variable(Variable));
        return path is not null ? Named(source, path) : Usual();
    }

    /// <summary>The store where <c>native install</c> keeps its versions for this user.</summary>
    /// <param name="machine">The machine.</param>
    /// <returns>The folder; it need not exist. Null when the user has no home.</returns>
    public static string? InstallDirectory(IMachine machine)
    {
        var paths = new PlatformPaths(machine);
        var named = machine.Platform switch
        {
            NativePlatform.Windows => machine.Variable("LOCALAPPDATA"),
            NativePlatform.MacOS => null,
            _ => machine.Variable("XDG_DATA_HOME"),
        };
        if (named is null && machine.HomeDirectory.Length == 0)
        {
            return null;
        }

        var root = named ?? machine.Platform switch
        {
            NativePlatform.Windows => paths.Join(machine.HomeDirectory, "AppData", "Local"),
            NativePlatform.MacOS => paths.Join(machine.HomeDirectory, "Library", "Application Support"),
            _ => paths.Join(machine.HomeDirectory, ".local", "share"),
        };
        return paths.Join(root, "tfrunner", "tensorflow");
    }

    private List<LibraryPlace> Named(string source, string path)
    {
        if (machine.FileExists(path))
        {
            var folder = paths.Parent(path);
            return [new(source, folder, path, First(folder, LibraryNames.Framework(machine.Platform)), IsExplicit: true)];
        }

        // The folder itself, or one that holds the library the way archives and packages lay it out.
        string[] folders =
        [
            path, paths.Join(path, "lib"), paths.Join(path, "tensorflow"), paths.Join(path, "site-packages", "tensorflow"),
            paths.Join(path, "runtimes", machine.RuntimeIdentifier, "native"),
        ];
        var places = folders.Select(f => Look(source, f, isExplicit: true)).ToList();
        return places.Any(static p => p.File is not null) ? [.. places.Where(static p => p.File is not null)] : [places[0]];
    }

    private IEnumerable<LibraryPlace> Usual()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (source, folder) in Folders())
        {
            if (seen.Add(folder))
            {
                yield return Look(source, folder, isExplicit: false);
            }
        }
    }

    private IEnumerable<(string Source, string Folder)> Folders()
    {
        if (InstallDirectory(machine) is { } installed)
        {
            yield return ("native install", StoreVersions.Current(machine, installed) is { } version
                ? paths.Join(installed, StoreVersions.VersionsFolder, version)
                : installed);
        }

        yield return ("application files", machine.ApplicationDirectory);
        yield return ("application files", paths.Join(machine.ApplicationDirectory, "runtimes", machine.RuntimeIdentifier, "native"));
        foreach (var folder in machine.NativeFolders)
        {
            yield return ("application files", paths.Join(folder));
        }

        foreach (var folder in NuGetPackages())
        {
            yield return ("NuGet package", folder);
        }

        foreach (var folder in new SystemLibraryPath(machine).Folders())
        {
            yield return ("system library path", folder);
        }

        foreach (var folder in new PythonPackages(machine).Folders())
        {
            yield return ("Python package", folder);
        }
    }

    private IEnumerable<string> NuGetPackages()
    {
        var root = machine.Variable("NUGET_PACKAGES") ?? paths.Join(machine.HomeDirectory, ".nuget", "packages");
        foreach (var package in machine.Directories(root).Where(static d => d.StartsWith("scisharp.tensorflow.redist", StringComparison.OrdinalIgnoreCase)))
        {
            // Newest version first; the names are versions, which do not sort as text.
            var versions = machine.Directories(paths.Join(root, package))
                .OrderByDescending(static v => Version.TryParse(v, out var version) ? version : new Version(0, 0));
            foreach (var version in versions)
            {
                yield return paths.Join(root, package, version, "runtimes", machine.RuntimeIdentifier, "native");
            }
        }
    }

    private LibraryPlace Look(string source, string folder, bool isExplicit) => new(
        source,
        folder,
        First(folder, LibraryNames.Main(machine.Platform)),
        First(folder, LibraryNames.Framework(machine.Platform)),
        isExplicit);

    private string? First(string folder, IReadOnlyList<string> names) =>
        names.Select(n => paths.Join(folder, n)).FirstOrDefault(machine.FileExists);
}
