namespace TfRunner.Measurement;

/// <summary>How requests arrive at an open loop.</summary>
internal enum ArrivalPattern
{
    /// <summary>With exponential gaps, as independent users do.</summary>
    Poisson,

    /// <summary>With equal gaps.</summary>
    Constant,
}
