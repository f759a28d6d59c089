using System.Diagnostics;
using TfRunner.RecordedCases;

namespace TfRunner.Installation.Tests;

/// <summary>The command as a user runs it.</summary>
internal static class CommandProcess
{
    public const string Configuration =
#if DEBUG
        "Debug";
#else
        "Release";
#endif

    /// <summary>How to start the command.</summary>
    /// <param name="folder">Where it runs.</param>
    /// <param name="variables">Environment variables to set; null removes one.</param>
    /// <param name="arguments">Its command line.</param>
    /// <returns>The start, with output and errors redirected.</returns>
    public static ProcessStartInfo Start(string folder, IReadOnlyDictionary<string, string?> variables, params IEnumerable<string> arguments)
    {
        var program = Path.Combine(SharedFolder.RepositoryRoot, "src", "TfRunner.Cli", "bin", Configuration, "net10.0", "TfRunner.Cli.dll");
        return Program("dotnet", folder, variables, [program, .. arguments]);
    }

    /// <summary>How to start any program, as <see cref="Start"/> does the command.</summary>
    public static ProcessStartInfo Program(string program, string folder, IReadOnlyDictionary<string, string?> variables, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    /// <summary>Runs a process to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> Run(ProcessStartInfo start)
    {
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output, await errors);
    }
}
