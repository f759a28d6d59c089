namespace TfRunner.Measurement;

/// <summary>
/// Measures contenders side by side: each is warmed up, then all take turns in rounds whose order is shuffled anew, until every
/// ratio to the baseline is precise enough or time is up. What disturbs the machine for a while disturbs all alike.
/// </summary>
/// <param name="clock">The clock.</param>
/// <param name="plan">How long and how finely.</param>
internal sealed class InterleavedSampler(IMeasurementClock clock, SamplingPlan plan)
{
    /// <summary>Called now and then, on the sampling thread.</summary>
    public Action<SamplingProgress>? Progress { get; init; }

    /// <summary>Measures.</summary>
    /// <param name="contenders">At least one.</param>
    /// <param name="baseline">The one that ratios are taken to.</param>
    /// <param name="cancellationToken">Ends sampling; what was measured is returned.</param>
    /// <param name="before">An earlier run, which this one continues: contenders of the same name keep their calls and are warm.</param>
    /// <returns>What was measured, the earlier run included.</returns>
    public SamplingResult Run(IReadOnlyList<Contender> contenders, int baseline, CancellationToken cancellationToken, SamplingResult? before = null)
    {
        var began = clock.Now;
        var deadline = began + clock.ToTicks(plan.MaxTime);
        var warmUps = new List<WarmUpResult>();
        var known = contenders.Select(c => before?.IndexOf(c.Name) ?? -1).ToArray();
        var series = contenders.Select((c, i) => known[i] < 0 ? new SampleSeries(c.Name) : before!.Series[known[i]]).ToArray();
        try
        {
            for (var i = 0; i < contenders.Count; i++)
            {
                if (known[i] >= 0)
                {
                    warmUps.Add(before!.WarmUps[known[i]]);
                    continue;
                }

                Report($"warming up {contenders[i].Name}", 0, double.PositiveInfinity, began);
                warmUps.Add(WarmUp.Run(clock, contenders[i], new(plan.MaxTime.Nanoseconds * plan.WarmUpShare / contenders.Count), cancellationToken));
            }

            var (rounds, end) = Rounds(contenders, baseline, series, warmUps, before?.Rounds ?? 0, began, deadline, cancellationToken);
            return new(series, warmUps, rounds, end, clock.ToInterval(clock.Now - began));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // A long call that knows the token was left.
            var rounds = series.Max(static s => s.Count == 0 ? 0 : s.Rounds[^1]);
            return new(series, warmUps, rounds, SamplingEnd.Cancelled, clock.ToInterval(clock.Now - began));
        }
    }

    private (int Rounds, SamplingEnd End) Rounds(
        IReadOnlyList<Contender> contenders, int baseline, SampleSeries[] series, List<WarmUpResult> warmUps, int first, long began, long deadline, CancellationToken cancellationToken)
    {
        var calls = warmUps.Select(CallsPerTurn).ToArray();
        var order = Enumerable.Range(0, contenders.Count).ToArray();
        var random = new SeededRandom(plan.Seed);
        var (rounds, nextLook, precision, end, lastRound) = (first, first + plan.MinRounds, double.PositiveInfinity, SamplingEnd.OutOfTime, 0L);
        var lastAt = int.MaxValue;
        while (true)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                end = SamplingEnd.Cancelled;
                break;
            }

            // One round is made even when warming up took all the time: a figure from one call is better than none.
            var roundBegan = clock.Now;
            if (rounds > first && roundBegan + lastRound > deadline)
            {
                break;
            }

            random.Shuffle(order.AsSpan());
            foreach (var i in order)
            {
                // It is known beforehand that this call alone would be late; without the baseline's there is nothing to compare.
                if (rounds == first && i != baseline && contenders[i].Known.Nanoseconds > 0 && clock.Now + clock.ToTicks(contenders[i].Known) > deadline)
                {
                    continue;
                }

                for (var k = 0; k < calls[i] && !cancellationToken.IsCancellationRequested; k++)
                {
                    TimedCall.Run(clock, contenders[i].Call, series[i], rounds);
                }
            }

            rounds++;
            lastRound = clock.Now - roundBegan;
            if (rounds >= nextLook)
            {
                var before = precision;
                precision = WidestInterval(series, baseline);
                nextLook = rounds + Math.Max(1, rounds / 3);

                // Ending at the first narrow interval would prefer those that are narrow by chance. The last third of all
                // rounds is never looked at, so that it had no say in when to end.
                if (precision <= plan.Precision && before <= plan.Precision)
                {
                    lastAt = rounds + (rounds / 2);
                    nextLook = int.MaxValue;
                }
            }

            if (rounds >= lastAt)
            {
                end = SamplingEnd.Precise;
                break;
            }

            Report("measuring", rounds, precision, began);
        }

        return (rounds, end);
    }

    private static double WidestInterval(SampleSeries[] series, int baseline)
    {
        if (series.Length == 1)
        {
            return PairedComparison.Level(series[0], BlockBootstrap.QuickResamples).Precision;
        }

        return series.Where((_, i) => i != baseline).Max(s => PairedComparison.Ratio(s, series[baseline], BlockBootstrap.QuickResamples).Precision);
    }

    private int CallsPerTurn(WarmUpResult warmUp) =>
        (int)Math.Clamp(plan.Turn.Nanoseconds / Math.Max(warmUp.Typical.Nanoseconds, plan.Turn.Nanoseconds / plan.MaxCallsPerTurn), 1, plan.MaxCallsPerTurn);

    private void Report(string stage, int rounds, double precision, long began)
    {
        if (Progress is { } report)
        {
            var elapsed = clock.ToInterval(clock.Now - began);
            report(new(stage, rounds, precision, elapsed, new(Math.Max(0, plan.MaxTime.Nanoseconds - elapsed.Nanoseconds))));
        }
    }
}
