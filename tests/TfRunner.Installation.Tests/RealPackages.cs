using System.Formats.Tar;
using System.IO.Compression;
using TfRunner.RecordedCases;

namespace TfRunner.Installation.Tests;

/// <summary>Packages of the real layouts with the real library in them. Nothing is compressed: that would only take time.</summary>
internal static class RealPackages
{
    public const string Version = "2.21.0";
    private const string Library = "libtensorflow_cc.so.2";
    private const string Framework = "libtensorflow_framework.so.2";

    private static string Source => SharedFolder.NativeLibraryDirectory;

    /// <summary>The Redist as SciSharp packs it. Such a package names its library without a version.</summary>
    public static string Redist(string folder, string runtime = "linux-x64")
    {
        var file = Path.Combine(folder, $"SciSharp.TensorFlow.Redist.{Version}.nupkg");
        using var archive = ZipFile.Open(file, ZipArchiveMode.Create);
        Text(archive, "SciSharp.TensorFlow.Redist.nuspec", $"""
            <?xml version="1.0" encoding="utf-8"?>
            <package xmlns="http://schemas.microsoft.com/packaging/2012/06/nuspec.xsd">
              <metadata>
                <id>SciSharp.TensorFlow.Redist</id>
                <version>{Version}</version>
                <authors>test</authors>
                <description>Made by a test.</description>
                <dependencies><group targetFramework=".NETStandard2.0" /></dependencies>
              </metadata>
            </package>
            """);
        Whole(archive, $"runtimes/{runtime}/native/libtensorflow.so", Library);
        Whole(archive, $"runtimes/{runtime}/native/{Framework}", Framework);
        return file;
    }

    /// <summary>TensorFlow's wheel, for any Python 3 on this platform.</summary>
    public static string Wheel(string folder)
    {
        const string Info = $"tensorflow_cpu-{Version}.dist-info/";
        var file = Path.Combine(folder, $"tensorflow_cpu-{Version}-py3-none-manylinux_2_17_x86_64.whl");
        using var archive = ZipFile.Open(file, ZipArchiveMode.Create);
        Whole(archive, "tensorflow/" + Library, Library);
        Whole(archive, "tensorflow/" + Framework, Framework);
        Text(archive, Info + "METADATA", $"Metadata-Version: 2.1\nName: tensorflow-cpu\nVersion: {Version}\nRequires-Dist: numpy\n");
        Text(archive, Info + "WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: py3-none-manylinux_2_17_x86_64\n");
        Text(archive, Info + "RECORD", string.Empty);
        return file;
    }

    /// <summary>The C library's archive, where the plain names are links.</summary>
    public static string Tarball(string folder)
    {
        var file = Path.Combine(folder, "libtensorflow-cpu-linux-x86_64.tar.gz");
        using var writer = new TarWriter(new GZipStream(File.Create(file), CompressionLevel.NoCompression));
        Link("./lib/libtensorflow_cc.so", Library);
        Link("./lib/" + Library, $"libtensorflow_cc.so.{Version}");
        writer.WriteEntry(Path.Combine(Source, Library), $"./lib/libtensorflow_cc.so.{Version}");
        Link("./lib/" + Framework, $"libtensorflow_framework.so.{Version}");
        writer.WriteEntry(Path.Combine(Source, Framework), $"./lib/libtensorflow_framework.so.{Version}");
        return file;

        void Link(string path, string target) => writer.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, path) { LinkName = target });
    }

    /// <summary>A folder as an archive leaves it, without a copy of the library.</summary>
    public static string Unpacked(string folder)
    {
        var lib = Directory.CreateDirectory(Path.Combine(folder, "unpacked", "lib")).FullName;
        File.CreateSymbolicLink(Path.Combine(lib, Library), Path.Combine(Source, Library));
        File.CreateSymbolicLink(Path.Combine(lib, Framework), Path.Combine(Source, Framework));
        return Path.GetDirectoryName(lib)!;
    }

    private static void Whole(ZipArchive archive, string path, string file) =>
        archive.CreateEntryFromFile(Path.Combine(Source, file), path, CompressionLevel.NoCompression);

    private static void Text(ZipArchive archive, string path, string text)
    {
        using var writer = new StreamWriter(archive.CreateEntry(path).Open());
        writer.Write(text);
    }
}
