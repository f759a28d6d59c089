namespace TfRunner.Diagnosis.Bisection;

/// <summary>How a departure was found.</summary>
internal enum DepartureMeans
{
    /// <summary>None was found.</summary>
    None,

    /// <summary>All tensors in the order of computing were compared, many at a time.</summary>
    Walk,

    /// <summary>The tensor varies from call to call in the baseline: a random number, or state that calls change.</summary>
    Varies,

    /// <summary>By halving, one tensor at a time: fetching many changes how ops are fused, and made the difference vanish.</summary>
    Alone,
}
