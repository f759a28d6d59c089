using TfRunner.Engines;

namespace TfRunner.Tests.Engines;

public sealed class CallsInFlightTests
{
    [Fact]
    public async Task Closing_waits_for_the_calls_inside()
    {
        var calls = new CallsInFlight();
        calls.Enter(this);
        var closing = Task.Run(calls.Close, TestContext.Current.CancellationToken);
        Assert.Throws<ObjectDisposedException>(() => EnterUntilClosed(calls));
        Assert.False(closing.IsCompleted);
        calls.Leave();
        Assert.True(await closing);
    }

    [Fact]
    public void Only_the_first_close_counts()
    {
        var calls = new CallsInFlight();
        Assert.True(calls.Close());
        Assert.False(calls.Close());
    }

    [Fact]
    public async Task No_call_is_inside_after_closing_however_threads_race()
    {
        var calls = new CallsInFlight();
        var inside = 0;
        var closed = false;
        var violations = 0;
        var callers = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            while (true)
            {
                try
                {
                    calls.Enter(this);
                }
                catch (ObjectDisposedException)
                {
                    return;
                }

                Interlocked.Increment(ref inside);
                if (Volatile.Read(ref closed))
                {
                    Interlocked.Increment(ref violations);
                }

                Interlocked.Decrement(ref inside);
                calls.Leave();
            }
        })).ToArray();
        calls.Close();
        Volatile.Write(ref closed, true);
        Assert.Equal(0, Volatile.Read(ref inside));
        await Task.WhenAll(callers);
        Assert.Equal(0, violations);
    }

    private void EnterUntilClosed(CallsInFlight calls)
    {
        while (true)
        {
            calls.Enter(this);
            calls.Leave();
        }
    }
}
