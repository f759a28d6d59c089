using TfRunner.TensorFlow.Library.Install;

namespace TfRunner.TensorFlow.Tests.Library.Install;

/// <summary>Installing with short texts for libraries and a trial that believes them.</summary>
public sealed class LibraryInstallerTests : IDisposable
{
    private const long Plenty = 1L << 40;
    private readonly string folder = Directory.CreateTempSubdirectory("tfrunner-install-").FullName;
    private readonly List<InstallProgress> reported = [];

    private string Home => Path.Combine(folder, "home");

    private string Root => Path.Combine(Home, "tfrunner", "tensorflow");

    [Fact]
    public void A_version_is_installed_with_its_checksums_and_is_in_use()
    {
        var installed = Install("2.21.0");

        Assert.Equal(("2.21.0", true), (installed.Name, installed.IsCurrent));
        Assert.Equal(["libtensorflow.so.2", "libtensorflow_framework.so.2"], installed.Manifest!.Files.Select(static f => f.Name));
        Assert.Equal("2.21.0", File.ReadAllText(Path.Combine(installed.Folder, "libtensorflow.so.2")));
        Assert.Null(Damage(installed));
        Assert.Equal(new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero), installed.Manifest.InstalledAt);
        Assert.Contains(reported, static p => p is { Total: > 0 } && p.Done == p.Total);
        AssertNothingUnderWay();
    }

    [Fact]
    public void Versions_stand_side_by_side_and_the_finder_takes_the_one_in_use()
    {
        Install("2.9.0");
        Install("2.21.0");
        Install("2.10.0");

        using (var store = LibraryStore.OpenToChange(Machine))
        {
            Assert.Equal(["2.21.0", "2.10.0", "2.9.0"], store.Versions().Select(static v => v.Name));
            Assert.EndsWith("2.10.0/libtensorflow.so.2", Found(), StringComparison.Ordinal);
            store.Use("2.9.0");
            Assert.EndsWith("2.9.0/libtensorflow.so.2", Found(), StringComparison.Ordinal);
            store.Remove(store.Find("2.9.0"));
        }

        Assert.EndsWith("2.21.0/libtensorflow.so.2", Found(), StringComparison.Ordinal);
        AssertNothingUnderWay();
    }

    [Fact]
    public void The_build_for_GPUs_stands_beside_the_one_for_CPUs()
    {
        Install("2.21.0");
        Assert.Equal("2.21.0-gpu", Installer("2.21.0").Install(new(Package("2.21.0"), null, true, folder), new Progress<InstallProgress>(), CancellationToken.None).Name);
        using var store = LibraryStore.OpenToRead(Machine);
        Assert.Equal(2, store.Versions().Count);
    }

    [Fact]
    public void A_library_that_fails_its_trial_is_not_installed()
    {
        var installer = new LibraryInstaller(Machine, new Year2000(), static (_, _) => new(null, "it lacks TF_NewGraph"), static _ => Plenty);
        var error = Fails(installer, Request(Package("x")));
        Assert.Equal(ErrorCode.FailedPrecondition, error.Code);
        Assert.Contains("it lacks TF_NewGraph", error.Message, StringComparison.Ordinal);
        AssertNothingInstalled();
    }

    [Fact]
    public void Another_version_than_the_one_asked_for_is_not_installed()
    {
        var error = Fails(Installer("2.20.0"), new(Package("x"), "2.21.0", false, folder));
        Assert.Contains("holds TensorFlow 2.20.0, not 2.21.0", error.Message, StringComparison.Ordinal);
        AssertNothingInstalled();
    }

    [Fact]
    public void A_disk_without_room_is_seen_before_anything_is_copied()
    {
        var error = Fails(new(Machine, new Year2000(), Passes("1"), static _ => 3), Request(Package("2.21.0")));
        Assert.Equal((ErrorCode.ResourceExhausted, ErrorStage.Engine), (error.Code, error.Stage));
        AssertNothingInstalled();
    }

    [Theory]
    [InlineData(28)]
    [InlineData(unchecked((int)0x80070070))]
    public void A_disk_that_fills_up_on_the_way_is_told_as_such(int code)
    {
        var error = Fails(
            new(Machine, new Year2000(), (_, _) => throw new IOException("No space left on device", code), static _ => Plenty), Request(Package("2.21.0")));
        Assert.Equal(ErrorCode.ResourceExhausted, error.Code);
        AssertNothingInstalled();
    }

    [Fact]
    public void A_cancelled_installation_leaves_nothing()
    {
        using var source = new CancellationTokenSource();
        var installer = new LibraryInstaller(
            Machine,
            new Year2000(),
            (_, _) =>
            {
                source.Cancel();
                return new("2.21.0", null);
            },
            static _ => Plenty);
        Assert.Throws<OperationCanceledException>(() => installer.Install(Request(Package("2.21.0")), new Progress<InstallProgress>(), source.Token));
        AssertNothingInstalled();
    }

    [Theory]
    [InlineData("p.zip")]
    [InlineData("p.whl")]
    [InlineData("p.nupkg")]
    [InlineData("p.tar.gz")]
    public void A_truncated_archive_is_not_installed(string name)
    {
        var file = Path.Combine(folder, name);
        var text = string.Concat(Enumerable.Range(0, 5000));
        _ = name.EndsWith(".tar.gz", StringComparison.Ordinal) ? PackageFiles.Tar(file, ("lib/libtensorflow.so.2", text)) : PackageFiles.Zip(file, ("lib/libtensorflow.so.2", text));
        using (var stream = File.OpenWrite(file))
        {
            stream.SetLength(stream.Length / 2);
        }

        Assert.Equal(ErrorCode.DataLoss, Fails(Installer("2.21.0"), Request(file)).Code);
        AssertNothingInstalled();
    }

    [Fact]
    public void Fragments_that_do_not_give_the_checksum_are_not_installed()
    {
        var package = PackageFiles.Folder(
            Path.Combine(folder, "p"), ("a/libtensorflow.so", "x"), ("a/libtensorflow.so.sha", new string('0', 64)), ("b/libtensorflow.so.fragment1", "1"));
        var error = Fails(Installer("2.11.0"), Request(package));
        Assert.Equal(ErrorCode.DataLoss, error.Code);
        Assert.Contains("checksum", error.Message, StringComparison.Ordinal);
        AssertNothingInstalled();
    }

    [Theory]
    [InlineData("missing.whl", ErrorCode.NotFound, ErrorStage.Engine)]
    [InlineData("other.rar", ErrorCode.InvalidArgument, ErrorStage.Usage)]
    public void What_is_no_package_is_refused(string name, ErrorCode code, ErrorStage stage)
    {
        File.WriteAllText(Path.Combine(folder, "other.rar"), "x");
        var error = Fails(Installer("2.21.0"), Request(Path.Combine(folder, name)));
        Assert.Equal((code, stage), (error.Code, error.Stage));
        AssertNothingInstalled();
    }

    [Fact]
    public void A_package_that_cannot_be_read_is_told_by_its_own_name()
    {
        var file = PackageFiles.Zip(Path.Combine(folder, "p.zip"), ("lib/libtensorflow.so.2", "L"));
        using var held = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        var error = Fails(Installer("2.21.0"), Request(file));
        Assert.Equal(ErrorCode.PermissionDenied, error.Code);
        Assert.StartsWith(file + " cannot be read: ", error.Message, StringComparison.Ordinal);
        AssertNothingInstalled();
    }

    [Fact]
    public void A_folder_of_packages_is_refused_with_the_name_of_one()
    {
        var packages = Directory.CreateDirectory(Path.Combine(folder, "feed")).FullName;
        PackageFiles.Folder(packages, ("LICENSE", "T"));
        var file = PackageFiles.Zip(Path.Combine(packages, "SciSharp.TensorFlow.Redist.2.16.0.nupkg"), ("lib/libtensorflow.so.2", "L"));
        var error = Fails(Installer("2.21.0"), Request(packages));
        Assert.Equal((ErrorCode.NotFound, "name one of them: --from " + file), (error.Code, error.Hint));
        AssertNothingInstalled();
    }

    [Fact]
    public void A_package_that_leaves_its_fragments_to_others_says_how_to_get_them()
    {
        var package = PackageFiles.Folder(Path.Combine(folder, "p"), ("a/libtensorflow.so", string.Empty), ("a/libtensorflow.so.sha", new string('0', 64)));
        Assert.Contains("install with --from nuget --gpu", Fails(Installer("2.11.0"), Request(package)).Hint, StringComparison.Ordinal);
        AssertNothingInstalled();
    }

    [Fact]
    public void A_damaged_version_is_refused_with_what_is_wrong()
    {
        var installed = Install("2.21.0");
        LibraryStore.CheckUndamaged(installed, CancellationToken.None);
        File.Delete(Path.Combine(installed.Folder, "libtensorflow.so.2"));
        var error = Assert.Throws<TfRunnerException>(() => LibraryStore.CheckUndamaged(installed, CancellationToken.None));
        Assert.Equal(ErrorCode.DataLoss, error.Code);
        Assert.Contains("is damaged: libtensorflow.so.2 cannot be read", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_dead_process_left_is_swept_by_the_next()
    {
        PackageFiles.Folder(Path.Combine(Root, "partial", "dead"), ("libtensorflow.so.2", "half"));
        Install("2.21.0");
        AssertNothingUnderWay();
    }

    [Fact]
    public void Two_processes_do_not_change_the_store_at_once()
    {
        using var first = LibraryStore.OpenToChange(Machine);
        Assert.Equal(ErrorCode.Aborted, Assert.Throws<TfRunnerException>(() => LibraryStore.OpenToChange(Machine)).Code);
    }

    [Theory]
    [InlineData("libtensorflow.so.2", "2.21.1", "libtensorflow.so.2 differs from what was installed")]
    [InlineData("libtensorflow.so.2", "2.21", "libtensorflow.so.2 has 4 bytes, not 6")]
    [InlineData("install.json", "{", "install.json is missing or damaged")]
    public void Damage_is_found_and_repaired_by_installing_again(string file, string text, string damage)
    {
        var installed = Install("2.21.0");
        File.WriteAllText(Path.Combine(installed.Folder, file), text);
        using (var store = LibraryStore.OpenToRead(Machine))
        {
            Assert.Equal(damage, Damage(store.Find("2.21.0")));
        }

        Assert.Null(Damage(Install("2.21.0")));
        AssertNothingUnderWay();
    }

    [Fact]
    public void Installing_the_same_again_leaves_the_files_in_place()
    {
        var file = Path.Combine(Install("2.21.0").Folder, "install.json");
        File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch);
        Install("2.21.0");
        Assert.Equal(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(file));
    }

    [Fact]
    public void A_version_that_is_not_installed_is_told_with_those_that_are()
    {
        Install("2.21.0");
        using var store = LibraryStore.OpenToRead(Machine);
        Assert.Equal("installed are 2.21.0", Assert.Throws<TfRunnerException>(() => store.Find("2.20.0")).Hint);
    }

    [Fact]
    public void Without_a_home_there_is_nowhere_to_install() =>
        Assert.Equal(ErrorCode.FailedPrecondition, Assert.Throws<TfRunnerException>(() => LibraryStore.OpenToRead(new StoreMachine(string.Empty))).Code);

    [Theory]
    [InlineData("2.21.0", "2.9.1")]
    [InlineData("2.21.0", "2.21.0-rc1")]
    [InlineData("2.21.0", "2.21.0-gpu")]
    [InlineData("2.10.0-rc0", "2.9.9")]
    [InlineData("2.9.1", "notes")]
    public void Versions_are_ordered_by_their_numbers(string newer, string older) =>
        Assert.True(StoreVersions.Key(newer).CompareTo(StoreVersions.Key(older)) > 0);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private StoreMachine Machine => new(Home);

    private static Func<string, CancellationToken, TrialOutcome> Passes(string version) => (_, _) => new(version, null);

    private static string? Damage(InstalledVersion version) => LibraryStore.Damage(version, static _ => { }, CancellationToken.None);

    private string Package(string text) => PackageFiles.Folder(
        Path.Combine(folder, "package", text), ("lib/libtensorflow.so.2", text), ("lib/libtensorflow_framework.so.2", "framework"));

    private InstallRequest Request(string from) => new(from, null, false, folder);

    private LibraryInstaller Installer(string version) => new(Machine, new Year2000(), Passes(version), static _ => Plenty);

    private InstalledVersion Install(string version) =>
        Installer(version).Install(Request(Package(version)), new Recorder(reported), CancellationToken.None);

    private TfRunnerException Fails(LibraryInstaller installer, InstallRequest request) =>
        Assert.Throws<TfRunnerException>(() => installer.Install(request, new Progress<InstallProgress>(), CancellationToken.None));

    private string Found() => new TfRunner.TensorFlow.Library.LibraryFinder(Machine).Places(null).First(static p => p.File is not null).File!;

    private void AssertNothingUnderWay() => Assert.False(Directory.Exists(Path.Combine(Root, "partial")));

    private void AssertNothingInstalled()
    {
        AssertNothingUnderWay();
        Assert.False(Directory.Exists(Path.Combine(Root, "versions")));
        Assert.False(File.Exists(Path.Combine(Root, "current")));
    }

    private sealed class Recorder(List<InstallProgress> reported) : IProgress<InstallProgress>
    {
        public void Report(InstallProgress value) => reported.Add(value);
    }

    private sealed class Year2000 : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    }
}
