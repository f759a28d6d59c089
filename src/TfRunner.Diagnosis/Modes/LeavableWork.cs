using System.Runtime.ExceptionServices;
using TfRunner.Measurement;

namespace TfRunner.Diagnosis.Modes;

/// <summary>
/// Work that nothing can end early, such as loading a model or compiling it, on a thread of its own, so that a caller whose
/// time is up can leave it. It goes on until it is done or the process ends; what it uses must stay as long.
/// </summary>
internal static class LeavableWork
{
    /// <summary>Does the work.</summary>
    /// <typeparam name="T">What comes of it.</typeparam>
    /// <param name="work">The work.</param>
    /// <param name="limit">How long to wait for it.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>What came of it.</returns>
    /// <exception cref="TimeoutException">It had not ended in time, and goes on.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; it goes on.</exception>
    public static T Run<T>(Func<T> work, TimeInterval limit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (limit.Nanoseconds <= 0)
        {
            throw new TimeoutException();
        }

        var (result, failure) = (default(T), (ExceptionDispatchInfo?)null);
        var done = new ManualResetEventSlim();
        new Thread(() =>
        {
            try
            {
                result = work();
            }
#pragma warning disable CA1031 // Thrown again on the caller's thread.
            catch (Exception e)
#pragma warning restore CA1031
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }

            done.Set();
        })
        { IsBackground = true, Name = "leavable" }.Start();
        if (!done.Wait((int)Math.Clamp(limit.Milliseconds, 1, int.MaxValue), cancellationToken))
        {
            throw new TimeoutException();
        }

        failure?.Throw();
        return result!;
    }
}
