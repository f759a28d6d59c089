using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using TfRunner.RecordedCases;

namespace TfRunner.Installation.Tests;

/// <summary>
/// Packages of the real layouts with the real library in them, or where a <c>source</c> is given, with what stands in its folder
/// for the library. Nothing is compressed: that would only take time.
/// </summary>
internal static class RealPackages
{
    public const string Version = "2.21.0";
    private const string Library = "libtensorflow_cc.so.2";
    private const string Framework = "libtensorflow_framework.so.2";
    private const string Native = "runtimes/linux-x64/native/";

    private static string Recorded => SharedFolder.NativeLibraryDirectory;

    /// <summary>The Redist as SciSharp packs it. Such a package names its library without a version.</summary>
    public static string Redist(string folder, string? source = null)
    {
        using var archive = Package(folder, "SciSharp.TensorFlow.Redist", out var file);
        Whole(source, archive, Native + "libtensorflow.so", Library);
        Whole(source, archive, Native + Framework, Framework);
        return file;
    }

    /// <summary>
    /// The Redist for GPUs on Linux as SciSharp packs it: the library in fragments of one size in packages of their own, and
    /// in another an empty file in its place, with the checksum of the whole.
    /// </summary>
    /// <param name="feed">Where the packages go.</param>
    /// <param name="lost">A fragment whose package is left out; 0 for none.</param>
    public static void GpuRedist(string feed, int lost = 0)
    {
        const string Id = "SciSharp.TensorFlow.Redist-Linux-GPU";
        const int Fragments = 5;
        var parts = Enumerable.Range(1, Fragments).Where(i => i != lost).Select(static i => FormattableString.Invariant($"{Id}-fragment{i}")).ToList();
        Package(feed, Id, out _, [Id + "-primary", .. parts]).Dispose();
        using var library = File.OpenRead(Path.Combine(Recorded, Library));
        using (var primary = Package(feed, Id + "-primary", out _))
        {
            Text(primary, Native + "libtensorflow.so", string.Empty);
            Text(primary, Native + "libtensorflow.so.sha", Convert.ToHexString(SHA256.HashData(library)));
            Whole(Recorded, primary, Native + Framework, Framework);
        }

        var size = (library.Length / Fragments) + 1;
        var buffer = new byte[size];
        foreach (var part in parts)
        {
            var number = part[(Id + "-fragment").Length..];
            library.Position = (int.Parse(number, CultureInfo.InvariantCulture) - 1) * size;
            var length = library.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            using var archive = Package(feed, part, out _);
            using var stream = archive.CreateEntry($"fragments/linux-x64/native/libtensorflow.so.fragment{number}", CompressionLevel.NoCompression).Open();
            stream.Write(buffer, 0, length);
        }
    }

    /// <summary>TensorFlow's wheel, for any Python 3 on this platform.</summary>
    public static string Wheel(string folder, string? source = null)
    {
        const string Info = $"tensorflow_cpu-{Version}.dist-info/";
        var file = Path.Combine(folder, $"tensorflow_cpu-{Version}-py3-none-manylinux_2_17_x86_64.whl");
        using var archive = ZipFile.Open(file, ZipArchiveMode.Create);
        Whole(source, archive, "tensorflow/" + Library, Library);
        Whole(source, archive, "tensorflow/" + Framework, Framework);
        Text(archive, Info + "METADATA", $"Metadata-Version: 2.1\nName: tensorflow-cpu\nVersion: {Version}\nRequires-Dist: numpy\n");
        Text(archive, Info + "WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: py3-none-manylinux_2_17_x86_64\n");
        Text(archive, Info + "RECORD", string.Empty);
        return file;
    }

    /// <summary>The C library's archive where links are no custom, as on Windows.</summary>
    public static string Zip(string folder)
    {
        var file = Path.Combine(folder, "libtensorflow-cpu.zip");
        using var archive = ZipFile.Open(file, ZipArchiveMode.Create);
        Whole(Recorded, archive, "lib/libtensorflow.so.2", Library);
        Whole(Recorded, archive, "lib/" + Framework, Framework);
        return file;
    }

    /// <summary>The C library's archive, where the plain names are links.</summary>
    public static string Tarball(string folder, string? source = null)
    {
        var file = Path.Combine(folder, "libtensorflow-cpu-linux-x86_64.tar.gz");
        using var writer = new TarWriter(new GZipStream(File.Create(file), CompressionLevel.NoCompression));
        Link("./lib/libtensorflow_cc.so", Library);
        Link("./lib/" + Library, $"libtensorflow_cc.so.{Version}");
        writer.WriteEntry(Path.Combine(source ?? Recorded, Library), $"./lib/libtensorflow_cc.so.{Version}");
        Link("./lib/" + Framework, $"libtensorflow_framework.so.{Version}");
        writer.WriteEntry(Path.Combine(source ?? Recorded, Framework), $"./lib/libtensorflow_framework.so.{Version}");
        return file;

        void Link(string path, string target) => writer.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, path) { LinkName = target });
    }

    /// <summary>Files that stand for the library where only their length matters.</summary>
    public static string StandIn(string folder, long length)
    {
        var source = Directory.CreateDirectory(Path.Combine(folder, "stand-in")).FullName;
        foreach (var name in new[] { Library, Framework })
        {
            using var file = File.Create(Path.Combine(source, name));
            file.SetLength(length);
        }

        return source;
    }

    /// <summary>A folder as an archive leaves it, without a copy of the library.</summary>
    public static string Unpacked(string folder)
    {
        var lib = Directory.CreateDirectory(Path.Combine(folder, "unpacked", "lib")).FullName;
        File.CreateSymbolicLink(Path.Combine(lib, Library), Path.Combine(Recorded, Library));
        File.CreateSymbolicLink(Path.Combine(lib, Framework), Path.Combine(Recorded, Framework));
        return Path.GetDirectoryName(lib)!;
    }

    /// <summary>Begins a NuGet package, to which files can be added.</summary>
    private static ZipArchive Package(string folder, string id, out string file, params IEnumerable<string> dependencies)
    {
        file = Path.Combine(folder, $"{id}.{Version}.nupkg");
        var archive = ZipFile.Open(file, ZipArchiveMode.Create);
        Text(archive, id + ".nuspec", $"""
            <?xml version="1.0" encoding="utf-8"?>
            <package xmlns="http://schemas.microsoft.com/packaging/2012/06/nuspec.xsd">
              <metadata>
                <id>{id}</id>
                <version>{Version}</version>
                <authors>test</authors>
                <description>Made by a test.</description>
                <dependencies>
                  <group targetFramework=".NETStandard2.0">
                    {string.Concat(dependencies.Select(static d => $"<dependency id=\"{d}\" version=\"[{Version}]\" />"))}
                  </group>
                </dependencies>
              </metadata>
            </package>
            """);
        return archive;
    }

    private static void Whole(string? source, ZipArchive archive, string path, string file) =>
        archive.CreateEntryFromFile(Path.Combine(source ?? Recorded, file), path, CompressionLevel.NoCompression);

    private static void Text(ZipArchive archive, string path, string text)
    {
        using var writer = new StreamWriter(archive.CreateEntry(path).Open());
        writer.Write(text);
    }
}
