using System.Globalization;
using TfRunner.Files;

namespace TfRunner.Directories;

/// <summary>Where a SavedModel lies.</summary>
/// <param name="Directory">Its directory, absolute.</param>
/// <param name="File">Its <c>saved_model.pb</c> or <c>saved_model.pbtxt</c>, or the file that was named.</param>
/// <param name="Version">The number of its version, where a directory of versions was given; else null.</param>
internal sealed record SavedModelPath(string Directory, string File, long? Version)
{
    /// <summary>Finds the model that a path means.</summary>
    /// <param name="path">A model's directory, a directory of numbered versions, or the file.</param>
    /// <param name="version">The version to take; null takes the highest.</param>
    /// <returns>The place.</returns>
    /// <exception cref="TfRunnerException">NotFound or FailedPrecondition, saying what there is instead.</exception>
    public static SavedModelPath Resolve(string path, long? version)
    {
        if (string.IsNullOrWhiteSpace(path) || path.Contains('\0', StringComparison.Ordinal))
        {
            throw TfRunnerException.ForLoad(ErrorCode.InvalidArgument, "the model's path is empty", "name a SavedModel directory");
        }

        try
        {
            var absolute = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
            return System.IO.Directory.Exists(absolute) ? InDirectory(absolute, version)
                : System.IO.File.Exists(absolute) ? OfFile(absolute)
                : throw Missing(path, absolute);
        }
        catch (Exception e) when (FileErrors.IsAboutFile(e))
        {
            throw FileErrors.CannotRead(path, e);
        }
    }

    private static SavedModelPath OfFile(string file)
    {
        var extension = Path.GetExtension(file);
        if (extension is not (".pb" or ".pbtxt"))
        {
            var head = new byte[16];
            using var handle = System.IO.File.OpenHandle(file);
            var read = RandomAccess.Read(handle, head, 0);
            throw ForeignFormat.Describe(file, head.AsSpan(0, read)) ?? TfRunnerException.ForLoad(
                ErrorCode.FailedPrecondition, $"{file} is not a SavedModel", "name the directory that holds saved_model.pb");
        }

        return new(Path.GetDirectoryName(file)!, file, null);
    }

    private static SavedModelPath InDirectory(string directory, long? version)
    {
        if (FileIn(directory) is { } file)
        {
            return version is null || OwnVersion(directory) == version
                ? new(directory, file, OwnVersion(directory))
                : throw TfRunnerException.ForLoad(
                    ErrorCode.NotFound,
                    string.Create(CultureInfo.InvariantCulture, $"{directory} is one model, not a directory of versions; version {version} cannot be taken"),
                    "leave out the version");
        }

        var versions = new SortedDictionary<long, string>();
        foreach (var inner in System.IO.Directory.EnumerateDirectories(directory))
        {
            if (OwnVersion(inner) is { } number && FileIn(inner) is not null)
            {
                versions.TryAdd(number, inner);
            }
        }

        if (versions.Count == 0)
        {
            throw ForeignFormat.DescribeDirectory(directory);
        }

        var chosen = version ?? versions.Keys.Last();
        return versions.TryGetValue(chosen, out var found)
            ? new(found, FileIn(found)!, chosen)
            : throw TfRunnerException.ForLoad(
                ErrorCode.NotFound,
                string.Create(CultureInfo.InvariantCulture, $"{directory} has no version {chosen}"),
                "versions there are " + string.Join(", ", versions.Keys.Select(static v => v.ToString(CultureInfo.InvariantCulture))));
    }

    private static long? OwnVersion(string directory) =>
        long.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    // TensorFlow prefers the binary form where both are there.
    private static string? FileIn(string directory)
    {
        var binary = Path.Combine(directory, "saved_model.pb");
        var text = Path.Combine(directory, "saved_model.pbtxt");
        return System.IO.File.Exists(binary) ? binary : System.IO.File.Exists(text) ? text : null;
    }

    private static TfRunnerException Missing(string path, string absolute)
    {
        if (System.IO.File.Exists(absolute + ".index"))
        {
            return ForeignFormat.Describe(absolute + ".index", [])!;
        }

        var parent = Path.GetDirectoryName(absolute);
        var nearest = parent is not null && System.IO.Directory.Exists(parent)
            ? NearestName.Hint(Path.GetFileName(absolute), System.IO.Directory.EnumerateFileSystemEntries(parent).Take(1000).Select(static e => Path.GetFileName(e)!))
            : null;
        return TfRunnerException.ForLoad(ErrorCode.NotFound, $"{path} does not exist", nearest ?? "name a SavedModel directory, a directory of numbered versions, or its saved_model.pb");
    }
}
