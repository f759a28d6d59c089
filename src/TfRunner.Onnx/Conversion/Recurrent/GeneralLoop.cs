using TfRunner.Onnx.Conversion.Building;
using TfRunner.Onnx.Conversion.Flow;
using TfRunner.Onnx.Conversion.Operators;
using TfRunner.Onnx.Conversion.Shapes;

namespace TfRunner.Onnx.Conversion.Recurrent;

/// <summary>
/// Writes a loop as ONNX's Loop-21: the condition is computed before the loop and at the end of each iteration. A list that
/// each iteration adds one element to, in order, becomes a scan output, and so does a list whose only element each iteration
/// sets anew, of which the last is taken; a dense list is carried as a tensor.
/// </summary>
internal sealed class GeneralLoop
{
    private const int MaxAttempts = 4;

    private readonly OperatorContext op;
    private readonly FlowGraph condition;
    private readonly FlowGraph body;
    private readonly OnnxValue[] initial;

    private GeneralLoop(OperatorContext op)
    {
        this.op = op;
        (condition, body) = (op.Node.Graphs[0], op.Node.Graphs[1]);
        initial = op.Inputs();
    }

    /// <summary>Writes a loop.</summary>
    /// <param name="op">A While node.</param>
    /// <exception cref="UnsupportedException">The loop, or an op in it, cannot be written.</exception>
    public static void Convert(OperatorContext op) => new GeneralLoop(op).Convert();

    private void Convert()
    {
        var carried = new List<int>();
        var scanned = new List<int>();
        for (var i = 0; i < initial.Length; i++)
        {
            (initial[i].ReservedCount is null ? carried : scanned).Add(i);
        }

        if (!scanned.TrueForAll(i => IsFilledInOrder(i) || IsSetAnew(i)))
        {
            throw new UnsupportedException("it fills a list in an order that a scan cannot");
        }

        var shapes = Array.ConvertAll(initial, static v => v.Shape);
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var nested = op.Builder.Nested();
            nested.Input(op.Node.Name + "/iteration", DType.Int64, SymbolicShape.Scalar);
            nested.Input(op.Node.Name + "/keep_going", DType.Bool, SymbolicShape.Scalar);
            var inputs = new OnnxValue[initial.Length];
            for (var i = 0; i < inputs.Length; i++)
            {
                inputs[i] = initial[i].ReservedCount is null
                    ? nested.Input(FormattableString.Invariant($"{op.Node.Name}/variable{i}"), initial[i].DType, shapes[i])
                    : new(op.Node.Name, initial[i].DType, null) { ReservedCount = initial[i].ReservedCount, CollectsItems = true };
            }

            var results = op.Trace(body, nested, inputs).ToArray();
            if (Widen(shapes, results, carried))
            {
                continue;
            }

            // The condition looks at the next values; lists are none of its business.
            var test = op.Trace(condition, nested, [.. results.Select((r, i) => initial[i].ReservedCount is null ? r : inputs[i])])[0];
            nested.Output(nested.Cast(test, DType.Bool));
            carried.ForEach(i => nested.Output(nested.Cast(results[i], initial[i].DType)));
            scanned.ForEach(i => nested.Output(results[i]));
            Emit(nested.Graph, carried, scanned, shapes, results);
            return;
        }

        throw new UnsupportedException("the shapes of its variables do not settle");
    }

    private void Emit(OnnxGraph graph, List<int> carried, List<int> scanned, SymbolicShape?[] shapes, OnnxValue[] results)
    {
        var b = op.Builder;
        var starts = b.Cast(op.Trace(condition, b, initial)[0], DType.Bool);
        starts = starts.Rank == 0 ? starts : b.Reshape(starts, []);
        var types = carried.Select(i => (initial[i].DType, shapes[i]))
            .Concat(scanned.Select(i => (results[i].DType, results[i].Shape is { } s ? new SymbolicShape(s.Dims.Prepend(Dim.Unknown())) : null)));
        var outputs = b.EmitForeign(string.Empty, "Loop", [.. types], [null, starts, .. carried.Select(i => initial[i])], ("body", graph));
        for (var i = 0; i < carried.Count; i++)
        {
            op.Output(carried[i], outputs[i]);
        }

        for (var i = 0; i < scanned.Count; i++)
        {
            var list = outputs[carried.Count + i];
            list = IsSetAnew(scanned[i]) ? b.Slice(list, [-1], [long.MaxValue], [0]) : list;
            op.Output(scanned[i], Padded(list, initial[scanned[i]].ReservedCount!));
        }
    }

    /// <summary>Elements that no iteration sets are zeros.</summary>
    private OnnxValue Padded(OnnxValue list, OnnxValue count)
    {
        var b = op.Builder;
        if (list.Rank is not { } rank || list.DType == DType.String)
        {
            return list;
        }

        var missing = op.Emit("Sub", [b.Reshape(b.Cast(count, DType.Int64), 1), b.DimensionOf(list, 0)]);
        missing = op.Emit("Max", [missing, b.Ints(0)]); // A list that grows while it is filled has more than was reserved.
        var pads = b.Concat(0, b.Ints(new long[rank]), missing, b.Ints(new long[rank - 1]));
        return op.Emit("Pad", [list, pads]);
    }

    /// <summary>Forgets what an iteration changes about shapes.</summary>
    private static bool Widen(SymbolicShape?[] shapes, OnnxValue[] results, List<int> carried)
    {
        var changed = false;
        foreach (var i in carried)
        {
            if (shapes[i] is not { } before)
            {
                continue;
            }

            if (results[i].Shape is not { } after || after.Rank != before.Rank)
            {
                (shapes[i], changed) = (null, true);
                continue;
            }

            for (var axis = 0; axis < before.Rank; axis++)
            {
                if (before[axis] != after[axis] && !IsFree(before[axis]))
                {
                    shapes[i] = shapes[i]!.With(axis, Dim.Symbol("loop_" + Dim.Unknown()));
                    changed = true;
                }
            }
        }

        return changed;
    }

    /// <summary>Whether a dimension was made unknown by an earlier attempt.</summary>
    private static bool IsFree(Dim dim) => dim.IsSymbol && dim.ToString().StartsWith("loop_", StringComparison.Ordinal);

    /// <summary>Whether a list gets element i in iteration i and is not looked at.</summary>
    private bool IsFilledInOrder(int list)
    {
        if (IndexThatIsSet(list) is not { } index)
        {
            return false;
        }

        var counter = body.Inputs.IndexOf(index);
        return counter >= 0 && FlowMatch.IsNumber(op.Node.Inputs[counter], 0)
            && FlowMatch.Sums(body.Outputs[counter]).Any(p => p.A == index && FlowMatch.IsNumber(p.B, 1));
    }

    /// <summary>Whether every iteration sets the first element of a list and does not look at it: recurrent layers that give the last output only.</summary>
    private bool IsSetAnew(int list) => IndexThatIsSet(list) is { } index && FlowMatch.IsNumber(index, 0);

    /// <summary>The index of the element that an iteration sets; null where it does more with the list.</summary>
    private FlowValue? IndexThatIsSet(int list)
    {
        var value = body.Outputs[list];
        return FlowMatch.IsOp(value, "TensorListSetItem") && FlowMatch.In(value, 0) == body.Inputs[list]
            && body.Order().SelectMany(FlowOrder.Uses).Count(u => u == body.Inputs[list]) == 1
            && !condition.Order().SelectMany(FlowOrder.Uses).Contains(condition.Inputs[list])
                ? FlowMatch.In(value, 1)
                : null;
    }
}
