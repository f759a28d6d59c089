using TfRunner.SavedModels.Protos;

namespace TfRunner.Graphs;

/// <summary>A meta graph in which what a signature runs lies open: the calls of functions on its way are replaced by their bodies.</summary>
/// <param name="MetaGraph">A copy of the meta graph with the bodies' nodes in its main graph. All else is as it was.</param>
/// <param name="Nodes">The nodes that the signature's outputs need, each after its inputs as far as loops allow.</param>
internal sealed record FlatGraph(MetaGraphDef MetaGraph, IReadOnlyList<NodeDef> Nodes)
{
    /// <summary>Flattens a signature's part of a graph. Loops, conditionals and functions that are compiled as a whole stay single nodes.</summary>
    /// <param name="view">The graph.</param>
    /// <param name="signature">The signature; in the copy its outputs name the tensors that the calls hand out.</param>
    /// <returns>The flat graph.</returns>
    /// <exception cref="TfRunnerException">DataLoss when inputs or functions are missing; Unimplemented for endless nesting.</exception>
    public static FlatGraph Of(GraphView view, Signature signature)
    {
        var inliner = new CallInliner(view);
        var copy = view.MetaGraph.Clone();
        var roots = new List<string>();
        if (copy.SignatureDef.TryGetValue(signature.Name, out var definition))
        {
            foreach (var output in definition.Outputs.Values.Where(static o => o.Name.Length > 0))
            {
                output.Name = inliner.Tensor(output.Name);
                roots.Add(output.Name);
            }
        }

        copy.GraphDef.Node.Clear();
        copy.GraphDef.Node.AddRange(inliner.Nodes());
        return new(copy, Order(copy.GraphDef, roots));
    }

    private static List<NodeDef> Order(GraphDef graph, IEnumerable<string> roots)
    {
        var nodes = graph.Node.ToDictionary(static n => n.Name, StringComparer.Ordinal);
        var (order, seen, path) = (new List<NodeDef>(), new HashSet<string>(StringComparer.Ordinal), new Stack<(NodeDef Node, int Next)>());
        foreach (var root in roots)
        {
            Push(root);
            while (path.TryPop(out var top))
            {
                if (top.Next == top.Node.Input.Count)
                {
                    order.Add(top.Node);
                    continue;
                }

                path.Push((top.Node, top.Next + 1));
                Push(top.Node.Input[top.Next]);
            }
        }

        return order;

        void Push(string reference)
        {
            if (nodes.TryGetValue(TensorReference.Parse(reference).Node, out var node) && seen.Add(node.Name))
            {
                path.Push((node, 0));
            }
        }
    }
}
