using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using TfRunner.Engines;

namespace TfRunner.Onnx.Execution;

/// <summary>
/// A bound call whose nodes run one by one: its first run learns the shapes and binds every node to memory that is kept, where values
/// that do not live at the same time share a place. Where a shape depends on contents, so that a later run
/// needs other memory, calls are made unbound and copied from then on.
/// </summary>
internal sealed class BoundEager : IBoundCall
{
    private readonly EagerRunner runner;
    private readonly TensorValue[] inputs;
    private readonly TensorValue[] outputs;
    private readonly CopiedCall copied;
    private readonly RunOptions run = new();
    private readonly List<OrtIoBinding> bindings = [];
    private readonly List<OrtValue> values = [];
    private readonly ReusedMemory memory = new();
    private bool isCopied;

    /// <summary>Takes a call; nothing is run before <see cref="Run"/>.</summary>
    /// <param name="runner">The nodes.</param>
    /// <param name="inputs">One tensor per input of the graph.</param>
    /// <param name="outputs">One tensor per output of the graph.</param>
    /// <param name="copied">The same call, unbound.</param>
    public BoundEager(EagerRunner runner, TensorValue[] inputs, TensorValue[] outputs, CopiedCall copied)
    {
        (this.runner, this.inputs, this.outputs, this.copied) = (runner, inputs, outputs, copied);
        isCopied = inputs.Concat(outputs).Any(static t => t.IsString);
    }

    /// <inheritdoc/>
    public void Run()
    {
        if (!isCopied)
        {
            try
            {
                if (bindings.Count == 0)
                {
                    isCopied = !TryBind();
                }

                for (var i = 0; i < bindings.Count && !isCopied; i++)
                {
                    runner.Nodes[i].Session.RunWithBinding(run, bindings[i]);
                }
            }
            catch (OnnxRuntimeException)
            {
                // Other shapes than last time, or an error that the unbound call tells of.
                isCopied = true;
            }

            if (isCopied)
            {
                Free();
            }
        }

        if (isCopied)
        {
            copied.Run();
        }

        GC.KeepAlive(inputs);
        GC.KeepAlive(outputs);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        run.Dispose();
    }

    /// <summary>Runs the nodes once, to see what they give, and binds each; false where a value has no memory that could be bound.</summary>
    private bool TryBind()
    {
        var seen = new OrtValue?[runner.PlaceCount];
        var kept = new OrtValue?[runner.PlaceCount];
        var slabs = new int[runner.PlaceCount];
        try
        {
            for (var i = 0; i < inputs.Length; i++)
            {
                var place = runner.InputPlace(i);
                seen[place] = OrtTensors.Wrap(inputs[i]);
                kept[place] = Keep(OrtTensors.Wrap(inputs[i]));
                slabs[place] = -1;
            }

            for (var i = 0; i < outputs.Length; i++)
            {
                kept[runner.OutputPlace(i)] = Keep(OrtTensors.Wrap(outputs[i]));
                slabs[runner.OutputPlace(i)] = -1;
            }

            foreach (var node in runner.Nodes)
            {
                var results = node.Session.Run(run, node.InputNames, Array.ConvertAll(node.Inputs, p => seen[p]!), node.OutputNames);
                for (var i = 0; i < node.Outputs.Length; i++)
                {
                    var place = node.Outputs[i];
                    seen[place] = results[i];
                    if (kept[place] is null && !TryKeep(results[i], out kept[place], out slabs[place]))
                    {
                        return false;
                    }
                }

                Bind(node, kept);
                foreach (var place in node.Released)
                {
                    seen[place]?.Dispose();
                    seen[place] = null;
                    memory.Release(slabs[place]);
                }
            }

            return true;
        }
        finally
        {
            Array.ForEach(seen, static v => v?.Dispose());
        }
    }

    private bool TryKeep(OrtValue result, out OrtValue? value, out int slab)
    {
        (value, slab) = (null, -1);
        if (!result.IsTensor)
        {
            return false;
        }

        var info = result.GetTensorTypeAndShape();
        if (info.ElementDataType == TensorElementType.String)
        {
            return false;
        }

        var bytes = result.GetTensorSizeInBytes();
        (slab, var pointer) = memory.Take(bytes);
        value = Keep(OrtValue.CreateTensorValueWithData(
            OrtMemoryInfo.DefaultInstance, info.ElementDataType, info.Shape, pointer, bytes));
        return true;
    }

    private void Bind(EagerNode node, OrtValue?[] kept)
    {
        var binding = node.Session.CreateIoBinding();
        bindings.Add(binding);
        for (var i = 0; i < node.Inputs.Length; i++)
        {
            binding.BindInput(node.InputNames[i], kept[node.Inputs[i]]!);
        }

        for (var i = 0; i < node.Outputs.Length; i++)
        {
            binding.BindOutput(node.OutputNames[i], kept[node.Outputs[i]]!);
        }
    }

    private OrtValue Keep(OrtValue value)
    {
        values.Add(value);
        return value;
    }

    private void Free()
    {
        bindings.ForEach(static b => b.Dispose());
        values.ForEach(static v => v.Dispose());
        bindings.Clear();
        values.Clear();
        memory.Dispose();
    }
}
