using TfRunner.Onnx.Conversion.Binding;
using TfRunner.Onnx.Conversion.Flow;
using TfRunner.Onnx.Host;

namespace TfRunner.Onnx.Conversion.Folding;

/// <summary>Gives variables, tables and all that follows from constants their values, with the kernels that run host parts.</summary>
internal sealed class FlowFolder
{
    private const long MaxElements = 1L << 28;

    private static readonly HashSet<string> Unfoldable = new(StringComparer.Ordinal)
    {
        "Assert", "ReadFile", "RandomUniform", "RandomUniformInt", "RandomStandardNormal", "TruncatedNormal", "RandomShuffle", "Multinomial",
        "RandomGamma", "RandomPoisson", "RandomPoissonV2", "Bernoulli",
    };

    private readonly StateBinder state;
    private readonly Func<FlowNode, bool> isOpen;
    private readonly HashSet<FlowNode> visited = [];

    /// <summary>Makes a folder.</summary>
    /// <param name="state">What variables and tables hold.</param>
    /// <param name="isOpen">Names variables whose value is not to be taken for known; null for none.</param>
    public FlowFolder(StateBinder state, Func<FlowNode, bool>? isOpen = null)
    {
        this.state = state;
        this.isOpen = isOpen ?? (static _ => false);
    }

    /// <summary>Binds and folds a graph and the graphs in it.</summary>
    /// <param name="graph">The graph.</param>
    public void Fold(FlowGraph graph)
    {
        foreach (var node in graph.Order())
        {
            if (!visited.Add(node))
            {
                continue;
            }

            foreach (var inner in node.Graphs)
            {
                Fold(inner);
            }

            switch (node.Op)
            {
                case "VarHandleOp" or "VariableV2" or "Variable":
                    node.Outputs[0].Constant = isOpen(node) ? null : state.Variable(node);
                    break;
                case "ReadVariableOp":
                    node.Outputs[0].Constant = node.Inputs[0].Constant;
                    break;
                case "RestoreV2":
                    foreach (var output in node.Outputs)
                    {
                        output.Constant = state.Restored(output);
                    }

                    break;
                case "HashTableV2" or "HashTable" or "AnonymousHashTable"
                    or "MutableHashTableV2" or "MutableHashTable" or "AnonymousMutableHashTable"
                    or "MutableHashTableOfTensorsV2" or "MutableHashTableOfTensors" or "AnonymousMutableHashTableOfTensors"
                    or "MutableDenseHashTableV2" or "MutableDenseHashTable" or "AnonymousMutableDenseHashTable":
                    node.Outputs[0].Resource = state.Table(node);
                    break;
                default:
                    Compute(node);
                    break;
            }
        }
    }

    private static void Compute(FlowNode node)
    {
        if (node.Inputs.Count == 0 || node.Graphs.Count > 0 || Unfoldable.Contains(node.Op)
            || !node.Inputs.TrueForAll(static i => i.IsKnown && (i.Constant?.Length ?? 0) <= MaxElements)
            || HostRegistry.Default.Find(node.Op) is not { } kernel)
        {
            return;
        }

        var call = new HostCall(HostNodes.Of(node), [.. node.Inputs.Select(static i => i.Constant ?? i.Resource!)]);
        var dropped = node.Inputs.Select(static i => i.Constant).Where(static c => c is { IsLoaded: false }).ToList();
        try
        {
            kernel(call);
        }
        catch (TfRunnerException)
        {
            return; // It fails in the call, as it would in TensorFlow.
        }
        finally
        {
            dropped.ForEach(static c => c!.Unload());
        }

        var results = call.Results();
        for (var i = 0; i < results.Length; i++)
        {
            // Lists are changed in loops; only tensors are values.
            node.Outputs[i].Constant = results[i] as TensorValue;
        }
    }
}
