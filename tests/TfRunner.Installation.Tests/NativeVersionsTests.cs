namespace TfRunner.Installation.Tests;

/// <summary><c>tfrunner native list</c>, <c>use</c> and <c>remove</c> on what <c>install</c> left.</summary>
public sealed class NativeVersionsTests : IDisposable
{
    private readonly EmptyHome user = new();

    [Fact]
    public async Task Versions_can_be_chosen_and_removed()
    {
        await InstallBoth();
        await AssertSays(0, "TensorFlow 2.21.0 is in use", "use", "2.21.0");
        await AssertSays(0, "TensorFlow 2.21.0 is in use", "use", "2.21.0");
        await AssertSays(0, "TensorFlow 2.21.0 was removed; 2.21.0-gpu is in use", "remove", "2.21.0");
        await AssertSays(6, "error: TensorFlow 2.21.0 is not installed", "remove", "2.21.0");
        await AssertSays(6, "hint: installed are 2.21.0-gpu", "use", "2.21.0");
        await AssertSays(0, "TensorFlow 2.21.0-gpu was removed; no other is installed", "remove", "2.21.0-gpu");
        await AssertSays(6, "hint: none is; see 'tfrunner native install --help'", "remove", "2.21.0-gpu");
        await AssertSays(0, "none is installed in " + user.Store, "list");
        user.AssertNothingUnderWay();
    }

    [Fact]
    public async Task A_damaged_version_is_listed_so_and_not_put_to_use_but_can_be_removed()
    {
        await InstallBoth();
        await File.AppendAllTextAsync(Path.Combine(user.Store, "versions", "2.21.0", "libtensorflow_cc.so.2"), "x", TestContext.Current.CancellationToken);
        await AssertSays(6, "damaged: libtensorflow_cc.so.2 has ", "list");
        await AssertSays(6, "is damaged: libtensorflow_cc.so.2 has ", "use", "2.21.0");
        await AssertSays(0, "TensorFlow 2.21.0 was removed", "remove", "2.21.0");
        await AssertSays(0, "as installed", "list");
    }

    [Theory]
    [InlineData("use")]
    [InlineData("remove")]
    public async Task A_name_that_leads_out_of_the_store_is_no_version(string command)
    {
        Directory.CreateDirectory(Path.Combine(user.Store, "elsewhere"));
        await AssertSays(6, "error: TensorFlow ../elsewhere is not installed", command, "../elsewhere");
        Assert.True(Directory.Exists(Path.Combine(user.Store, "elsewhere")));
    }

    [Theory]
    [InlineData("use")]
    [InlineData("remove")]
    public Task Without_a_version_the_help_of_the_command_is_named(string command) => AssertSays(2, $"hint: see 'tfrunner native {command} --help'", command);

    public void Dispose() => user.Dispose();

    private async Task InstallBoth()
    {
        EmptyHome.NeedsLibrary();
        var package = RealPackages.Unpacked(user.Folder);
        await AssertSays(0, "TensorFlow 2.21.0 is installed", "install", "--from", package);
        await AssertSays(0, "TensorFlow 2.21.0-gpu is installed", "install", "--from", package, "--gpu");
    }

    private async Task AssertSays(int exitCode, string text, params string[] command)
    {
        var result = await user.Tfrunner(["native", .. command]);
        Assert.Contains(text, result.Output + result.Errors, StringComparison.Ordinal);
        Assert.Equal(exitCode, result.ExitCode);
    }
}
