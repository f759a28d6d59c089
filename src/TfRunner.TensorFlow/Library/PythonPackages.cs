namespace TfRunner.TensorFlow.Library;

/// <summary>
/// Where an installed Python keeps its <c>tensorflow</c> package. Python is not run for that: the folders follow from the
/// active environments and from the interpreters on PATH.
/// </summary>
internal sealed class PythonPackages(IMachine machine)
{
    private static readonly string[] LibraryFolders = ["lib", "lib64", "local/lib"];
    private readonly PlatformPaths paths = new(machine);

    public IEnumerable<string> Folders() => SitePackages().Select(p => paths.Join(p, "tensorflow")).Distinct(StringComparer.Ordinal);

    private IEnumerable<string> SitePackages()
    {
        foreach (var folder in paths.List("PYTHONPATH"))
        {
            yield return folder;
        }

        foreach (var variable in new[] { "VIRTUAL_ENV", "CONDA_PREFIX" })
        {
            if (machine.Variable(variable) is { } prefix)
            {
                foreach (var folder in Under(prefix))
                {
                    yield return folder;
                }
            }
        }

        foreach (var prefix in Prefixes())
        {
            foreach (var folder in Under(prefix))
            {
                yield return folder;
            }
        }

        foreach (var folder in PerUser())
        {
            yield return folder;
        }
    }

    /// <summary>What the interpreters on PATH are installed under. A link leads to the prefix where packages are.</summary>
    private IEnumerable<string> Prefixes()
    {
        string[] names = machine.Platform == NativePlatform.Windows ? ["python.exe", "python3.exe"] : ["python3", "python"];
        foreach (var folder in paths.List("PATH"))
        {
            foreach (var interpreter in names.Select(n => paths.Join(folder, n)).Where(machine.FileExists))
            {
                foreach (var path in new[] { interpreter, machine.Resolve(interpreter) })
                {
                    var bin = paths.Parent(path);
                    yield return machine.Platform == NativePlatform.Windows ? bin : paths.Parent(bin);
                }
            }
        }
    }

    private IEnumerable<string> Under(string prefix)
    {
        if (machine.Platform == NativePlatform.Windows)
        {
            // A virtual environment's interpreter is in Scripts, one below the prefix.
            yield return paths.Join(prefix, "Lib", "site-packages");
            yield return paths.Join(paths.Parent(prefix), "Lib", "site-packages");
            yield break;
        }

        foreach (var lib in LibraryFolders.Select(l => paths.Join(prefix, l)))
        {
            foreach (var version in machine.Directories(lib).Where(static d => d.StartsWith("python3", StringComparison.Ordinal)))
            {
                yield return paths.Join(lib, version, "site-packages");
                yield return paths.Join(lib, version, "dist-packages");
            }
        }
    }

    private IEnumerable<string> PerUser()
    {
        var (root, tail) = machine.Platform switch
        {
            NativePlatform.Windows => (paths.Join(machine.Variable("APPDATA") ?? paths.Join(machine.HomeDirectory, "AppData", "Roaming"), "Python"), "site-packages"),
            NativePlatform.MacOS => (paths.Join(machine.HomeDirectory, "Library", "Python"), "lib/python/site-packages"),
            _ => (paths.Join(machine.HomeDirectory, ".local", "lib"), "site-packages"),
        };
        return machine.Directories(root).Select(version => paths.Join(root, version, tail));
    }
}
