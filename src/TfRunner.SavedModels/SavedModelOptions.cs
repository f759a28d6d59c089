namespace TfRunner;

/// <summary>How a SavedModel is opened.</summary>
public sealed record SavedModelOptions
{
    /// <summary>
    /// The tags of the meta graph to take, in any order. Null (the default) takes the one tagged <c>serve</c> alone,
    /// else the first whose tags contain <c>serve</c>, else the only one.
    /// </summary>
    public IReadOnlyCollection<string>? Tags { get; init; }

    /// <summary>Which numbered version of a directory of versions to take; null (the default) takes the highest.</summary>
    public long? Version { get; init; }
}
