namespace TfRunner.Measurement;

/// <summary>What was measured.</summary>
/// <param name="Series">One per contender, in their order.</param>
/// <param name="WarmUps">How each contender was warmed up, in their order.</param>
/// <param name="Rounds">How many whole rounds.</param>
/// <param name="End">Why it ended.</param>
/// <param name="Elapsed">How long it all took.</param>
internal sealed record SamplingResult(
    IReadOnlyList<SampleSeries> Series, IReadOnlyList<WarmUpResult> WarmUps, int Rounds, SamplingEnd End, TimeInterval Elapsed)
{
    /// <summary>Where a contender's figures are; -1 for one that had no part in it.</summary>
    public int IndexOf(string name)
    {
        for (var i = 0; i < Series.Count; i++)
        {
            if (Series[i].Name == name)
            {
                return i;
            }
        }

        return -1;
    }
}
