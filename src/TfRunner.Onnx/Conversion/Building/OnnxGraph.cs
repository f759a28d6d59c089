namespace TfRunner.Onnx.Conversion.Building;

/// <summary>An ONNX graph: a model's main one, or a body or branch that also sees the values of the graphs around it.</summary>
internal sealed class OnnxGraph
{
    /// <summary>What is fed, in order.</summary>
    public List<OnnxValue> Inputs { get; } = [];

    /// <summary>What is asked for, in order.</summary>
    public List<OnnxValue> Outputs { get; } = [];

    /// <summary>The nodes, each after all it depends on.</summary>
    public List<OnnxNode> Nodes { get; set; } = [];

    /// <summary>Drops nodes whose outputs nothing uses.</summary>
    public void Prune()
    {
        var live = new HashSet<OnnxValue>(Outputs);
        var kept = new List<OnnxNode>(Nodes.Count);
        for (var i = Nodes.Count - 1; i >= 0; i--)
        {
            var node = Nodes[i];
            if (!node.Outputs.Exists(live.Contains))
            {
                continue;
            }

            kept.Add(node);
            foreach (var graph in node.Graphs())
            {
                graph.Prune();
            }

            foreach (var used in Uses(node))
            {
                live.Add(used);
            }
        }

        kept.Reverse();
        Nodes = kept;
    }

    /// <summary>Drops a node and lets another one give what it gave.</summary>
    /// <param name="node">The node; has one output.</param>
    /// <param name="into">The other one, whose own output nothing else uses.</param>
    public void Absorb(OnnxNode node, OnnxNode into)
    {
        into.Outputs[0] = node.Output;
        node.Output.Producer = into;
        Nodes.Remove(node);
    }

    /// <summary>What a node uses, in its own graphs too.</summary>
    /// <param name="node">The node.</param>
    /// <returns>The values, some of them maybe repeated.</returns>
    public static IEnumerable<OnnxValue> Uses(OnnxNode node)
    {
        foreach (var input in node.Inputs)
        {
            if (input is not null)
            {
                yield return input;
            }
        }

        foreach (var graph in node.Graphs())
        {
            foreach (var used in graph.Nodes.SelectMany(Uses).Concat(graph.Outputs))
            {
                yield return used;
            }
        }
    }

    /// <summary>All nodes, with those of bodies and branches.</summary>
    /// <returns>The nodes.</returns>
    public IEnumerable<OnnxNode> AllNodes() => Nodes.SelectMany(static n => n.Graphs().SelectMany(static g => g.AllNodes()).Prepend(n));
}
