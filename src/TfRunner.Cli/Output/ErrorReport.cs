namespace TfRunner.Cli.Output;

/// <summary>Says on standard error what went wrong: one line for the error, one for the hint.</summary>
internal static class ErrorReport
{
    /// <summary>The exit code of errors that nobody foresaw.</summary>
    private const int Unexpected = 1;

    public static int Write(Exception exception, bool verbose)
    {
        if (exception is OperationCanceledException)
        {
            WriteLine("error", "cancelled");
            return Interruption.ExitCode;
        }

        if (exception is IOException { HResult: 32 or unchecked((int)0x800700E8) })
        {
            // The reader of a pipe has seen enough, as with `| head`.
            return 0;
        }

        if (exception is IOException { HResult: 28 or unchecked((int)0x80070070) })
        {
            // Files are guarded where they are written; this is standard output, redirected to a full disk.
            exception = TfRunnerException.ForData(
                ErrorCode.ResourceExhausted, "the disk is full while writing standard output", "what was written so far is incomplete; free some space and run it again", exception);
        }

        if (exception is TfRunnerException known)
        {
            WriteLine("error", known.Message);
            WriteLine("hint", known.Hint ?? GeneralHint.For(known));
        }
        else
        {
            WriteLine("error", $"unexpected: {exception.GetType().Name}: {exception.Message}");
            WriteLine("hint", "this is a defect of TfRunner; run again with --verbose and report what it prints");
        }

        if (verbose)
        {
            Console.Error.WriteLine(exception);
        }

        return exception is TfRunnerException { Stage: not ErrorStage.Unspecified } staged ? (int)staged.Stage : Unexpected;
    }

    public static void WriteLine(string label, string text) =>
        Console.Error.WriteLine($"{label}: {text.ReplaceLineEndings(" ").Trim()}");
}
