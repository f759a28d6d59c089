namespace TfRunner.Measurement;

/// <summary>
/// Drives calls from several callers at once, as a closed loop (each caller starts its next call when the last one ended) or as
/// an open loop (calls start by a schedule; when all callers are busy, the wait counts, because its user waits too).
/// </summary>
/// <param name="clock">The clock; waits for the intended starts.</param>
/// <param name="plan">The load.</param>
internal sealed class LoadGenerator(IMeasurementClock clock, LoadPlan plan)
{
    private static readonly TimeInterval LateAfter = TimeInterval.FromMilliseconds(1);
    private static readonly TimeInterval LookEvery = TimeInterval.FromMilliseconds(250);
    private readonly Lock gate = new();
    private readonly List<Request> finished = [];
    private IEnumerator<long>? schedule;
    private Exception? failure;
    private long began;
    private long deadline;
    private long nextLook;
    private bool stable;

    /// <summary>Called a few times per second, by one of the callers: what is finished so far and the time used.</summary>
    public Action<int, TimeInterval>? Progress { get; init; }

    /// <summary>Runs the load until it is stable, time is up, or it is cancelled.</summary>
    /// <param name="callers">One call per caller, each used by one thread only; as many as the plan's callers.</param>
    /// <param name="cancellationToken">Ends the load; what was measured is returned.</param>
    /// <returns>What was measured.</returns>
    /// <exception cref="Exception">What a call threw; the load ends at the first failure.</exception>
    public LoadResult Run(IReadOnlyList<Action> callers, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(callers.Count, plan.Callers);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        began = clock.Now;
        deadline = began + clock.ToTicks(plan.MaxTime);
        nextLook = began + clock.ToTicks(LookEvery);
        schedule = plan.Rate is { } rate ? ArrivalSchedule.Starts(plan.Pattern, rate, clock.TicksPerSecond, plan.Seed).GetEnumerator() : null;
        var threads = callers.Skip(1).Select(call => new Thread(() => Drive(call, ended)) { IsBackground = true, Name = "load" }).ToArray();
        Array.ForEach(threads, static t => t.Start());
        Drive(callers[0], ended);
        Array.ForEach(threads, static t => t.Join());
        if (failure is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        }

        var over = finished.Count == 0 ? clock.Now : finished.Max(static r => r.End);
        Request[] requests = [.. finished.OrderBy(static r => r.Intended)];
        var late = schedule is null ? 0 : requests.Count(r => r.Delay > clock.ToTicks(LateAfter));
        return new(requests, began, over, late, Missed(Math.Min(over, deadline)), stable, cancellationToken.IsCancellationRequested);
    }

    private void Drive(Action call, CancellationTokenSource ended)
    {
        try
        {
            while (!ended.IsCancellationRequested && Next() is { } intended)
            {
                clock.WaitUntil(intended, ended.Token);
                if (ended.IsCancellationRequested)
                {
                    return;
                }

                var start = clock.Now;
                call();
                Finish(new(schedule is null ? start : intended, start, clock.Now), ended);
            }
        }
#pragma warning disable CA1031 // A thread's failure is thrown to the caller of Run.
        catch (Exception e)
#pragma warning restore CA1031
        {
            lock (gate)
            {
                failure ??= e;
            }

            ended.Cancel();
        }
    }

    /// <summary>The next intended start; the present in a closed loop; null when time is up.</summary>
    private long? Next()
    {
        if (schedule is null)
        {
            var now = clock.Now;
            return now < deadline ? now : null;
        }

        lock (gate)
        {
            // When callers cannot keep up, time is up by the clock, not by the schedule.
            schedule.MoveNext();
            return began + schedule.Current is var next && next < deadline && clock.Now < deadline ? next : null;
        }
    }

    private void Finish(Request request, CancellationTokenSource ended)
    {
        lock (gate)
        {
            finished.Add(request);
            if (request.End < nextLook || stable)
            {
                return;
            }

            nextLook = request.End + clock.ToTicks(LookEvery);
            Progress?.Invoke(finished.Count, clock.ToInterval(request.End - began));
            stable = LoadStability.IsStable(finished, began, request.End, plan.Precision);
        }

        if (stable)
        {
            ended.Cancel();
        }
    }

    /// <summary>Requests of the schedule whose time came and which nobody started.</summary>
    private int Missed(long over)
    {
        if (schedule is null)
        {
            return 0;
        }

        var due = ArrivalSchedule.Starts(plan.Pattern, plan.Rate!.Value, clock.TicksPerSecond, plan.Seed).TakeWhile(s => began + s < over).Count();
        return Math.Max(0, due - finished.Count);
    }
}
