using System.IO.Enumeration;

namespace TfRunner.Data.Formats;

/// <summary>The files that a directory or a pattern stands for, in ordinal order.</summary>
public static class FileSet
{
    private static readonly string[] Pictures = [".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff"];

    /// <summary>Whether a name is one file rather than a directory or a pattern.</summary>
    /// <param name="path">The name.</param>
    /// <returns>False for directories and for names with <c>*</c> or <c>?</c> that are no file.</returns>
    public static bool IsSingle(string path) => File.Exists(path) || (!Directory.Exists(path) && !IsPattern(path));

    /// <summary>Whether a file's name says that it is a picture.</summary>
    /// <param name="path">The name.</param>
    /// <returns>True for the extensions of pictures.</returns>
    public static bool IsPicture(string path) => Pictures.Contains(Path.GetExtension(path).ToLowerInvariant());

    /// <summary>Lists the files.</summary>
    /// <param name="path">A file, a directory (with those below it), or a pattern with <c>*</c>, <c>?</c> and <c>**</c> for any directories.</param>
    /// <returns>The paths; hidden files are left out, and what a directory of pictures holds beside them.</returns>
    /// <exception cref="TfRunnerException">NotFound when there is none.</exception>
    public static IReadOnlyList<string> List(string path) => List(path, out _);

    /// <summary>Lists the files, and tells which were left out.</summary>
    /// <param name="path">As above.</param>
    /// <param name="leftOut">Receives the files of a directory of pictures that are none; nothing for any other path.</param>
    /// <returns>The paths.</returns>
    /// <exception cref="TfRunnerException">NotFound when there is none.</exception>
    public static IReadOnlyList<string> List(string path, out IReadOnlyList<string> leftOut)
    {
        var files = All(path);
        var arePictures = Directory.Exists(path) && files.Exists(IsPicture);
        leftOut = arePictures ? files.FindAll(static f => !IsPicture(f)) : [];
        return arePictures ? files.FindAll(IsPicture) : files;
    }

    private static List<string> All(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (File.Exists(path))
        {
            return [path];
        }

        var root = path;
        var pattern = "**";
        if (!Directory.Exists(path))
        {
            var fixedParts = path.Split('/').TakeWhile(static p => !IsPattern(p)).ToList();
            root = fixedParts.Count == 0 ? "." : string.Join('/', fixedParts);
            root = root.Length == 0 ? "/" : root;
            pattern = string.Join('/', path.Split('/').Skip(fixedParts.Count));
        }

        var files = new List<string>();
        if (Directory.Exists(root))
        {
            Walk(root == "." && !path.StartsWith('.') ? string.Empty : root, pattern.Split('/'), 0, files);
        }

        files.Sort(StringComparer.Ordinal);
        return files.Count > 0
            ? files
            : throw TfRunnerException.ForData(ErrorCode.NotFound, Directory.Exists(path) ? $"the directory {path} holds no files" : $"no file matches {path}");
    }

    private static bool IsPattern(string path) => path.AsSpan().ContainsAny('*', '?');

    private static void Walk(string directory, string[] parts, int at, List<string> files)
    {
        var shown = directory.Length == 0 ? "." : directory;
        var isLast = at == parts.Length - 1;
        if (parts[at] == "**")
        {
            if (isLast)
            {
                files.AddRange(Named(Directory.EnumerateFiles(shown), directory));
            }
            else
            {
                Walk(directory, parts, at + 1, files);
            }

            foreach (var inner in Named(Directory.EnumerateDirectories(shown), directory))
            {
                Walk(inner, parts, at, files);
            }

            return;
        }

        var entries = isLast ? Directory.EnumerateFiles(shown) : Directory.EnumerateDirectories(shown);
        foreach (var entry in Named(entries, directory))
        {
            if (FileSystemName.MatchesSimpleExpression(parts[at], Path.GetFileName(entry), ignoreCase: false))
            {
                if (isLast)
                {
                    files.Add(entry);
                }
                else
                {
                    Walk(entry, parts, at + 1, files);
                }
            }
        }
    }

    private static IEnumerable<string> Named(IEnumerable<string> entries, string directory) => entries
        .Select(e => directory.Length == 0 ? Path.GetFileName(e) : $"{directory.TrimEnd('/')}/{Path.GetFileName(e)}")
        .Where(static e => !Path.GetFileName(e).StartsWith('.'));
}
