namespace TfRunner.Measurement;

/// <summary>What a ratio's interval says against a threshold.</summary>
internal enum Verdict
{
    /// <summary>The interval reaches over the threshold: more time, or a quieter machine, is needed.</summary>
    Inconclusive,

    /// <summary>The whole interval lies within the threshold.</summary>
    Indistinguishable,

    /// <summary>The whole interval lies below the threshold.</summary>
    Faster,

    /// <summary>The whole interval lies above the threshold.</summary>
    Slower,
}
