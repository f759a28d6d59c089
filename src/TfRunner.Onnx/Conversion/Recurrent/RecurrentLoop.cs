using TfRunner.Onnx.Conversion.Building;
using TfRunner.Onnx.Conversion.Flow;
using TfRunner.Onnx.Conversion.Operators;
using TfRunner.Onnx.Conversion.Shapes;

namespace TfRunner.Onnx.Conversion.Recurrent;

/// <summary>Writes a loop over the steps of a sequence as one ONNX LSTM, GRU or RNN.</summary>
internal sealed class RecurrentLoop
{
    private readonly OperatorContext op;
    private readonly OnnxBuilder builder;
    private readonly FlowGraph body;
    private FlowValue? maskList;

    private RecurrentLoop(OperatorContext op)
    {
        this.op = op;
        builder = op.Builder;
        body = op.Node.Graphs[1];
    }

    /// <summary>Tries to write a loop.</summary>
    /// <param name="op">A While node.</param>
    /// <returns>Whether it was one, and all outputs are set.</returns>
    public static bool TryConvert(OperatorContext op) => new RecurrentLoop(op).Convert();

    private bool Convert()
    {
        var counters = new List<int>();
        var lists = new List<int>();
        var states = new List<int>();
        for (var i = 0; i < body.Inputs.Count; i++)
        {
            if (body.Inputs[i].DType == DType.Variant)
            {
                lists.Add(i);
            }
            else if (IsCounter(i))
            {
                counters.Add(i);
            }
            else
            {
                states.Add(i);
            }
        }

        if (lists.Count > 1 || new CellMatcher(body, Unmask).Match(states) is not { } cell || StepOf(cell.Input, counters) is not { } sequence)
        {
            return false;
        }

        var others = states.Where(s => s != cell.Hidden && s != cell.Cell).ToList();

        // ONNX Runtime's recurrent kernels compute in single precision only; a wider loop stays a loop.
        if (op.Find(sequence) is not { DType: DType.Float32, Shape: { Rank: 3 } shape } x || !RunsToTheEnd(shape[0], counters) || (maskList is null && others.Count > 0) || others.Count > 1)
        {
            return false;
        }

        if (maskList is not null)
        {
            return MaskedRecurrence.TryConvert(op, cell, maskList, x, counters, lists, others);
        }

        foreach (var list in lists)
        {
            if (!FlowMatch.IsOp(body.Outputs[list], "TensorListSetItem") || FlowMatch.In(body.Outputs[list], 0) != body.Inputs[list]
                || FlowMatch.In(body.Outputs[list], 2) != cell.NewHidden)
            {
                return false;
            }
        }

        var results = new RecurrentWriter(builder, op).Write(cell, x, InitialState(cell.Hidden), cell.Cell < 0 ? null : InitialState(cell.Cell), null);
        foreach (var counter in counters)
        {
            op.Output(counter, builder.Squeeze(builder.DimensionOf(x, 0), 0));
        }

        op.Output(cell.Hidden, builder.Squeeze(results[1], 0));
        if (cell.Cell >= 0)
        {
            op.Output(cell.Cell, builder.Squeeze(results[2], 0));
        }

        foreach (var list in lists)
        {
            var isLastOnly = FlowMatch.IsNumber(FlowMatch.In(body.Outputs[list], 1), 0);
            op.Output(list, isLastOnly ? results[1] : builder.Squeeze(results[0], 1));
        }

        return true;
    }

    /// <summary>An int that starts at 0 and grows by 1.</summary>
    private bool IsCounter(int i) =>
        body.Inputs[i].DType is DType.Int32 or DType.Int64 && FlowMatch.IsNumber(op.Node.Inputs[i], 0)
        && FlowMatch.Sums(body.Outputs[i]).Any(p => p.A == body.Inputs[i] && FlowMatch.IsNumber(p.B, 1));

    /// <summary>The sequence whose step a value is.</summary>
    private FlowValue? StepOf(FlowValue value, List<int> counters) =>
        FlowMatch.IsOp(value, "TensorListGetItem") && counters.Exists(c => FlowMatch.In(value, 1) == body.Inputs[c])
        && FlowMatch.IsOp(FlowMatch.In(value, 0), "TensorListFromTensor")
            ? FlowMatch.In(FlowMatch.In(value, 0), 0)
            : null;

    /// <summary>Strips <c>where(mask, new, old)</c>, remembering the mask.</summary>
    private FlowValue Unmask(FlowValue value)
    {
        if (!FlowMatch.IsOp(value, "SelectV2") && !FlowMatch.IsOp(value, "Select"))
        {
            return value;
        }

        var mask = FlowMatch.In(value, 0);
        while (FlowMatch.IsOp(mask, "Tile") || FlowMatch.IsOp(mask, "BroadcastTo"))
        {
            mask = FlowMatch.In(mask, 0);
        }

        if (!FlowMatch.IsOp(mask, "TensorListGetItem") || !FlowMatch.IsOp(FlowMatch.In(mask, 0), "TensorListFromTensor"))
        {
            return value;
        }

        maskList = FlowMatch.In(FlowMatch.In(mask, 0), 0);
        return FlowMatch.In(value, 1);
    }

    /// <summary>Whether the condition is that counters are below the length of the sequence.</summary>
    private bool RunsToTheEnd(Dim length, List<int> counters)
    {
        var condition = op.Node.Graphs[0];
        return Holds(condition.Outputs[0]);

        bool Holds(FlowValue value)
        {
            if (FlowMatch.IsOp(value, "LogicalAnd"))
            {
                return Holds(FlowMatch.In(value, 0)) && Holds(FlowMatch.In(value, 1));
            }

            if (!FlowMatch.IsOp(value, "Less") || !counters.Exists(c => FlowMatch.In(value, 0) == condition.Inputs[c]))
            {
                return false;
            }

            return op.Find(FlowMatch.In(value, 1)).Contents is [{ } bound] && bound == length;
        }
    }

    /// <summary>A state's first value [1, batch, units]; null where it is zeros, which is ONNX's default.</summary>
    private OnnxValue? InitialState(int state)
    {
        var value = op.Input(state);
        var filled = value.Producer is { Op: "Expand" } expand ? expand.Inputs[0]!.Constant : value.Constant;
        return filled is { DType: DType.Float32 } && !filled.AsSpan<float>().ContainsAnyExcept(0f) ? null : builder.Unsqueeze(value, 0);
    }
}
