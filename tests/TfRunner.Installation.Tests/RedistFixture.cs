using TfRunner.RecordedCases;

namespace TfRunner.Installation.Tests;

/// <summary>
/// A Redist package with the real library, restored once from a folder feed into a folder of packages. Publishing takes it
/// from there, and everything else from the sources that this machine is set up with.
/// </summary>
public sealed class RedistFixture : IAsyncLifetime
{
    /// <summary>Holds everything; removed at the end.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("tfrunner-redist-").FullName;

    /// <summary>The properties with which the sample takes the package.</summary>
    public IReadOnlyList<string> Properties => ["-p:RedistVersion=" + RealPackages.Version, "-p:RestoreFallbackFolders=" + Packages];

    private string Packages => Path.Combine(Folder, "packages");

    public async ValueTask InitializeAsync()
    {
        if (!OperatingSystem.IsLinux() || !SharedFolder.IsPresent)
        {
            return;
        }

        var feed = Directory.CreateDirectory(Path.Combine(Folder, "feed")).FullName;
        RealPackages.Redist(feed);
        await File.WriteAllTextAsync(Path.Combine(Folder, "nuget.config"), """
            <configuration><packageSources><clear /><add key="a-local-feed" value="feed" /></packageSources></configuration>
            """);
        await File.WriteAllTextAsync(Path.Combine(Folder, "fetch.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework><NuGetAudit>false</NuGetAudit></PropertyGroup>
              <ItemGroup><PackageReference Include="SciSharp.TensorFlow.Redist" Version="[{RealPackages.Version}]" /></ItemGroup>
            </Project>
            """);
        var (exitCode, output, errors) = await CommandProcess.Run(CommandProcess.Program(
            "dotnet", Folder, new Dictionary<string, string?>(), "restore", "fetch.csproj", "--packages", Packages, "-v", "quiet"));
        Assert.True(exitCode == 0, output + errors);
        Directory.Delete(feed, recursive: true);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
