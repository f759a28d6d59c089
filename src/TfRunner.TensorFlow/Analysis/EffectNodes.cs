namespace TfRunner.TensorFlow.Analysis;

/// <summary>The nodes that an initialiser or restore op runs for what they do: groups (NoOp) are opened.</summary>
internal sealed class EffectNodes(SignatureReach reach)
{
    /// <summary>Opens groups.</summary>
    /// <param name="roots">Nodes to start from.</param>
    /// <returns>The nodes behind them that do something, each once.</returns>
    public IReadOnlyList<string> Behind(IEnumerable<string> roots)
    {
        var effects = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var waiting = new Queue<string>(roots);
        while (waiting.TryDequeue(out var name))
        {
            if (!seen.Add(name) || !reach.Nodes.TryGetValue(name, out var node))
            {
                continue;
            }

            // A group does nothing itself; neither does an Identity, which is how some exporters return the file name.
            if (node.Op is "NoOp" or "Identity")
            {
                foreach (var input in node.Input.Select(TensorName.Parse).Where(t => t.Index < 0 || node.Op == "Identity"))
                {
                    waiting.Enqueue(input.Node);
                }
            }
            else if (node.Op is not ("Const" or "Placeholder"))
            {
                effects.Add(name);
            }
        }

        return effects;
    }
}
