using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace TfRunner.TensorFlow.Library.Install;

/// <summary>
/// Fetches a SciSharp.TensorFlow.Redist package with <c>dotnet restore</c>, from the sources that the user's nuget.config names.
/// The project that is restored lives for that long only, and nothing around it has a say in it.
/// </summary>
internal static partial class NuGetSource
{
    /// <summary>The package for a platform.</summary>
    /// <param name="platform">The platform.</param>
    /// <param name="gpu">Whether the build for GPUs is wanted.</param>
    /// <returns>Its id.</returns>
    /// <exception cref="TfRunnerException">Unimplemented for GPUs on macOS.</exception>
    public static string PackageId(NativePlatform platform, bool gpu) => (platform, gpu) switch
    {
        (_, false) => "SciSharp.TensorFlow.Redist",
        (NativePlatform.Windows, true) => "SciSharp.TensorFlow.Redist-Windows-GPU",
        (NativePlatform.Linux, true) => "SciSharp.TensorFlow.Redist-Linux-GPU",
        _ => throw InstallErrors.Error(ErrorCode.Unimplemented, "there is no TensorFlow Redist for GPUs on macOS", "install without --gpu"),
    };

    /// <summary>Fetches the package and those that it needs.</summary>
    /// <param name="request">Which version, and where the user's configuration is.</param>
    /// <param name="machine">The platform.</param>
    /// <param name="scratch">Where to; the caller removes it.</param>
    /// <param name="progress">Told how much has arrived.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <returns>The packages' files.</returns>
    /// <exception cref="TfRunnerException">Unavailable, with what was tried and what the client said, when it cannot be had.</exception>
    public static ILibraryPackage Fetch(
        InstallRequest request, IMachine machine, string scratch, IProgress<InstallProgress> progress, CancellationToken cancellationToken)
    {
        var id = PackageId(machine.Platform, request.Gpu);
        var packages = Path.Combine(scratch, "packages");
        var project = Path.Combine(scratch, "fetch.csproj");
        Project(id, request.Version, packages).Save(project);
        var dotnet = machine.Variable("DOTNET_HOST_PATH") ?? "dotnet";
        var tried = $"dotnet restore of {id}{(request.Version is null ? string.Empty : " " + request.Version)}";
        var result = ClientProcess.Run(
            dotnet,
            ["restore", project, "-nologo", "-p:RestoreRootConfigDirectory=" + request.ConfigurationDirectory],
            scratch,
            () => progress.Report(new("restoring " + id, ClientProcess.LengthOf(packages), null)),
            cancellationToken)
            ?? throw InstallErrors.Error(
                ErrorCode.Unavailable,
                $"{tried} could not be tried: there is no 'dotnet' on PATH",
                "install the .NET SDK, or install from a file or with --from pip");
        if (result.ExitCode != 0)
        {
            throw InstallErrors.IsFullDisk(result.Output) ? InstallErrors.DiskFull(scratch) : InstallErrors.Error(
                ErrorCode.Unavailable,
                $"{tried} failed: {Reason(result.Output)}",
                "'dotnet nuget list source' shows the sources; name a package that you have with --from FILE, or use --from pip");
        }

        var version = Directory.EnumerateDirectories(Path.Combine(packages, id.ToLowerInvariant())).Select(Path.GetFileName).Single();
        return FolderPackage.Open(packages, $"{id} {version}");
    }

    /// <summary>What NuGet says is wrong: its numbered errors, each once, without the project's path.</summary>
    internal static string Reason(string output)
    {
        if (output.Contains("No .NET SDKs were found", StringComparison.Ordinal))
        {
            return "'dotnet' has no SDK, only a runtime";
        }

        var reasons = ErrorPattern().Matches(output).Select(static m => m.Groups[1].Value.Trim()).Distinct().Take(3).ToList();
        return reasons.Count > 0
            ? string.Join("; ", reasons)
            : output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "it printed nothing";
    }

    private static XDocument Project(string id, string? version, string packages)
    {
        static XElement Property(string name, string value) => new(name, value);
        return new(new XElement(
            "Project",
            new XElement(
                "PropertyGroup",
                Property("ImportDirectoryBuildProps", "false"),
                Property("ImportDirectoryBuildTargets", "false"),
                Property("ImportDirectoryPackagesProps", "false")),
            new XElement("Import", new XAttribute("Project", "Sdk.props"), new XAttribute("Sdk", "Microsoft.NET.Sdk")),
            new XElement(
                "PropertyGroup",

                // No package of the framework itself is needed, whichever SDK restores.
                Property("TargetFramework", "net8.0"),
                Property("DisableImplicitFrameworkReferences", "true"),
                Property("NuGetAudit", "false"),
                Property("RestorePackagesPath", packages),

                // What stands in a fallback folder would be used from there, and not be fetched.
                Property("RestoreFallbackFolders", "clear")),
            new XElement(
                "ItemGroup",
                new XElement("PackageReference", new XAttribute("Include", id), new XAttribute("Version", version is null ? "*" : $"[{version}]"))),
            new XElement("Import", new XAttribute("Project", "Sdk.targets"), new XAttribute("Sdk", "Microsoft.NET.Sdk"))));
    }

    [GeneratedRegex(@"error (NU\d{4}: .*?)(?:\s*\[[^\]]*\])?\r?$", RegexOptions.Multiline)]
    private static partial Regex ErrorPattern();
}
