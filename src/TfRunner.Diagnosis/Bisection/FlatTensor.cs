namespace TfRunner.Diagnosis.Bisection;

/// <summary>A tensor of a model that can be looked at.</summary>
/// <param name="Node">The node that computes it.</param>
/// <param name="Op">Its type.</param>
/// <param name="Output">Which of its outputs.</param>
internal sealed record FlatTensor(string Node, string Op, int Output)
{
    public string Name => FormattableString.Invariant($"{Node}:{Output}");
}
