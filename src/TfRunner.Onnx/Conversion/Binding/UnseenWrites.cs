using TfRunner.Onnx.Conversion.Flow;

namespace TfRunner.Onnx.Conversion.Binding;

/// <summary>
/// Writes to variables that nothing a caller gets depends on: the state of a seed that Keras's augmentation layers advance
/// although they change nothing outside training. Leaving them out changes no result of any signature.
/// </summary>
internal static class UnseenWrites
{
    /// <summary>Drops such writes from a graph's effects.</summary>
    /// <param name="model">The model, whose other signatures must not see the variables either.</param>
    /// <param name="signature">The signature that the graph was imported from.</param>
    /// <param name="graph">The graph, not folded yet.</param>
    public static void Drop(SavedModel model, Signature signature, FlowGraph graph)
    {
        if (!graph.Effects.Exists(static e => Target(e) is not null))
        {
            return;
        }

        var seen = Seen(graph);
        foreach (var other in model.Signatures)
        {
            if (other.Name != signature.Name)
            {
                seen.UnionWith(Seen(new FlowImporter(model).Import(other)));
            }
        }

        graph.Effects.RemoveAll(e => Target(e) is { } target && !seen.Contains(target));
    }

    /// <summary>The name of the variable that an effect writes; null for other effects.</summary>
    private static string? Target(FlowNode effect) =>
        FlowEffects.IsWrite(effect.Op) && effect.Inputs.Count > 0 && effect.Inputs[0].Producer is { } variable && IsVariable(variable) ? variable.Name : null;

    private static bool IsVariable(FlowNode node) => node.Op is "VarHandleOp" or "VariableV2" or "Variable";

    /// <summary>The variables that a graph's outputs depend on.</summary>
    private static HashSet<string> Seen(FlowGraph graph)
    {
        var outputs = new FlowGraph();
        outputs.Outputs.AddRange(graph.Outputs);
        outputs.Members.UnionWith(graph.Members);
        return outputs.Order().Where(IsVariable).Select(static n => n.Name).ToHashSet(StringComparer.Ordinal);
    }
}
