using System.Formats.Tar;
using System.IO.Compression;

namespace TfRunner.Onnx.Tests;

/// <summary>The cases that <c>scripts/record-ops</c> packed, one archive per family.</summary>
internal static class OpCaseArchive
{
    private static readonly Lazy<SortedDictionary<string, SortedDictionary<string, Dictionary<string, byte[]>>>> Families = new(Load);

    /// <summary>A row per case.</summary>
    /// <returns>Family and case.</returns>
    public static IEnumerable<TheoryDataRow<string, string>> Rows() =>
        Families.Value.SelectMany(static f => f.Value.Keys.Select(c => new TheoryDataRow<string, string>(f.Key, c)));

    /// <summary>Unpacks a case.</summary>
    /// <param name="family">The family.</param>
    /// <param name="name">The case.</param>
    /// <returns>The case; dispose it to remove its files.</returns>
    public static OpCase Open(string family, string name) => new(name, Families.Value[family][name]);

    private static SortedDictionary<string, SortedDictionary<string, Dictionary<string, byte[]>>> Load()
    {
        var families = new SortedDictionary<string, SortedDictionary<string, Dictionary<string, byte[]>>>(StringComparer.Ordinal);
        foreach (var path in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Recorded"), "*.tar.gz"))
        {
            // FAMILY.PART.tar.gz
            var family = Path.GetFileName(path).Split('.')[0];
            if (!families.TryGetValue(family, out var cases))
            {
                families[family] = cases = new(StringComparer.Ordinal);
            }

            using var tar = new TarReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
            while (tar.GetNextEntry(copyData: true) is { } entry)
            {
                // FAMILY/CASE/FILE...: the first two parts name the case.
                var parts = entry.Name.Split('/', 3);
                var name = $"{parts[0]}/{parts[1]}";
                if (!cases.TryGetValue(name, out var files))
                {
                    cases[name] = files = new(StringComparer.Ordinal);
                }

                using var content = new MemoryStream();
                entry.DataStream?.CopyTo(content);
                files[parts[2]] = content.ToArray();
            }
        }

        return families;
    }
}
