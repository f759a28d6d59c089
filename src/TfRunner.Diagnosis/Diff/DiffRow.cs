using TfRunner.Diagnosis.Bisection;
using TfRunner.Diagnosis.Cold;
using TfRunner.Diagnosis.Modes;
using TfRunner.Diagnosis.Parity;
using TfRunner.Measurement;

namespace TfRunner.Diagnosis.Diff;

/// <summary>One mode at one batch size.</summary>
internal sealed record DiffRow
{
    /// <summary>How the reason begins when the mode could run, but time was up.</summary>
    public const string NoTime = "not measured: ";

    /// <summary>The reason of modes whose turn had not come when the user ended the run.</summary>
    public const string Cancelled = NoTime + "cancelled before its turn";

    /// <summary>The reason of modes that were still loading, or in their first call, when time was up.</summary>
    /// <param name="maxTime">The time for all of it.</param>
    /// <returns>The reason.</returns>
    public static string Late(TimeInterval maxTime) =>
        $"{NoTime}loading or the first call had not ended when time was up; give more than {maxTime} with --max-time";

    public required ModeName Mode { get; init; }

    /// <summary>Why the mode was not measured, in one line; null when it was.</summary>
    public string? Reason { get; init; }

    /// <summary>First calls in fresh processes; may be empty.</summary>
    public IReadOnlyList<ColdCall> Cold { get; init; } = [];

    /// <summary>The first call at this batch size in the measuring process: what a new shape costs, compiling included.</summary>
    public TimeInterval? NewShape { get; init; }

    /// <summary>What that first call took beyond a warm one; null when either is not known. In a mode that compiles, this is compiling.</summary>
    public TimeInterval? NewShapeCost => NewShape is { } first && Summary is { } warm ? new(Math.Max(0, first.Nanoseconds - warm.P50.Value)) : null;

    /// <summary>Whether the mode compiles anew for every shape.</summary>
    public bool Compiles => Mode is { Engine: "tensorflow", Mode: "xla" };

    /// <summary>How it was warmed up.</summary>
    public WarmUpResult? WarmUp { get; init; }

    /// <summary>Every measured call; null when there is none.</summary>
    public SampleSeries? Series { get; init; }

    /// <summary>The figures; null when there is no call.</summary>
    public SeriesSummary? Summary { get; init; }

    /// <summary>The ratio to the baseline; null for the baseline itself.</summary>
    public RatioInterval? Ratio { get; init; }

    /// <summary>What the ratio says; null for the baseline itself.</summary>
    public Verdict? Verdict { get; init; }

    /// <summary>How far the outputs are from the baseline's; null for the baseline itself.</summary>
    public OutputDifference? Difference { get; init; }

    /// <summary>The first op whose output departs from the baseline's; null when that was not asked, or nothing departs.</summary>
    public Departure? Departure { get; init; }

    /// <summary>The median of the cold calls; not a number when there is none.</summary>
    public TimeInterval ColdMedian => new(Percentiles.Median([.. Cold.Where(static c => c.Failure is null).Select(static c => c.First)]));
}
