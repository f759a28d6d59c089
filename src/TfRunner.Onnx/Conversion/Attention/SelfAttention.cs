using TfRunner.Onnx.Conversion.Fusion;

namespace TfRunner.Onnx.Conversion.Attention;

/// <summary>Attention whose queries, keys and values are projections of one value.</summary>
/// <param name="Query">The queries.</param>
/// <param name="Key">The keys.</param>
/// <param name="Value">The values.</param>
/// <param name="Factor">What queries and keys are multiplied by after their projections.</param>
internal sealed record SelfAttention(Projection Query, Projection Key, Projection Value, double Factor)
{
    /// <summary>Reads the projections of an attention.</summary>
    /// <param name="match">The attention.</param>
    /// <param name="uses">Who uses a value.</param>
    /// <returns>The projections; null where they are of several values, or needed elsewhere, too.</returns>
    public static SelfAttention? Of(AttentionMatch match, ValueUses uses)
    {
        if (Projection.Of(match.Scores.Query) is not var (query, first) || Projection.Of(match.Scores.Key) is not var (key, second) || Projection.Of(match.Value) is not ({ } value, 1)
            || query.X != key.X || query.X != value.X)
        {
            return null;
        }

        Projection[] all = [query, key, value];
        return Array.TrueForAll(all, p => uses.IsSingle(p.Product)) ? new(query, key, value, first * second) : null;
    }
}
