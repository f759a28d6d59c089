namespace TfRunner.TensorFlow.Library.Install;

/// <summary>
/// Fetches TensorFlow's wheel with <c>pip download</c>, from the index that the user's pip is set up with. Nothing is installed
/// into Python: the library is taken from the wheel.
/// </summary>
internal static class PipSource
{
    /// <summary>A Python for which every TensorFlow since 2.16 has wheels. The library does not depend on it.</summary>
    private const string OtherPython = "3.12";

    /// <summary>Fetches the wheel.</summary>
    /// <param name="request">Which version, CPU or GPU.</param>
    /// <param name="machine">The platform.</param>
    /// <param name="scratch">Where to; the caller removes it.</param>
    /// <param name="progress">Told how much has arrived.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <returns>The wheel; the caller disposes it.</returns>
    /// <exception cref="TfRunnerException">Unavailable, with what was tried and what pip said, when it cannot be had.</exception>
    public static ILibraryPackage Fetch(
        InstallRequest request, IMachine machine, string scratch, IProgress<InstallProgress> progress, CancellationToken cancellationToken)
    {
        // tensorflow-cpu is smaller, and not made for every platform; tensorflow is.
        string[] names = request.Gpu || machine.Platform == NativePlatform.MacOS ? ["tensorflow"] : ["tensorflow-cpu", "tensorflow"];
        var failures = new List<string>();
        var isPipMissing = false;
        foreach (var (name, python) in names.SelectMany(static n => new[] { (n, (string?)null), (n, OtherPython) }))
        {
            var folder = Path.Combine(scratch, $"{name}-{python ?? "own"}");
            Directory.CreateDirectory(folder);
            var requirement = request.Version is null ? name : $"{name}=={request.Version}";
            List<string> arguments =
            [
                "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--disable-pip-version-check", "--progress-bar=off", "--no-input",
                "--dest", folder, .. python is null ? Array.Empty<string>() : ["--python-version", python], requirement,
            ];
            var result = Run(machine, arguments, folder, () => progress.Report(new("downloading " + name, ClientProcess.LengthOf(folder), null)), cancellationToken);
            if (result is null)
            {
                isPipMissing = true;
                break;
            }

            if (result.Value.ExitCode == 0 && Directory.EnumerateFiles(folder, "*.whl").FirstOrDefault() is { } wheel)
            {
                return ZipPackage.Open(wheel, Path.GetFileName(wheel));
            }

            if (result.Value.ExitCode != 0 && InstallErrors.IsFullDisk(result.Value.Output))
            {
                throw InstallErrors.DiskFull(folder);
            }

            failures.Add($"{requirement}{(python is null ? string.Empty : " for Python " + python)}: {Reason(result.Value.Output)}");
            if (result.Value.Output.Contains("No module named pip", StringComparison.Ordinal))
            {
                isPipMissing = true;
                break;
            }
        }

        throw isPipMissing
            ? InstallErrors.Error(
                ErrorCode.Unavailable, "pip download of tensorflow could not be tried: there is no Python with pip on PATH", "install from a file or with --from nuget")
            : InstallErrors.Error(
                ErrorCode.Unavailable,
                $"pip download failed: {string.Join("; ", failures.Distinct())}",
                "'pip config list' shows the index; name a wheel that you have with --from FILE, or use --from nuget");
    }

    /// <summary>What pip says is wrong: its last error.</summary>
    internal static string Reason(string output)
    {
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.LastOrDefault(static l => l.StartsWith("ERROR: ", StringComparison.Ordinal))?["ERROR: ".Length..] ?? lines.LastOrDefault() ?? "it printed nothing";
    }

    private static (int ExitCode, string Output)? Run(
        IMachine machine, IReadOnlyList<string> arguments, string folder, Action tick, CancellationToken cancellationToken)
    {
        string[] interpreters = machine.Platform == NativePlatform.Windows ? ["python", "py"] : ["python3", "python"];
        foreach (var interpreter in interpreters)
        {
            if (ClientProcess.Run(interpreter, arguments, folder, tick, cancellationToken) is { } result)
            {
                return result;
            }
        }

        return null;
    }
}
