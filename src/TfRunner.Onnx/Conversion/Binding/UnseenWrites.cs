using TfRunner.Onnx.Conversion.Flow;
using TfRunner.Onnx.Conversion.Folding;

namespace TfRunner.Onnx.Conversion.Binding;

/// <summary>
/// Writes to variables that nothing a caller gets depends on: counters of calls, the state of a seed whose random numbers
/// go nowhere outside training. Leaving them out changes no result of any signature. What depends on such a variable is seen
/// after folding, so that a branch that is never taken does not count.
/// </summary>
internal static class UnseenWrites
{
    /// <summary>Drops such writes from a graph's effects.</summary>
    /// <param name="model">The model, whose other signatures must not see the variables either.</param>
    /// <param name="signature">The signature that the graph was imported from.</param>
    /// <param name="graph">The graph; it is folded where it has writes.</param>
    /// <param name="state">The variables and tables of the importer that the graph comes from.</param>
    public static void Drop(SavedModel model, Signature signature, FlowGraph graph, StateBinder state)
    {
        var written = graph.Effects.Select(Target).OfType<string>().ToHashSet(StringComparer.Ordinal);
        if (written.Count == 0)
        {
            return;
        }

        var seen = Seen(graph, state, written);
        foreach (var other in model.Signatures)
        {
            if (other.Name != signature.Name && !seen.IsSupersetOf(written))
            {
                var importer = new FlowImporter(model);
                var binder = new StateBinder(model, importer);
                seen.UnionWith(Seen(importer.Import(other), binder, written));
            }
        }

        graph.Effects.RemoveAll(e => Target(e) is { } target && !seen.Contains(target));
    }

    /// <summary>The name of the variable that an effect writes; null for other effects.</summary>
    private static string? Target(FlowNode effect) =>
        FlowEffects.IsWrite(effect.Op) && effect.Inputs.Count > 0 && effect.Inputs[0].Producer is { } variable && IsVariable(variable) ? variable.Name : null;

    private static bool IsVariable(FlowNode node) => node.Op is "VarHandleOp" or "VariableV2" or "Variable";

    /// <summary>The variables that a graph's outputs depend on when what is written is not known.</summary>
    private static HashSet<string> Seen(FlowGraph graph, StateBinder state, HashSet<string> written)
    {
        new FlowFolder(state, n => written.Contains(n.Name)).Fold(graph);
        var outputs = new FlowGraph();
        outputs.Outputs.AddRange(graph.Outputs);
        outputs.Members.UnionWith(graph.Members);
        return outputs.Order().Where(IsVariable).Select(static n => n.Name).ToHashSet(StringComparer.Ordinal);
    }
}
