using System.Diagnostics;
using TfRunner.RecordedCases;

namespace TfRunner.Acceptance.Tests;

/// <summary>The built command, run as a process as a user would.</summary>
/// <param name="ExitCode">How it ended.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Errors">Its standard error.</param>
public sealed record CommandProcess(int ExitCode, string Output, string Errors)
{
    private const string Configuration =
#if DEBUG
        "Debug";
#else
        "Release";
#endif

    public static async Task<CommandProcess> Run(params string[] arguments)
    {
        var token = TestContext.Current.CancellationToken;
        using var process = Process.Start(Start(arguments))!;
        var errors = process.StandardError.ReadToEndAsync(token);
        var output = await process.StandardOutput.ReadToEndAsync(token);
        await process.WaitForExitAsync(token);
        return new(process.ExitCode, output, await errors);
    }

    /// <summary>How to start it, with its outputs redirected.</summary>
    public static ProcessStartInfo Start(params string[] arguments)
    {
        var program = Path.Combine(SharedFolder.RepositoryRoot, "src", "TfRunner.Cli", "bin", Configuration, "net10.0", "TfRunner.Cli.dll");
        var start = new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["TFRUNNER_TENSORFLOW"] = SharedFolder.NativeLibraryDirectory;
        start.Environment["LC_ALL"] = "de_DE.UTF-8";
        return start;
    }
}
