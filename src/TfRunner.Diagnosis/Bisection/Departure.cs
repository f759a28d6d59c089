namespace TfRunner.Diagnosis.Bisection;

/// <summary>Where a mode's values first leave the baseline's.</summary>
/// <param name="Op">The op's type; empty when no op was found.</param>
/// <param name="Node">The node, by its name in the graph with all calls of functions opened; empty when none was found.</param>
/// <param name="Output">Which of the op's outputs.</param>
/// <param name="Detail">How far the output is from the baseline's; or why none was found.</param>
/// <param name="Looked">How many tensors were compared.</param>
/// <param name="Means">How it was found, and what that says.</param>
internal sealed record Departure(string Op, string Node, int Output, string Detail, int Looked, DepartureMeans Means)
{
    /// <summary>Whether an op is named.</summary>
    public bool IsFound => Node.Length > 0;

    /// <summary>The finding as a sentence without its end.</summary>
    public override string ToString()
    {
        if (!IsFound)
        {
            return Detail;
        }

        var output = Output == 0 ? "" : FormattableString.Invariant($", output {Output}");
        return $"{Op} '{Node}'{output}: {Detail}; " + Means switch
        {
            DepartureMeans.Varies => "the baseline itself gives another value at each call there",
            DepartureMeans.Alone => "what comes before it agrees, and looking at more than one tensor at a time makes all agree, so it is how ops are fused that differs",
            _ => FormattableString.Invariant($"the {Looked - 1} tensors before it agree"),
        };
    }

    public static Departure NotFound(string why, int looked) => new(string.Empty, string.Empty, 0, why, looked, DepartureMeans.None);
}
