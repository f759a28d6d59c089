using TfRunner.Engines;

namespace TfRunner.TensorFlow.Calls;

/// <summary>
/// Makes a call on a thread of its own, so that the caller can leave it at once. The eager runtime then ends it early;
/// TF_SessionRun knows no cancelling and runs to its end. What the call holds is freed then. Disposing the signature waits for it.
/// </summary>
internal static class AbandonableCall
{
    private const int Running = 0;
    private const int Finished = 1;
    private const int Left = 2;

    /// <summary>Runs the call and waits for its end or the token.</summary>
    /// <param name="call">The call; disposed here when it is left.</param>
    /// <param name="calls">Entered by the caller; left here when the call is.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public static void Run(SignatureCall call, CallsInFlight calls, CancellationToken cancellationToken)
    {
        var done = new ManualResetEventSlim();
        var state = Running;
        CallThread.Run(() =>
        {
            call.Execute();
            if (Interlocked.CompareExchange(ref state, Finished, Running) == Running)
            {
                done.Set();
            }
            else
            {
                call.Dispose();
                calls.Leave();
                done.Dispose();
            }
        });

        try
        {
            done.Wait(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Where the mode can be cancelled, the call ends soon; it ends in any case.
            call.Cancel();
            if (Interlocked.CompareExchange(ref state, Left, Running) == Running)
            {
                throw;
            }

            // It finished in the same moment: the caller frees it, after the event was set.
            done.Wait(CancellationToken.None);
            call.Dispose();
            calls.Leave();
            done.Dispose();
            throw;
        }

        done.Dispose();
    }
}
