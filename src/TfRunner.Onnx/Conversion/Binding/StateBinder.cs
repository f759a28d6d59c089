using System.Text;
using TfRunner.Onnx.Conversion.Flow;
using TfRunner.Onnx.Conversion.Folding;
using TfRunner.Onnx.Host;

namespace TfRunner.Onnx.Conversion.Binding;

/// <summary>
/// Finds what variables and tables hold after loading, by reading the graph's own restore and initialisation ops: what
/// RestoreV2 reads and an assignment writes is the variable's value.
/// </summary>
internal sealed class StateBinder
{
    private readonly SavedModel model;
    private readonly FlowGraph main;
    private readonly Dictionary<FlowNode, string> keys = [];
    private readonly Dictionary<FlowNode, FlowValue> initial = [];
    private readonly Dictionary<FlowNode, FlowNode> initializers = [];

    public StateBinder(SavedModel model, FlowImporter importer)
    {
        this.model = model;
        main = importer.Main;
        if (model.MetaGraph.SaverDef?.RestoreOpName is { Length: > 0 } restore)
        {
            Read(importer, [restore]);
        }

        Read(importer, Initializers());
    }

    /// <summary>The value of a variable.</summary>
    /// <param name="variable">The node that holds it.</param>
    /// <returns>The value; a large one is read when it is looked at.</returns>
    /// <exception cref="TfRunnerException">FailedPrecondition when nothing gives it a value.</exception>
    public TensorValue Variable(FlowNode variable)
    {
        if (initial.TryGetValue(variable, out var value) && value.Constant is { } constant)
        {
            return constant;
        }

        var key = keys.GetValueOrDefault(variable) ?? ByName(variable);
        return key is not null && model.Checkpoint?.Contains(key) == true
            ? model.Checkpoint.ReadDeferred(key)
            : (value is null ? null : Computed(value))
                ?? throw TfRunnerException.ForLoad(ErrorCode.FailedPrecondition, $"the variable '{variable.Name}' has no value: nothing restores or initialises it");
    }

    /// <summary>The contents of a table.</summary>
    /// <param name="table">The node that makes it.</param>
    /// <returns>The table.</returns>
    /// <exception cref="TfRunnerException">FailedPrecondition when nothing fills it.</exception>
    public HostTable Table(FlowNode table)
    {
        if (!initializers.TryGetValue(table, out var filler))
        {
            throw TfRunnerException.ForLoad(ErrorCode.FailedPrecondition, $"the table '{table.Name}' is never filled");
        }

        if (filler.Op.StartsWith("InitializeTableFromTextFile", StringComparison.Ordinal))
        {
            return TextFileTable.Read(table, filler, Value(filler.Inputs[1]));
        }

        var (keys, values) = (Value(filler.Inputs[1]), Value(filler.Inputs[2]));

        // A dense table is saved with its free places, which have the key that stands for empty or for deleted.
        return table.Op.Contains("DenseHashTable", StringComparison.Ordinal)
            ? HostTable.Without(keys, values, [.. table.Inputs.Take(2).Select(Value)])
            : new(keys, values);
    }

    private IEnumerable<string> Initializers()
    {
        if (model.MetaGraph.SignatureDef.TryGetValue("__saved_model_init_op", out var signature))
        {
            foreach (var output in signature.Outputs.Values)
            {
                yield return output.Name;
            }
        }

        foreach (var name in (string[])["saved_model_main_op", "legacy_init_op"])
        {
            if (model.MetaGraph.CollectionDef.TryGetValue(name, out var collection) && collection.NodeList is { } nodes)
            {
                foreach (var node in nodes.Value)
                {
                    yield return node;
                }
            }
        }
    }

    private void Read(FlowImporter importer, IEnumerable<string> nodes)
    {
        importer.ImportNodes(nodes);
        foreach (var effect in importer.Main.TakeEffects())
        {
            if (effect.Inputs.Count < 2 || effect.Inputs[0].Producer is not { } target)
            {
                continue;
            }

            if (FlowEffects.IsTableInitializer(effect.Op))
            {
                initializers.TryAdd(target, effect);
            }
            else if (effect.Op is "Assign" or "AssignVariableOp")
            {
                Assigned(target, effect.Inputs[1]);
            }
        }
    }

    private void Assigned(FlowNode target, FlowValue value)
    {
        if (RestoredKey(value) is { } key)
        {
            keys.TryAdd(target, key);
        }
        else if (!keys.ContainsKey(target))
        {
            initial.TryAdd(target, value);
        }
    }

    private static string? RestoredKey(FlowValue value) =>
        value.Producer is { Op: "RestoreV2" } restore && restore.Inputs[1].Constant is { } names && value.Index < names.Length
            ? Encoding.UTF8.GetString(names.Strings[value.Index])
            : null;

    /// <summary>Where the graph restores copies or nothing, the checkpoint may still have the variable under its name.</summary>
    private string? ByName(FlowNode variable)
    {
        var known = model.Graph.Variables.FirstOrDefault(v => v.Node.Node == variable.Name && v.CheckpointKey is not null);
        var shared = variable.Attributes.Text("shared_name");
        return ((string?[])[known?.CheckpointKey, shared, variable.Name]).FirstOrDefault(n => n is { Length: > 0 } && model.Checkpoint?.Contains(n) == true);
    }

    /// <summary>What a restore op reads.</summary>
    /// <param name="restored">One of its outputs.</param>
    /// <returns>The tensor; null where the checkpoint lacks it or the op's names are not known.</returns>
    public TensorValue? Restored(FlowValue restored) =>
        RestoredKey(restored) is { } key && model.Checkpoint is { } checkpoint && checkpoint.Contains(key) ? checkpoint.ReadDeferred(key) : null;

    private TensorValue Value(FlowValue value) => Computed(value)
        ?? throw TfRunnerException.ForLoad(
            ErrorCode.Unimplemented,
            $"'{value.Name}', which fills a table, is computed by {value.Producer?.Op ?? "the caller"} when the model is initialised");

    /// <summary>Computes what an initialiser's ops give: constants, what is restored, and what kernels make of these.</summary>
    private TensorValue? Computed(FlowValue value)
    {
        if (value.Constant is null && value.Producer is not null)
        {
            var graph = new FlowGraph();
            graph.Outputs.Add(value);
            graph.Members.UnionWith(main.Members);
            new FlowFolder(this).Fold(graph);
        }

        return value.Constant;
    }
}
