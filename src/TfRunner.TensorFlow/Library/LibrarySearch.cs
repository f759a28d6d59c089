using TfRunner.TensorFlow.Native;

namespace TfRunner.TensorFlow.Library;

/// <summary>Tries the places in order and opens the first library that fits, keeping what was wrong with those before.</summary>
internal sealed class LibrarySearch(IMachine machine, ILibraryOpener opener)
{
    /// <summary>Whether the messages of a library are kept back once a library is open.</summary>
    public bool QuietensLog { get; init; }

    /// <summary>Searches and opens.</summary>
    /// <param name="named">What the user named; null for nothing.</param>
    /// <returns>What was found and tried. <see cref="LibrarySearchResult.Api"/> is null when nothing fits.</returns>
    public LibrarySearchResult Run(string? named)
    {
        var notes = new List<string>();
        string? firstProblem = null;
        foreach (var place in new LibraryFinder(machine).Places(named))
        {
            if (place.File is null)
            {
                var missing = machine.DirectoryExists(place.Directory) ? "holds no TensorFlow library" : "does not exist";
                notes.Add($"{place.Source}: {place.Directory} {missing}");
                if (place.IsExplicit)
                {
                    firstProblem = $"{place.Directory} (from {place.Source}) {missing}";
                }

                continue;
            }

            var problem = Open(place, out var api);
            if (api is not null)
            {
                notes.Add($"{place.Source}: {place.File} is TensorFlow {api.VersionText()}");
                notes.AddRange(Features.Missing(api));
                return new(api, api.VersionText(), place.File, null, notes);
            }

            notes.Add($"{place.Source}: {place.File}: {problem}");
            firstProblem ??= $"{place.File}: {problem}";
        }

        return new(null, null, null, firstProblem ?? "TensorFlow's native library was not found", notes);
    }

    private unsafe string? Open(LibraryPlace place, out TensorFlowApi? api)
    {
        api = null;
        var libraries = new List<IntPtr>();

        // The framework first: the main library asks for it by name, and finds it when it is loaded already.
        foreach (var file in new[] { place.Framework, place.File })
        {
            if (file is null)
            {
                continue;
            }

            using var muted = QuietensLog ? new MutedStandardError() : null;
            if (opener.TryOpen(file, out var library) is { } problem)
            {
                return problem;
            }

            libraries.Insert(0, library);
            if (QuietensLog)
            {
                NativeLog.Quieten(Find);
            }
        }

        IntPtr Find(string name)
        {
            foreach (var library in libraries)
            {
                if (opener.Symbol(library, name) is var address && address != IntPtr.Zero)
                {
                    return address;
                }
            }

            return IntPtr.Zero;
        }

        var table = new SymbolTable(Find);
        var found = new TensorFlowApi(table);
        if (found.TF_Version == null)
        {
            return "it has no TF_Version, so it is no TensorFlow library";
        }

        var version = found.VersionText();
        if (LibraryCheck.Problem(version) is { } refused)
        {
            return refused;
        }

        if (table.MissingRequired.Count > 0)
        {
            return $"TensorFlow {version} there lacks {string.Join(", ", table.MissingRequired)}";
        }

        api = found;
        return null;
    }
}
