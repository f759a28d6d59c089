using System.Collections.Immutable;

namespace TfRunner.Onnx.Conversion.Attention;

/// <summary>scale * queries keys^T, masked.</summary>
/// <param name="Query">The queries.</param>
/// <param name="Key">The keys.</param>
/// <param name="Scale">The factor.</param>
/// <param name="Masks">What is done afterwards, in order.</param>
/// <param name="Way">The values on the way, from the product on.</param>
internal sealed record AttentionScores(
    AttentionOperand Query,
    AttentionOperand Key,
    double Scale,
    ImmutableList<AttentionMask> Masks,
    ImmutableList<Building.OnnxValue> Way);
