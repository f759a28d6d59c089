using System.Diagnostics;
using TfRunner.Measurement;

namespace TfRunner.Cli.Measuring;

/// <summary>Runs this command again in a process of its own and reads what it prints.</summary>
internal static class ChildProcess
{
    private const int MomentMilliseconds = 500;

    /// <summary>Runs it.</summary>
    /// <param name="arguments">Its command line.</param>
    /// <param name="limit">When it is ended.</param>
    /// <param name="cancellationToken">Ends it at once.</param>
    /// <returns>Its exit code, null when it was ended by the limit; its output; the last line of its errors.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static (int? ExitCode, string Output, string LastError) Run(IEnumerable<string> arguments, TimeInterval limit, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo { FileName = Environment.ProcessPath!, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
        {
            start.ArgumentList.Add(typeof(ChildProcess).Assembly.Location);
        }

        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ended.CancelAfter(limit.ToTimeSpan());
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            process.WaitForExitAsync(ended.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            return (null, string.Empty, string.Empty);
        }

        // Ctrl-C reaches the child at the same moment, and it may be the first to end.
        if (process.ExitCode == Interruption.ExitCode && cancellationToken.WaitHandle.WaitOne(MomentMilliseconds))
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        var lines = errors.GetAwaiter().GetResult().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var said = lines.LastOrDefault(static l => l.StartsWith("error: ", StringComparison.Ordinal))?["error: ".Length..] ?? lines.LastOrDefault() ?? string.Empty;
        return (process.ExitCode, output.GetAwaiter().GetResult(), said.Trim());
    }
}
