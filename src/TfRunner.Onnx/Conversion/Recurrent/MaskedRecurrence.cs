using TfRunner.Onnx.Conversion.Building;
using TfRunner.Onnx.Conversion.Flow;
using TfRunner.Onnx.Conversion.Operators;

namespace TfRunner.Onnx.Conversion.Recurrent;

/// <summary>
/// A recurrence with a mask: at masked steps the state stays and the last output is repeated (zeros before the first).
/// The steps that count are moved to the front of each row and run with their number as the length; outputs are then
/// gathered back by how many steps counted so far. Exact for any mask, not only for padding at the end.
/// </summary>
internal static class MaskedRecurrence
{
    public static bool TryConvert(
        OperatorContext op, RecurrentCell cell, FlowValue maskList, OnnxValue x, List<int> counters, List<int> lists, List<int> outputStates)
    {
        var body = op.Node.Graphs[1];
        var b = op.Builder;
        var mask = op.Find(maskList);
        if (mask.Shape is not { Rank: 2 or 3 } || outputStates.Count > 1)
        {
            return false;
        }

        // Outputs at masked steps: the previous output, which starts as zeros, or zeros themselves.
        var repeatsOutput = false;
        var selections = lists.Select(l => FlowMatch.IsOp(body.Outputs[l], "TensorListSetItem") ? FlowMatch.In(body.Outputs[l], 2) : null)
            .Concat(outputStates.Select(s => body.Outputs[s]));
        foreach (var item in selections)
        {
            if (item is null || !FlowMatch.IsOp(item, "SelectV2") || FlowMatch.In(item, 1) != cell.NewHidden)
            {
                return false;
            }

            var otherwise = FlowMatch.In(item, 2);
            var repeats = outputStates.Count == 1 && otherwise == body.Inputs[outputStates[0]];
            if (!repeats && !IsZero(op, otherwise))
            {
                return false;
            }

            repeatsOutput |= repeats;
        }

        if (outputStates.Count == 1 && repeatsOutput && !IsZero(op, op.Node.Inputs[outputStates[0]]))
        {
            return false;
        }

        var flags = b.Cast(mask.Shape.Rank == 3 ? b.Squeeze(mask, 2) : mask, DType.Int64); // [time, batch]
        var counted = op.Emit("CumSum", [flags, b.Int(0)]);
        var lengths = op.Emit("ReduceSum", [flags, b.Ints(0)], ("keepdims", 0L));
        var time = b.Squeeze(b.DimensionOf(x, 0), 0);
        var steps = b.Unsqueeze(op.Emit("Range", [b.Int(0), time, b.Int(1)]), 1); // [time, 1]

        // Steps that count come first, each kind in its order: sort by step + time for those that do not.
        var key = op.Emit("Add", [steps, op.Emit("Mul", [op.Emit("Sub", [b.Int(1), flags]), time])]);
        var order = b.EmitMany("TopK", 2, [key, b.DimensionOf(x, 0)], ("axis", 0L), ("largest", 0L), ("sorted", 1L))[1];
        var features = op.Emit("Expand", [b.Unsqueeze(order, 2), b.ShapeOf(x)]);
        var moved = op.Emit("GatherElements", [x, features], ("axis", 0L));
        var results = new RecurrentWriter(b, op).Write(
            cell, moved, b.Unsqueeze(op.Input(cell.Hidden), 0), cell.Cell < 0 ? null : b.Unsqueeze(op.Input(cell.Cell), 0), b.Cast(lengths, DType.Int32));

        var all = b.Squeeze(results[0], 1); // [time, batch, units]
        var last = op.Emit("Max", [op.Emit("Sub", [counted, b.Int(1)]), b.Int(0)]);
        var gathered = op.Emit("GatherElements", [all, op.Emit("Expand", [b.Unsqueeze(last, 2), b.ShapeOf(all)])], ("axis", 0L));
        var hasAny = b.Unsqueeze(op.Emit("Greater", [repeatsOutput ? counted : flags, b.Int(0)]), 2);
        var outputs = op.Emit("Where", [hasAny, gathered, b.Scalar(all.DType, 0)]);
        foreach (var counter in counters)
        {
            op.Output(counter, time);
        }

        op.Output(cell.Hidden, b.Squeeze(results[1], 0));
        if (cell.Cell >= 0)
        {
            op.Output(cell.Cell, b.Squeeze(results[2], 0));
        }

        var lastOutput = b.Slice(outputs, [-1], [long.MaxValue], [0]);
        if (outputStates.Count == 1)
        {
            op.Output(outputStates[0], b.Squeeze(lastOutput, 0));
        }

        foreach (var list in lists)
        {
            op.Output(list, FlowMatch.IsNumber(FlowMatch.In(body.Outputs[list], 1), 0) ? lastOutput : outputs);
        }

        return true;
    }

    private static bool IsZero(OperatorContext op, FlowValue value)
    {
        if (FlowMatch.IsOp(value, "ZerosLike"))
        {
            return true;
        }

        var known = value.Constant ?? (FlowMatch.IsOp(value, "Fill") ? FlowMatch.In(value, 1).Constant : null);
        return known is { DType: DType.Float32 } zeros && !zeros.AsSpan<float>().ContainsAnyExcept(0f) && op.Node.Graphs.Count == 2;
    }
}
