using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using TfRunner.Onnx.Conversion.Building;
using TfRunner.Onnx.Conversion.Programs;
using TfRunner.Onnx.Execution.Profiling;

namespace TfRunner.Onnx.Execution;

/// <summary>Runs the nodes of a graph one by one, each in a session of its own: what dispatching op by op costs.</summary>
internal sealed class EagerRunner : SlotRunner
{
    private readonly OnnxStep step;
    private readonly List<EagerNode> nodes = [];
    private readonly Dictionary<OnnxValue, int> places = [];
    private readonly string signature;
    private readonly ProfileCollector? profile;

    /// <summary>Opens a session per node.</summary>
    /// <param name="step">The graph.</param>
    /// <param name="open">Opens a model.</param>
    /// <param name="opset">The opset of the graph.</param>
    /// <param name="signature">Named in errors.</param>
    /// <param name="profile">Receives the time of each node; null times nothing.</param>
    public EagerRunner(OnnxStep step, Func<byte[], InferenceSession> open, int opset, string signature, ProfileCollector? profile = null)
    {
        this.profile = profile;
        this.step = step;
        this.signature = signature;
        step.Graph.Inputs.ForEach(i => Place(i));
        var last = LastUses(step.Graph);
        try
        {
            foreach (var node in step.Graph.Nodes)
            {
                nodes.Add(Open(node, open, opset, last));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The nodes, in order.</summary>
    public IReadOnlyList<EagerNode> Nodes => nodes;

    /// <summary>How many values a call has.</summary>
    public int PlaceCount => places.Count;

    /// <summary>The program's slots of the inputs.</summary>
    public IReadOnlyList<int> InputSlots => step.Inputs;

    /// <summary>The program's slots of the outputs.</summary>
    public IReadOnlyList<int> OutputSlots => step.Outputs;

    /// <summary>Where an input lies among the values.</summary>
    /// <param name="input">Its number.</param>
    /// <returns>The place.</returns>
    public int InputPlace(int input) => places[step.Graph.Inputs[input]];

    /// <summary>Where an output lies among the values.</summary>
    /// <param name="output">Its number.</param>
    /// <returns>The place.</returns>
    public int OutputPlace(int output) => places[step.Graph.Outputs[output]];

    /// <inheritdoc/>
    public override void Run(object?[] slots, CancellationToken cancellationToken)
    {
        var values = new OrtValue?[places.Count];
        using var run = new RunOptions();
        try
        {
            for (var i = 0; i < step.Inputs.Count; i++)
            {
                values[i] = OrtTensors.Wrap((TensorValue)slots[step.Inputs[i]]!);
            }

            foreach (var node in nodes)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Run(node, run, values);
            }

            for (var i = 0; i < step.Outputs.Count; i++)
            {
                var place = places[step.Graph.Outputs[i]];
                slots[step.Outputs[i]] = OrtTensors.Own(values[place]!);
                values[place] = null;
            }
        }
        finally
        {
            foreach (var value in values)
            {
                value?.Dispose();
            }

            GC.KeepAlive(slots);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        nodes.ForEach(static n => n.Session.Dispose());
        nodes.Clear();
    }

    private static Dictionary<OnnxValue, int> LastUses(OnnxGraph graph)
    {
        var last = new Dictionary<OnnxValue, int>();
        for (var i = 0; i < graph.Nodes.Count; i++)
        {
            foreach (var used in OnnxGraph.Uses(graph.Nodes[i]).Concat(graph.Nodes[i].Outputs))
            {
                last[used] = i;
            }
        }

        graph.Outputs.ForEach(o => last.Remove(o));
        return last;
    }

    private void Run(EagerNode node, RunOptions run, OrtValue?[] values)
    {
        var inputs = new OrtValue[node.Inputs.Length];
        for (var i = 0; i < inputs.Length; i++)
        {
            inputs[i] = values[node.Inputs[i]]!;
        }

        try
        {
            var (start, began) = profile is null ? default : ProfileCollector.Begin();
            var results = node.Session.Run(run, node.InputNames, inputs, node.OutputNames);
            profile?.AddHost(node.Name, node.Op, start, began);
            for (var i = 0; i < node.Outputs.Length; i++)
            {
                values[node.Outputs[i]] = results[i];
            }
        }
        catch (OnnxRuntimeException e)
        {
            throw OrtErrors.Translate(e, ErrorStage.Run, $"signature '{signature}', {node.What}");
        }

        foreach (var place in node.Released)
        {
            values[place]?.Dispose();
            values[place] = null;
        }
    }

    private EagerNode Open(OnnxNode node, Func<byte[], InferenceSession> open, int opset, Dictionary<OnnxValue, int> last)
    {
        // A body's own values are not the node's inputs; constants stand in the one-node model.
        var inner = node.Graphs().SelectMany(static g => g.Inputs.Concat(g.AllNodes().SelectMany(static n => n.Outputs).Concat(g.AllNodes().SelectMany(static n => n.Graphs()).SelectMany(static q => q.Inputs)))).ToHashSet();
        var inputs = OnnxGraph.Uses(node).Where(v => !v.IsConstant && !inner.Contains(v)).Distinct().ToList();
        var single = new OnnxGraph { Nodes = [node] };
        single.Inputs.AddRange(inputs.Select(static v => new OnnxValue(v.Name, v.DType, null)));
        single.Outputs.AddRange(node.Outputs.Select(static v => new OnnxValue(v.Name, v.DType, null)));
        var session = open(new ModelWriter().Write(single, opset).ToByteArray());
        foreach (var used in OnnxGraph.Uses(node))
        {
            used.Constant?.Unload();
        }

        var index = step.Graph.Nodes.IndexOf(node);
        return new(
            session,
            [.. inputs.Select(static i => i.Name)],
            [.. node.Outputs.Select(static o => o.Name)],
            [.. inputs.Select(Place)],
            [.. node.Outputs.Select(Place)],
            [.. inputs.Concat(node.Outputs).Where(v => last.TryGetValue(v, out var at) && at == index).Select(Place).Distinct()],
            node.Name,
            node.Op);
    }

    private int Place(OnnxValue value)
    {
        if (!places.TryGetValue(value, out var place))
        {
            places.Add(value, place = places.Count);
        }

        return place;
    }
}
