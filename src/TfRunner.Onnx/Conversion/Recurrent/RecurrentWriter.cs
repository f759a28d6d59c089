using TfRunner.Onnx.Conversion.Building;
using TfRunner.Onnx.Conversion.Operators;

namespace TfRunner.Onnx.Conversion.Recurrent;

/// <summary>Emits ONNX's recurrent operators (LSTM-14, GRU-14, RNN-14) with Keras's weights rearranged to ONNX's gate order.</summary>
internal sealed class RecurrentWriter
{
    private readonly OnnxBuilder builder;
    private readonly OperatorContext op;

    public RecurrentWriter(OnnxBuilder builder, OperatorContext op)
    {
        this.builder = builder;
        this.op = op;
    }

    /// <summary>Writes a cell over a sequence.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="x">The sequence [time, batch, features].</param>
    /// <param name="hidden">The first hidden state [1, batch, units]; null for zeros.</param>
    /// <param name="state">The first cell state; null for zeros.</param>
    /// <param name="lengths">The number of steps per row, int32; null for all.</param>
    /// <returns>All hidden states [time, 1, batch, units], the last [1, batch, units], and the last cell state.</returns>
    public IReadOnlyList<OnnxValue> Write(RecurrentCell cell, OnnxValue x, OnnxValue? hidden, OnnxValue? state, OnnxValue? lengths)
    {
        var recurrent = op.Find(cell.Recurrent);
        if (cell.RecurrentCandidate is { } candidate)
        {
            recurrent = builder.Concat(1, recurrent, op.Find(candidate));
        }

        var units = recurrent.Shape![0].Value;
        var weights = builder.Unsqueeze(Gates(op.Find(cell.Weights), cell, units, axis: 1), 0);
        var r = builder.Unsqueeze(Gates(recurrent, cell, units, axis: 1), 0);
        var count = cell.Gates.Count * units;
        var bias = cell.Bias is null && cell.RecurrentBias is null
            ? null
            : builder.Unsqueeze(builder.Concat(0, Bias(cell.Bias, cell, units, count), Bias(cell.RecurrentBias, cell, units, count)), 0);
        List<(string Name, object Value)> attributes = [("hidden_size", units), ("activations", cell.Activations.Select(static a => a.Name).ToArray())];
        AddNumbers(attributes, "activation_alpha", cell.Activations.Select(static a => a.Alpha));
        AddNumbers(attributes, "activation_beta", cell.Activations.Select(static a => a.Beta));
        if (cell.Kind is RecurrentKind.GruResetAfter or RecurrentKind.GruResetBefore)
        {
            attributes.Add(("linear_before_reset", cell.Kind == RecurrentKind.GruResetAfter ? 1L : 0L));
        }

        return cell.Kind switch
        {
            RecurrentKind.Lstm => builder.EmitMany("LSTM", 3, [x, weights, r, bias, lengths, hidden, state], [.. attributes]),
            RecurrentKind.Simple => builder.EmitMany("RNN", 2, [x, weights, r, bias, lengths, hidden], [.. attributes]),
            _ => builder.EmitMany("GRU", 2, [x, weights, r, bias, lengths, hidden], [.. attributes]),
        };
    }

    /// <summary>Numbers stand in the order of the activations that have one.</summary>
    private static void AddNumbers(List<(string Name, object Value)> attributes, string name, IEnumerable<float?> numbers)
    {
        if (numbers.OfType<float>().ToArray() is { Length: > 0 } given)
        {
            attributes.Add((name, given));
        }
    }

    private OnnxValue Bias(Flow.FlowValue? bias, RecurrentCell cell, long units, long count) =>
        bias is null
            ? builder.Constant(TensorValue.Zeros(DType.Float32, count))
            : Gates(builder.Reshape(op.Find(bias), -1L), cell, units, axis: 0);

    /// <summary>Puts the gates' columns into ONNX's order; matrices are transposed to [gates * units, columns].</summary>
    private OnnxValue Gates(OnnxValue value, RecurrentCell cell, long units, int axis)
    {
        var parts = cell.Gates.Select(g => builder.Slice(value, [g * units], [(g + 1) * units], [axis])).ToArray();
        var ordered = builder.Concat(axis, parts);
        return axis == 1 ? builder.Transpose(ordered, 1, 0) : ordered;
    }
}
