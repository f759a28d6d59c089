using TfRunner.Onnx.Conversion.Flow;
using TfRunner.Onnx.Host;

namespace TfRunner.Onnx.Conversion.Programs;

/// <summary>
/// Says for every node of a graph who runs it and when. ONNX stages are even, host stages odd; a node runs in the first
/// stage of its kind after all that it needs. What only host nodes need runs with them where it can.
/// </summary>
internal sealed class Partition
{
    private readonly Dictionary<FlowNode, int> stages = [];
    private readonly Func<FlowNode, bool> canBeOnnx;

    private Partition(List<FlowNode> order, Func<FlowNode, bool> canBeOnnx)
    {
        Order = order;
        this.canBeOnnx = canBeOnnx;
    }

    public List<FlowNode> Order { get; }

    public HashSet<FlowNode> Host { get; } = [];

    public int LastStage => stages.Count == 0 ? 0 : stages.Values.Max();

    /// <summary>Partitions a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="canBeOnnx">Whether a node can be converted.</param>
    /// <returns>The partition.</returns>
    public static Partition Of(FlowGraph graph, Func<FlowNode, bool> canBeOnnx)
    {
        var partition = new Partition(graph.Order(), canBeOnnx);
        partition.ChooseHost(graph);
        partition.AssignStages();
        partition.Postpone(graph);
        return partition;
    }

    public int StageOf(FlowNode node) => stages[node];

    private Dictionary<FlowNode, List<FlowNode>> Consumers()
    {
        var consumers = Order.ToDictionary(static n => n, static _ => new List<FlowNode>());
        foreach (var node in Order)
        {
            foreach (var used in FlowOrder.Uses(node))
            {
                if (!used.IsKnown && used.Producer is { } producer && consumers.TryGetValue(producer, out var list))
                {
                    list.Add(node);
                }
            }
        }

        return consumers;
    }

    private void ChooseHost(FlowGraph graph)
    {
        foreach (var node in Order)
        {
            if (!canBeOnnx(node))
            {
                Host.Add(node);
            }
        }

        if (Host.Count == 0)
        {
            return;
        }

        var consumers = Consumers();
        var asked = graph.Outputs.Select(static o => o.Producer).ToHashSet();
        for (var i = Order.Count - 1; i >= 0; i--)
        {
            var node = Order[i];
            if (!Host.Contains(node) && !asked.Contains(node) && consumers[node].Count > 0 && consumers[node].TrueForAll(Host.Contains)
                && HostRegistry.Default.Find(node.Op) is not null)
            {
                Host.Add(node);
            }
        }

        SpreadVariants(consumers);
    }

    /// <summary>Lists of tensors are objects on the host and dense tensors in ONNX: all that touches one runs on one side.</summary>
    private void SpreadVariants(Dictionary<FlowNode, List<FlowNode>> consumers)
    {
        for (var changed = true; changed;)
        {
            changed = false;
            foreach (var node in Order)
            {
                if (!node.Outputs.Any(static o => o.DType == DType.Variant))
                {
                    continue;
                }

                var group = consumers[node].Append(node).ToList();
                if (group.Exists(Host.Contains) && !group.TrueForAll(Host.Contains))
                {
                    group.ForEach(n => Host.Add(n));
                    changed = true;
                }
            }
        }
    }

    private void AssignStages()
    {
        foreach (var node in Order)
        {
            var kind = Host.Contains(node) ? 1 : 0;
            var stage = kind;
            foreach (var used in FlowOrder.Uses(node))
            {
                if (!used.IsKnown && used.Producer is { } producer && stages.TryGetValue(producer, out var before))
                {
                    stage = Math.Max(stage, before % 2 == kind ? before : before + 1);
                }
            }

            stages[node] = stage;
        }
    }

    /// <summary>Moves ONNX nodes that only later stages need into the first of these, so that fewer parts are left.</summary>
    private void Postpone(FlowGraph graph)
    {
        if (Host.Count == 0)
        {
            return;
        }

        var consumers = Consumers();
        var last = LastStage % 2 == 0 ? LastStage : LastStage - 1;
        var asked = graph.Outputs.Select(static o => o.Producer).ToHashSet();
        for (var i = Order.Count - 1; i >= 0; i--)
        {
            var node = Order[i];
            if (Host.Contains(node))
            {
                continue;
            }

            var latest = asked.Contains(node) && consumers[node].Count == 0 ? last : int.MaxValue;
            foreach (var consumer in consumers[node])
            {
                latest = Math.Min(latest, Host.Contains(consumer) ? stages[consumer] - 1 : stages[consumer]);
            }

            if (latest != int.MaxValue)
            {
                stages[node] = Math.Max(stages[node], latest);
            }
        }
    }
}
