namespace TfRunner.Measurement;

/// <summary>The one place where a call is timed, so that all contenders pay the same overhead.</summary>
internal static class TimedCall
{
    public static void Run(IMeasurementClock clock, Action call, SampleSeries samples, int round)
    {
        var start = clock.Now;
        call();
        samples.Add(start, clock.Now - start, round);
    }
}
