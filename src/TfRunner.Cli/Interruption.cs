using System.Runtime.InteropServices;

namespace TfRunner.Cli;

/// <summary>Turns Ctrl-C and the terminate signal into a cancelled token; the second one ends the process at once.</summary>
internal sealed class Interruption : IDisposable
{
    /// <summary>The exit code of a run that was cancelled, as shells have it for SIGINT.</summary>
    public const int ExitCode = 130;

    /// <summary>How long a run may take to end by itself: loading a model cannot be cancelled.</summary>
    private static TimeSpan patience = TimeSpan.FromSeconds(2);

    private static readonly CancellationTokenSource Source = new();
    private readonly PosixSignalRegistration interrupt;
    private readonly PosixSignalRegistration terminate;
    private ITimer? deadline;

    public Interruption()
    {
        interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
    }

    /// <summary>Cancelled by the first signal.</summary>
    public static CancellationToken Token => Source.Token;

    /// <summary>Gives a command the time to sum up and to write what it has when it is interrupted; its own waits end at once.</summary>
    public static void WaitForReport() => patience = TimeSpan.FromSeconds(10);

    public void Dispose()
    {
        interrupt.Dispose();
        terminate.Dispose();
        deadline?.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Source.IsCancellationRequested)
        {
            ProcessEnd.Now(ExitCode);
        }

        deadline = TimeProvider.System.CreateTimer(static _ => ProcessEnd.Now(ExitCode), null, patience, Timeout.InfiniteTimeSpan);
        Source.Cancel();
    }
}
