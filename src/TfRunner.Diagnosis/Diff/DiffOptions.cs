using TfRunner.Diagnosis.Modes;
using TfRunner.Measurement;

namespace TfRunner.Diagnosis.Diff;

/// <summary>What <c>diff</c> is asked.</summary>
internal sealed record DiffOptions
{
    /// <summary>The modes to compare, in the order of the table.</summary>
    public required IReadOnlyList<ModeName> Modes { get; init; }

    /// <summary>The mode that ratios and differences are taken to; null takes tensorflow:graph, or the first that runs.</summary>
    public ModeName? Baseline { get; init; }

    /// <summary>Rows per call; an empty list takes the user's inputs whole, or one row.</summary>
    public IReadOnlyList<int> BatchSizes { get; init; } = [];

    /// <summary>The half width of every ratio's interval at which sampling may end. Default 2 %.</summary>
    public Percentage Precision { get; init; } = new(0.02);

    /// <summary>The least ratio that matters. Default 5 %.</summary>
    public Percentage Threshold { get; init; } = new(0.05);

    /// <summary>The time for all of it: loading, cold calls, warm-up and sampling. Default 30 s.</summary>
    public TimeInterval MaxTime { get; init; } = TimeInterval.FromSeconds(30);

    /// <summary>What of that time was used before the experiment began. Default 0.</summary>
    public TimeInterval Spent { get; init; }

    /// <summary>The relative tolerance of outputs. Default 1e-3.</summary>
    public double RelativeTolerance { get; init; } = 1e-3;

    /// <summary>The absolute tolerance of outputs. Default 1e-5.</summary>
    public double AbsoluteTolerance { get; init; } = 1e-5;

    /// <summary>Whether the first op that departs is looked for where outputs do. Default false.</summary>
    public bool Bisects { get; init; }

    /// <summary>Decides random inputs and the order of turns.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Fresh processes per mode, 0 to 20, as far as a third of the time allows. Default 3.</summary>
    public int ColdCalls { get; init; } = 3;
}
