namespace TfRunner.Coverage;

/// <summary>How one signature fares on one engine in one mode.</summary>
internal enum Verdict
{
    /// <summary>Every recorded case agrees.</summary>
    Agrees,

    /// <summary>It is refused when it is prepared, with a reason.</summary>
    Refused,

    /// <summary>A case fails or gives another result.</summary>
    Differs,
}
