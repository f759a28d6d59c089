using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace TfRunner.TensorFlow.Tests.Library.Install;

/// <summary>Makes packages of short texts that stand in for libraries. A text <c>-> X</c> is a link to X.</summary>
internal static class PackageFiles
{
    private const string Link = "-> ";

    public static string Zip(string file, params (string Path, string Text)[] entries)
    {
        using var archive = ZipFile.Open(file, ZipArchiveMode.Create);
        foreach (var (path, text) in entries)
        {
            var entry = archive.CreateEntry(path);
            var isLink = text.StartsWith(Link, StringComparison.Ordinal);
            entry.ExternalAttributes = isLink ? unchecked((int)0xA1FF0000) : unchecked((int)0x81A40000);
            using var stream = entry.Open();
            stream.Write(Encoding.UTF8.GetBytes(isLink ? text[Link.Length..] : text));
        }

        return file;
    }

    public static string Tar(string file, params (string Path, string Text)[] entries)
    {
        using var writer = new TarWriter(new GZipStream(File.Create(file), CompressionLevel.Fastest));
        foreach (var (path, text) in entries)
        {
            writer.WriteEntry(text.StartsWith(Link, StringComparison.Ordinal)
                ? new PaxTarEntry(TarEntryType.SymbolicLink, path) { LinkName = text[Link.Length..] }
                : new PaxTarEntry(TarEntryType.RegularFile, path) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) });
        }

        return file;
    }

    public static string Folder(string folder, params (string Path, string Text)[] entries)
    {
        foreach (var (path, text) in entries)
        {
            var file = Path.Combine(folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            if (text.StartsWith(Link, StringComparison.Ordinal))
            {
                File.CreateSymbolicLink(file, text[Link.Length..]);
            }
            else
            {
                File.WriteAllText(file, text);
            }
        }

        return folder;
    }
}
