using System.Runtime.InteropServices;
using TfRunner.RecordedCases;

namespace TfRunner.Installation.Tests;

/// <summary>A user with an empty home, no library named, a pip that looks into one folder only, and the sources that a test gives.</summary>
internal sealed class EmptyHome : IDisposable
{
    /// <summary>Where the command runs; holds the home, the packages and the user's configuration.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("tfrunner-native-").FullName;

    public string Home => Directory.CreateDirectory(Path.Combine(Folder, "home")).FullName;

    /// <summary>Where versions are kept.</summary>
    public string Store => Path.Combine(Home, ".local", "share", "tfrunner", "tensorflow");

    /// <summary>The folder that pip looks into.</summary>
    public string Wheels => Directory.CreateDirectory(Path.Combine(Folder, "wheels")).FullName;

    public static void NeedsLinux() => Assert.SkipUnless(
        OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64, "the recorded library is one for Linux on x64");

    public static void NeedsLibrary()
    {
        NeedsLinux();
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
    }

    public async Task NeedsPip()
    {
        try
        {
            var (exitCode, _, errors) = await CommandProcess.Run(CommandProcess.Program("python3", Folder, Variables(), "-m", "pip", "--version"));
            Assert.SkipUnless(exitCode == 0, "this machine has no pip: " + errors.Trim());
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("this machine has no Python");
        }
    }

    /// <summary>Makes the folder that is the only source of packages, set up in a nuget.config where the command runs.</summary>
    /// <param name="source">Another source than that folder.</param>
    /// <param name="more">Further sections of the nuget.config.</param>
    /// <returns>The folder.</returns>
    public string Feed(string? source = null, string more = "")
    {
        var feed = Directory.CreateDirectory(Path.Combine(Folder, "feed")).FullName;
        File.WriteAllText(Path.Combine(Folder, "nuget.config"), $"""
            <configuration>
              <packageSources>
                <clear />
                <add key="a-local-feed" value="{source ?? feed}" allowInsecureConnections="true" />
              </packageSources>
              {more}
            </configuration>
            """);
        return feed;
    }

    public Dictionary<string, string?> Variables() => new()
    {
        ["HOME"] = Home,
        ["USERPROFILE"] = Home,
        ["LOCALAPPDATA"] = Path.Combine(Home, ".local", "share"),
        ["XDG_DATA_HOME"] = null,
        ["TFRUNNER_TENSORFLOW"] = null,
        ["NUGET_PACKAGES"] = null,
        ["PIP_NO_INDEX"] = "1",
        ["PIP_FIND_LINKS"] = Wheels,
        ["PIP_NO_CACHE_DIR"] = "1",
    };

    public Task<(int ExitCode, string Output, string Errors)> Tfrunner(params string[] arguments) =>
        CommandProcess.Run(CommandProcess.Start(Folder, Variables(), arguments));

    public void AssertNothingUnderWay() => Assert.False(Directory.Exists(Path.Combine(Store, "partial")));

    public void AssertNothingInstalled()
    {
        AssertNothingUnderWay();
        Assert.False(Directory.Exists(Path.Combine(Store, "versions")));
        Assert.False(File.Exists(Path.Combine(Store, "current")));
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
