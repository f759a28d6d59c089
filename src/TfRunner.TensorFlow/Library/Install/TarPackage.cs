using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;

namespace TfRunner.TensorFlow.Library.Install;

/// <summary>
/// A package that is a compressed tar archive: the C library for Linux and macOS. Such an archive can be read only from front
/// to back, so what may be wanted of it is unpacked at once, under numbers instead of names.
/// </summary>
internal sealed class TarPackage : ILibraryPackage
{
    /// <summary>Enough for a link to a link to a file; more is a ring.</summary>
    private const int MaxLinks = 8;

    private TarPackage(string description, IReadOnlyList<PackageEntry> entries)
    {
        Description = description;
        Entries = entries;
    }

    public string Description { get; }

    public IReadOnlyList<PackageEntry> Entries { get; }

    /// <summary>Unpacks an archive.</summary>
    /// <param name="file">Its path.</param>
    /// <param name="scratch">Where its files are put; the caller removes the folder.</param>
    /// <param name="progress">Told how far it is, in bytes of the archive.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <returns>The package.</returns>
    /// <exception cref="TfRunnerException">DataLoss when it is no such archive, or a damaged one.</exception>
    public static TarPackage Open(string file, string scratch, IProgress<InstallProgress> progress, CancellationToken cancellationToken)
    {
        var files = new Dictionary<string, (string File, long Length)>(StringComparer.Ordinal);
        var links = new Dictionary<string, string>(StringComparer.Ordinal);
        Directory.CreateDirectory(scratch);
        using var compressed = File.OpenRead(file);
        try
        {
            using var reader = new TarReader(new GZipStream(compressed, CompressionMode.Decompress));
            while (reader.GetNextEntry() is { } entry)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var path = Normal(entry.Name);
                if (entry.EntryType is TarEntryType.SymbolicLink)
                {
                    links[path] = Normal(path[..(path.LastIndexOf('/') + 1)] + entry.LinkName);
                }
                else if (entry.EntryType is TarEntryType.HardLink)
                {
                    links[path] = Normal(entry.LinkName);
                }
                else if (entry.DataStream is { } data && LibrarySelection.MayBeWanted(path))
                {
                    var target = Path.Combine(scratch, files.Count.ToString(CultureInfo.InvariantCulture));
                    using var output = File.Create(target);
                    Copying.Run(data, output, null, _ => progress.Report(new("unpacking " + Path.GetFileName(file), compressed.Position, compressed.Length)), cancellationToken);
                    files[path] = (target, output.Length);
                }
            }
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw InstallErrors.Error(ErrorCode.DataLoss, $"{file} is damaged or no compressed tar archive: {e.Message}", "fetch it again", e);
        }

        return new(file, [.. files.Keys.Concat(links.Keys).Select(p => Entry(p, files, links)).OfType<PackageEntry>()]);
    }

    public void Dispose()
    {
        // The scratch folder is the caller's.
    }

    private static PackageEntry? Entry(string path, Dictionary<string, (string File, long Length)> files, Dictionary<string, string> links)
    {
        var real = path;
        for (var i = 0; i < MaxLinks && links.TryGetValue(real, out var next); i++)
        {
            real = next;
        }

        return files.TryGetValue(real, out var found) ? new(path, found.Length, () => File.OpenRead(found.File)) : null;
    }

    private static string Normal(string path)
    {
        var parts = new List<string>();
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".." && parts.Count > 0)
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part is not "." and not "..")
            {
                parts.Add(part);
            }
        }

        return string.Join('/', parts);
    }
}
