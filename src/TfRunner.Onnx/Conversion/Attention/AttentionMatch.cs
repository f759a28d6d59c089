using TfRunner.Onnx.Conversion.Building;

namespace TfRunner.Onnx.Conversion.Attention;

/// <summary>softmax(scores) values, as it was found in a graph.</summary>
/// <param name="Node">The last node: the product with the values.</param>
/// <param name="Scores">The scores.</param>
/// <param name="Value">The values.</param>
/// <param name="Order">The permutation of [batch, steps, heads, size] that the node gives; of [batch, steps, size] without heads.</param>
internal sealed record AttentionMatch(OnnxNode Node, AttentionScores Scores, AttentionOperand Value, long[] Order)
{
    /// <summary>Whether there are heads.</summary>
    public bool HasHeads => Order.Length == 4;

    /// <summary>The number of heads.</summary>
    public long Heads => HasHeads ? Scores.Query.Dim(2).Value : 1;

    /// <summary>Lets the masks choose by their own conditions where an attention stays as it is.</summary>
    public void DropIdleConditions()
    {
        foreach (var choice in Scores.Way.Select(static v => v.Producer!).Where(static n => n.Op == "Where"))
        {
            choice.Inputs[0] = AttentionMatcher.Condition(choice.Inputs[0]!, choice.Inputs.Skip(1).OfType<OnnxValue>().First(Scores.Way.Contains));
        }
    }
}
