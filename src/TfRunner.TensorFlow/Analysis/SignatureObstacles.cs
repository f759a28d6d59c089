using TfRunner.SavedModels.Protos;

namespace TfRunner.TensorFlow.Analysis;

/// <summary>Finds what keeps a signature from running, before anything of it runs.</summary>
internal sealed class SignatureObstacles(SignatureReach reach, OpCatalog ops)
{
    private static readonly HashSet<string> PythonOps = new(StringComparer.Ordinal) { "PyFunc", "PyFuncStateless", "EagerPyFunc" };

    /// <summary>Ops that need something that is not there, each once.</summary>
    /// <param name="signature">The signature.</param>
    /// <param name="behindFeeds">Whether the engine takes in also what is behind the tensors that are fed, though it does not run.</param>
    public IReadOnlyList<Obstacle> Find(Signature signature, bool behindFeeds)
    {
        var found = new Dictionary<string, Obstacle>(StringComparer.Ordinal);
        var reached = reach.All(signature);
        foreach (var node in reached)
        {
            var op = node.Node.Op;
            if (PythonOps.Contains(op))
            {
                found.TryAdd(op, new(
                    op,
                    $"op {op} ({node.Place}) needs a Python interpreter",
                    "export the model without tf.py_function and tf.numpy_function"));
            }
            else
            {
                AddUnknown(found, op, node.Place);
            }
        }

        if (behindFeeds)
        {
            foreach (var node in reach.WithBodies(reach.MainNodes(signature.Inputs.Select(static i => TensorName.Parse(i.TensorName)), new HashSet<TensorName>())))
            {
                AddUnknown(found, node.Node.Op, node.Place);
            }
        }

        return [.. found.Values];
    }

    /// <summary>An op of a graph or of its functions that the library does not know; null when it knows all.</summary>
    public static Obstacle? Unknown(SignatureReach reach, OpCatalog ops, GraphDef graph)
    {
        var found = new Dictionary<string, Obstacle>(StringComparer.Ordinal);
        var obstacles = new SignatureObstacles(reach, ops);
        foreach (var node in graph.Node)
        {
            obstacles.AddUnknown(found, node.Op, new ReachedNode(node, null).Place);
        }

        return found.Values.FirstOrDefault();
    }

    private void AddUnknown(Dictionary<string, Obstacle> found, string op, string place)
    {
        if (!found.ContainsKey(op) && !ops.Knows(op) && !reach.Functions.ContainsKey(op))
        {
            found.Add(op, new(
                op,
                $"op {op} ({place}) is not in this TensorFlow library",
                "name the library that has it with --op-library FILE"));
        }
    }
}
