using Google.Protobuf;
using TfRunner.Checkpoints;
using TfRunner.SavedModels.Protos;

namespace TfRunner.Graphs;

/// <summary>
/// Checkpoint keys by way of the object graph: the model's objects and the checkpoint's are walked together by the names of
/// their children. Some exports restore copies of the variables that a signature captures; this is how Python's loader
/// finds the values of the captured ones.
/// </summary>
internal sealed class ObjectGraphKeys
{
    private const string ObjectGraphKey = "_CHECKPOINTABLE_OBJECT_GRAPH";

    private readonly Dictionary<int, string> keysByNode = [];
    private readonly Dictionary<string, string?> keysByName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> keysByHandle = new(StringComparer.Ordinal);

    private ObjectGraphKeys()
    {
    }

    /// <summary>Reads the keys.</summary>
    /// <param name="view">The graph.</param>
    /// <param name="checkpoint">The checkpoint; null for a model without variables.</param>
    /// <returns>The keys; none when the model or the checkpoint has no object graph.</returns>
    /// <exception cref="TfRunnerException">DataLoss when the checkpoint's object graph is damaged.</exception>
    public static ObjectGraphKeys Read(GraphView view, Checkpoint? checkpoint)
    {
        var keys = new ObjectGraphKeys();
        if (view.MetaGraph.ObjectGraphDef is { Nodes.Count: > 0 } saved && checkpoint?.Find(ObjectGraphKey) is { DType: DType.String } entry && entry.Shape.ElementCount() == 1)
        {
            keys.Walk(saved, Stored(checkpoint));
            keys.NameHandles(view, saved);
        }

        return keys;
    }

    /// <summary>The checkpoint key of a variable.</summary>
    /// <param name="node">Its <c>VarHandleOp</c> in the graph.</param>
    /// <param name="sharedName">The handle's shared name.</param>
    /// <returns>The key, or null.</returns>
    public string? Find(string node, string sharedName) =>
        keysByHandle.GetValueOrDefault(node) ?? keysByName.GetValueOrDefault(sharedName.Length > 0 ? sharedName : node);

    private static TrackableObjectGraph Stored(Checkpoint checkpoint)
    {
        using var value = checkpoint.Read(ObjectGraphKey);
        try
        {
            return TrackableObjectGraph.Parser.ParseFrom(value.Strings[0]);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw TfRunnerException.ForLoad(
                ErrorCode.DataLoss, $"{checkpoint.Prefix}: the object graph cannot be read: {e.Message.ReplaceLineEndings(" ")}");
        }
    }

    private void Walk(SavedObjectGraph saved, TrackableObjectGraph stored)
    {
        var seen = new bool[saved.Nodes.Count];
        var queue = new Queue<(int Saved, int Stored)>();
        queue.Enqueue((0, 0));
        while (queue.TryDequeue(out var at))
        {
            if ((uint)at.Saved >= (uint)saved.Nodes.Count || (uint)at.Stored >= (uint)stored.Nodes.Count || seen[at.Saved])
            {
                continue;
            }

            seen[at.Saved] = true;
            var node = saved.Nodes[at.Saved];
            if (node.KindCase == SavedObject.KindOneofCase.Variable && stored.Nodes[at.Stored].Attributes is [{ CheckpointKey.Length: > 0 } attribute, ..])
            {
                keysByNode[at.Saved] = attribute.CheckpointKey;

                // A name that two variables have finds neither.
                var name = node.Variable.Name;
                keysByName[name] = keysByName.ContainsKey(name) ? null : attribute.CheckpointKey;
            }

            var children = new Dictionary<string, int>(StringComparer.Ordinal);
            foreach (var child in stored.Nodes[at.Stored].Children)
            {
                children.TryAdd(child.LocalName, child.NodeId);
            }

            foreach (var child in node.Children)
            {
                if (children.TryGetValue(child.LocalName, out var match))
                {
                    queue.Enqueue((child.NodeId, match));
                }
            }
        }
    }

    // A function's captures are the last inputs of its calls, in the order of its bound inputs.
    private void NameHandles(GraphView view, SavedObjectGraph saved)
    {
        for (var i = 0; i < view.Main.Nodes.Count; i++)
        {
            var node = view.Main.Nodes[i];
            if (node.Op is not ("StatefulPartitionedCall" or "PartitionedCall") || node.Attr.GetValueOrDefault("f")?.Func?.Name is not { } function
                || !saved.ConcreteFunctions.TryGetValue(function, out var concrete))
            {
                continue;
            }

            var data = node.Input.Where(static n => !n.StartsWith('^')).ToList();
            var first = data.Count - concrete.BoundInputs.Count;
            for (var k = 0; first >= 0 && k < concrete.BoundInputs.Count; k++)
            {
                if (keysByNode.TryGetValue(concrete.BoundInputs[k], out var key))
                {
                    keysByHandle.TryAdd(TensorReference.Parse(data[first + k]).Node, key);
                }
            }
        }
    }
}
