using System.Security.Cryptography;
using System.Text;
using TfRunner.TensorFlow.Library;
using TfRunner.TensorFlow.Library.Install;

namespace TfRunner.TensorFlow.Tests.Library.Install;

public sealed class LibrarySelectionTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("tfrunner-selection-").FullName;

    /// <summary>Platform, the package's files as <c>path=text</c>, and what is installed as <c>name=text</c>.</summary>
    public static TheoryData<string, string[], string[]> Layouts => new()
    {
        { "Linux", ["runtimes/linux-x64/native/libtensorflow.so=L", "runtimes/linux-x64/native/libtensorflow_framework.so.2=F", "runtimes/win-x64/native/tensorflow.dll=W", "LICENSE.txt=T"], ["libtensorflow.so.2=L", "libtensorflow_framework.so.2=F", "LICENSE.txt=T"] },
        { "Windows", ["runtimes/linux-x64/native/libtensorflow.so=L", "runtimes/win-x64/native/tensorflow.dll=W"], ["tensorflow.dll=W"] },
        { "MacOS", ["runtimes/osx-arm64/native/libtensorflow.dylib=M", "runtimes/osx-arm64/native/libtensorflow_framework.2.dylib=F", "runtimes/osx-x64/native/libtensorflow.dylib=X"], ["libtensorflow.2.dylib=M", "libtensorflow_framework.2.dylib=F"] },
        { "Linux", ["tensorflow/libtensorflow_cc.so.2=C", "tensorflow/libtensorflow_framework.so.2=F", "tensorflow/THIRD_PARTY_NOTICES.txt=T"], ["libtensorflow_cc.so.2=C", "libtensorflow_framework.so.2=F", "THIRD_PARTY_NOTICES.txt=T"] },
        { "MacOS", ["tensorflow/libtensorflow_cc.2.dylib=C", "tensorflow/libtensorflow_framework.2.dylib=F"], ["libtensorflow_cc.2.dylib=C", "libtensorflow_framework.2.dylib=F"] },
        { "Linux", ["./lib/libtensorflow.so=-> libtensorflow.so.2", "./lib/libtensorflow.so.2=-> libtensorflow.so.2.18.0", "./lib/libtensorflow.so.2.18.0=L", "./lib/libtensorflow_framework.so.2=-> libtensorflow_framework.so.2.18.0", "./lib/libtensorflow_framework.so.2.18.0=F", "./LICENSE=T"], ["libtensorflow.so.2=L", "libtensorflow_framework.so.2=F", "LICENSE=T"] },
        { "Linux", ["lib/libtensorflow.so.2.18.0=L", "lib/libtensorflow_framework.so.2.18.0=F"], ["libtensorflow.so.2=L", "libtensorflow_framework.so.2=F"] },
        { "Windows", ["lib/tensorflow.dll=W", "lib/tensorflow.lib=I", "LICENSE=T"], ["tensorflow.dll=W", "LICENSE=T"] },
        { "Linux", ["libtensorflow.so.2=L", "elsewhere/libtensorflow_framework.so.2=F"], ["libtensorflow.so.2=L"] },
    };

    [Theory]
    [MemberData(nameof(Layouts))]
    public void The_library_is_taken_from_a_zip(string platform, string[] files, string[] installed)
    {
        using var package = ZipPackage.Open(PackageFiles.Zip(Path.Combine(folder, "p.zip"), Entries(files)), "p.zip");
        Assert.Equal(installed, Chosen(package, platform));
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public void The_library_is_taken_from_a_tar(string platform, string[] files, string[] installed)
    {
        using var package = TarPackage.Open(
            PackageFiles.Tar(Path.Combine(folder, "p.tar.gz"), Entries(files)), Path.Combine(folder, "scratch"), new Progress<InstallProgress>(), CancellationToken.None);
        Assert.Equal(installed, Chosen(package, platform));
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public void The_library_is_taken_from_a_folder(string platform, string[] files, string[] installed)
    {
        using var package = FolderPackage.Open(PackageFiles.Folder(Path.Combine(folder, "p"), Entries(files)));
        Assert.Equal(installed, Chosen(package, platform));
    }

    [Fact]
    public void Fragments_are_put_together_in_the_order_of_their_numbers()
    {
        var parts = Enumerable.Range(1, 11).Select(static i => FormattableString.Invariant($"<{i}>")).ToList();
        var sha = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(parts))));
        var files = parts.Select(static (p, i) => FormattableString.Invariant($"gpu-fragment{i + 1}/2.11.1/fragments/linux-x64/native/libtensorflow.so.fragment{i + 1}={p}"));
        const string Primary = "gpu-primary/2.11.1/runtimes/linux-x64/native/";
        using var package = FolderPackage.Open(PackageFiles.Folder(
            folder, Entries([.. files, Primary + "libtensorflow.so=placeholder", Primary + "libtensorflow.so.sha=" + sha, Primary + "libtensorflow_framework.so.2=F"])));

        Assert.Equal(["libtensorflow.so.2=" + string.Concat(parts), "libtensorflow_framework.so.2=F"], Chosen(package, "Linux"));
        Assert.Equal(sha, LibrarySelection.Choose(package, new StoreMachine(folder))[0].ExpectedSha256);
    }

    [Fact]
    public void A_missing_fragment_is_named()
    {
        using var package = FolderPackage.Open(PackageFiles.Folder(
            folder, Entries(["a/libtensorflow.so=x", "a/libtensorflow.so.sha=00", "b/libtensorflow.so.fragment1=1", "b/libtensorflow.so.fragment3=3"])));
        var error = Assert.Throws<TfRunnerException>(() => LibrarySelection.Choose(package, new StoreMachine(folder)));
        Assert.Equal(ErrorCode.DataLoss, error.Code);
        Assert.Contains("libtensorflow.so.fragment2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_package_for_other_platforms_is_refused_with_theirs()
    {
        using var package = FolderPackage.Open(PackageFiles.Folder(folder, Entries(["runtimes/win-x64/native/tensorflow.dll=W", "runtimes/linux-arm64/native/libtensorflow.so=A"])));
        var error = Assert.Throws<TfRunnerException>(() => LibrarySelection.Choose(package, new StoreMachine(folder)));
        Assert.Equal((ErrorCode.NotFound, ErrorStage.Engine), (error.Code, error.Stage));
        Assert.Equal("it holds libraries for linux-arm64, win-x64", error.Hint);
    }

    [Fact]
    public void Links_that_lead_in_a_ring_or_out_of_an_archive_hold_no_library()
    {
        var file = PackageFiles.Tar(
            Path.Combine(folder, "p.tar.gz"),
            ("lib/libtensorflow.so", "-> libtensorflow.so.2"),
            ("lib/libtensorflow.so.2", "-> libtensorflow.so"),
            ("lib/libtensorflow_cc.so.2", "-> ../../../../etc/passwd"));
        using var package = TarPackage.Open(file, Path.Combine(folder, "scratch"), new Progress<InstallProgress>(), CancellationToken.None);
        Assert.Empty(package.Entries);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static (string Path, string Text)[] Entries(string[] files) => [.. files.Select(static f => f.Split('=', 2)).Select(static p => (p[0], p[1]))];

    private static IEnumerable<string> Chosen(ILibraryPackage package, string platform)
    {
        var machine = new StoreMachine("/", Enum.Parse<NativePlatform>(platform));
        return LibrarySelection.Choose(package, machine).Select(static f => f.Name + "=" + string.Concat(f.Parts.Select(Text)));
    }

    private static string Text(PackageEntry entry)
    {
        using var reader = new StreamReader(entry.Open());
        return reader.ReadToEnd();
    }
}
