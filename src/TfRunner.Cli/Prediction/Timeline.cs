using TfRunner.Data.Pipeline;

namespace TfRunner.Cli.Prediction;

/// <summary>What a run did when: snapshots of its counters, at equal distances that double as it grows longer.</summary>
internal sealed class Timeline
{
    /// <summary>The most snapshots kept.</summary>
    public const int Most = 240;

    private readonly List<Moment> moments = [];
    private TimeSpan distance = TimeSpan.FromMilliseconds(20);

    /// <summary>The snapshots in order of time.</summary>
    public IReadOnlyList<Moment> Moments => moments;

    /// <summary>Takes a snapshot when it is time for one.</summary>
    /// <param name="rows">Rows predicted so far.</param>
    /// <param name="report">Asked for the counters.</param>
    public void Observe(long rows, Func<PipelineReport> report)
    {
        var now = report();
        if (moments.Count > 0 && now.Elapsed - moments[^1].Report.Elapsed < distance)
        {
            return;
        }

        moments.Add(new(rows, now));
        if (moments.Count >= Most)
        {
            var kept = moments.Where(static (_, i) => i % 2 == 1).ToList();
            moments.Clear();
            moments.AddRange(kept);
            distance *= 2;
        }
    }

    /// <summary>The counters at one time.</summary>
    /// <param name="Rows">Rows predicted until then.</param>
    /// <param name="Report">The stages.</param>
    internal sealed record Moment(long Rows, PipelineReport Report);
}
