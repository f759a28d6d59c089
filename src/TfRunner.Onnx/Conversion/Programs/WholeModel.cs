using TfRunner.Onnx.Conversion.Building;

namespace TfRunner.Onnx.Conversion.Programs;

/// <summary>Makes one ONNX graph of a program that has no host parts: every input and output of the signature, under its name.</summary>
internal static class WholeModel
{
    /// <summary>Makes the graph.</summary>
    /// <param name="program">A program with at most one step.</param>
    /// <param name="signature">Names inputs and outputs.</param>
    /// <returns>The graph.</returns>
    public static OnnxGraph Of(ConvertedProgram program, Signature signature)
    {
        var step = program.Steps.OfType<OnnxStep>().FirstOrDefault();
        var graph = new OnnxGraph { Nodes = [.. step?.Graph.Nodes ?? []] };
        var bySlot = new Dictionary<int, OnnxValue>();
        for (var i = 0; i < program.Inputs.Count; i++)
        {
            var at = step?.Inputs.ToList().IndexOf(program.Inputs[i].Slot) ?? -1;
            var value = at >= 0 ? step!.Graph.Inputs[at] : new OnnxValue(signature.Inputs[i].Name, signature.Inputs[i].DType, Shapes.SymbolicShape.Of(signature.Inputs[i].Shape));
            graph.Inputs.Add(value);
            bySlot[program.Inputs[i].Slot] = value;
        }

        for (var i = 0; i < (step?.Outputs.Count ?? 0); i++)
        {
            bySlot[step!.Outputs[i]] = step.Graph.Outputs[i];
        }

        var names = graph.Inputs.Concat(graph.Nodes.SelectMany(static n => n.Outputs)).Select(static v => v.Name).ToHashSet(StringComparer.Ordinal);
        for (var i = 0; i < program.Outputs.Count; i++)
        {
            graph.Outputs.Add(Output(program, graph, bySlot, names, i));
        }

        return graph;
    }

    private static OnnxValue Output(ConvertedProgram program, OnnxGraph graph, Dictionary<int, OnnxValue> bySlot, HashSet<string> names, int index)
    {
        var port = program.Outputs[index];
        if (!bySlot.TryGetValue(port.Slot, out var value))
        {
            var constant = (TensorValue)program.Constants[port.Slot];
            value = new("constant/" + port.Name, constant.DType, Shapes.SymbolicShape.Of(constant.Dimensions)) { Constant = constant };
        }

        if (value.Name == port.Name && value.Producer is not null && !graph.Outputs.Contains(value))
        {
            return value;
        }

        // An input, a constant, or one value under two names. A model cannot have one name twice.
        var name = port.Name;
        while (!names.Add(name))
        {
            name += "_output";
        }

        var node = new OnnxNode("output/" + name, "Identity");
        node.Inputs.Add(value);
        var copy = new OnnxValue(name, value.DType, value.Shape) { Producer = node };
        node.Outputs.Add(copy);
        graph.Nodes.Add(node);
        return copy;
    }
}
