using TfRunner.Onnx.Conversion.Building;

namespace TfRunner.Onnx.Conversion.Operators;

/// <summary>Splitting, reversing, rolling, mirroring, and moving blocks between axes.</summary>
internal sealed class RearrangementOperators : IOperatorFamily
{
    /// <inheritdoc/>
    public void Register(OperatorRegistry registry)
    {
        registry.Add(Split, "Split");
        registry.Add(SplitV, "SplitV");
        registry.Add(ShapeN, "ShapeN");
        registry.Add(Reverse, "ReverseV2");
        registry.Add(Roll, "Roll");
        registry.Add(MirrorPad, "MirrorPad");
        registry.Add(static op => Blocks(op, "SpaceToDepth"), "SpaceToDepth");
        registry.Add(static op => Blocks(op, "DepthToSpace"), "DepthToSpace");
        registry.Add(SpaceToBatch, "SpaceToBatchND");
        registry.Add(BatchToSpace, "BatchToSpaceND");
        registry.Add(static op => op.Output(op.Input(0)), "Snapshot", "PreventGradient", "EnsureShape", "DebugGradientIdentity", "CheckNumerics", "CheckNumericsV2");
        registry.Add(Cumsum, "Cumsum");
    }

    /// <summary>Split: equal parts along the axis in the first input. ONNX: Split-18 with num_outputs.</summary>
    private static void Split(OperatorContext op)
    {
        var axis = op.ConstantInts(0)[0];
        if (op.OutputCount == 1)
        {
            op.Output(op.Input(1));
            return;
        }

        var x = op.Input(1);
        if (axis < 0)
        {
            axis += op.RankOf(1);
        }

        if (x.Shape is { } shape && shape[(int)axis].IsConstant)
        {
            var part = shape[(int)axis].Value / op.OutputCount;
            Emit(op, x, axis, [.. Enumerable.Repeat(part, op.OutputCount)]);
            return;
        }

        var size = op.Emit("Div", [op.Builder.DimensionOf(x, (int)axis), op.Builder.Ints(op.OutputCount)]);
        for (var i = 0; i < op.OutputCount; i++)
        {
            var start = op.Emit("Mul", [size, op.Builder.Ints(i)]);
            op.Output(i, op.Emit("Slice", [x, start, op.Emit("Add", [start, size]), op.Builder.Ints(axis)]));
        }
    }

    /// <summary>SplitV: parts of given sizes; -1 takes the rest.</summary>
    private static void SplitV(OperatorContext op)
    {
        var x = op.Input(0);
        var axis = op.ConstantInts(2)[0];
        axis = axis < 0 ? axis + op.RankOf(0) : axis;
        var sizes = op.ConstantInts(1);
        var open = Array.IndexOf(sizes, -1);
        if (open < 0)
        {
            Emit(op, x, axis, sizes);
            return;
        }

        // What stands before the open part counts from the start, the rest from the end.
        var before = 0L;
        for (var i = 0; i < open; before += sizes[i++])
        {
            op.Output(i, op.Builder.Slice(x, [before], [before + sizes[i]], [axis]));
        }

        var after = sizes[(open + 1)..].Sum();
        op.Output(open, op.Builder.Slice(x, [before], [after == 0 ? long.MaxValue : -after], [axis]));
        for (var i = open + 1; i < sizes.Length; after -= sizes[i++])
        {
            op.Output(i, sizes[i] == 0
                ? op.Builder.Slice(x, [0], [0], [axis])
                : op.Builder.Slice(x, [-after], [after == sizes[i] ? long.MaxValue : sizes[i] - after], [axis]));
        }
    }

    private static void Emit(OperatorContext op, OnnxValue x, long axis, long[] sizes)
    {
        if (sizes.Length == 1)
        {
            op.Output(x);
            return;
        }

        var parts = op.Builder.EmitMany("Split", sizes.Length, [x, op.Builder.Ints(sizes)], ("axis", axis));
        for (var i = 0; i < sizes.Length; i++)
        {
            op.Output(i, parts[i]);
        }
    }

    private static void ShapeN(OperatorContext op)
    {
        for (var i = 0; i < op.OutputCount; i++)
        {
            op.Output(i, op.Builder.ShapeOf(op.Input(i)));
        }
    }

    /// <summary>ReverseV2: along the axes of the second input. ONNX: Slice-13 with step -1.</summary>
    private static void Reverse(OperatorContext op)
    {
        var axes = op.ConstantInts(1);
        op.Output(axes.Length == 0
            ? op.Input(0)
            : op.Builder.Slice(
                op.Input(0),
                [.. axes.Select(static _ => -1L)],
                [.. axes.Select(static _ => long.MinValue)],
                axes,
                [.. axes.Select(static _ => -1L)]));
    }

    /// <summary>Roll: element i moves to (i + shift) mod n.</summary>
    private static void Roll(OperatorContext op)
    {
        var x = op.Input(0);
        var shape = op.ShapeOf(0);
        var axes = op.ConstantInts(2);
        var shifts = op.ConstantInts(1);
        for (var i = 0; i < axes.Length; i++)
        {
            var axis = (int)(axes[i] < 0 ? axes[i] + shape.Rank : axes[i]);
            if (!shape[axis].IsConstant)
            {
                throw new UnsupportedException("the dimension it rolls is unknown");
            }

            var n = shape[axis].Value;
            var shift = n == 0 ? 0 : ((shifts[i] % n) + n) % n;
            if (shift != 0)
            {
                x = op.Builder.Concat(
                    axis,
                    op.Builder.Slice(x, [n - shift], [long.MaxValue], [axis]),
                    op.Builder.Slice(x, [0], [n - shift], [axis]));
            }
        }

        op.Output(x);
    }

    /// <summary>MirrorPad: REFLECT leaves out the border (ONNX: Pad-21, mode reflect), SYMMETRIC repeats it.</summary>
    private static void MirrorPad(OperatorContext op)
    {
        var x = op.Input(0);
        var amounts = op.ConstantInts(1);
        var rank = amounts.Length / 2;
        var isReflect = op.Attributes.Text("mode") == "REFLECT";
        if (isReflect && x.DType == DType.Float32)
        {
            long[] pads = [.. amounts.Where(static (_, i) => i % 2 == 0), .. amounts.Where(static (_, i) => i % 2 == 1)];
            op.Output(op.Emit("Pad", [x, op.Builder.Ints(pads)], ("mode", "reflect")));
            return;
        }

        var skip = isReflect ? 1 : 0;
        for (var axis = 0; axis < rank; axis++)
        {
            var (before, after) = (amounts[2 * axis], amounts[(2 * axis) + 1]);
            var parts = new List<OnnxValue>();
            if (before > 0)
            {
                // Elements before + skip - 1 down to skip.
                parts.Add(op.Builder.Slice(x, [before + skip - 1], [skip == 0 ? long.MinValue : skip - 1], [axis], [-1]));
            }

            parts.Add(x);
            if (after > 0)
            {
                parts.Add(op.Builder.Slice(x, [-1 - skip], [-1 - skip - after], [axis], [-1]));
            }

            x = op.Builder.Concat(axis, [.. parts]);
        }

        op.Output(x);
    }

    /// <summary>SpaceToDepth, DepthToSpace: the block comes before the channel. ONNX: SpaceToDepth-13, DepthToSpace-13 (mode DCR).</summary>
    private static void Blocks(OperatorContext op, string onnx)
    {
        var layout = new SpatialLayout(op, 2);
        if (op.Attributes.Text("data_format", "NHWC") == "NCHW_VECT_C")
        {
            throw new UnsupportedException("its data_format is NCHW_VECT_C");
        }

        var x = layout.ToChannelsFirst(op.Input(0));
        op.Output(layout.FromChannelsFirst(op.Emit(onnx, [x], ("blocksize", op.Attributes.Int("block_size")))));
    }

    /// <summary>
    /// SpaceToBatchND: pads the spatial axes, cuts them into blocks, and puts the place in the block before the batch.
    /// </summary>
    private static void SpaceToBatch(OperatorContext op)
    {
        var block = op.ConstantInts(1);
        var pads = op.ConstantInts(2);
        var (rank, m) = (op.RankOf(0), block.Length);
        var x = op.Input(0);
        if (pads.Any(static p => p != 0))
        {
            long[] before = [0, .. pads.Where(static (_, i) => i % 2 == 0), .. new long[rank - m - 1]];
            long[] after = [0, .. pads.Where(static (_, i) => i % 2 == 1), .. new long[rank - m - 1]];
            x = op.Emit("Pad", [x, op.Builder.Ints([.. before, .. after])], ("mode", "constant"));
        }

        var b = op.Builder;
        var target = new List<OnnxValue> { b.DimensionOf(x, 0) };
        for (var i = 0; i < m; i++)
        {
            target.Add(op.Emit("Div", [b.DimensionOf(x, i + 1), b.Ints(block[i])]));
            target.Add(b.Ints(block[i]));
        }

        var tail = Enumerable.Range(m + 1, rank - m - 1).Select(i => b.DimensionOf(x, i)).ToArray();
        var cut = b.Reshape(x, b.Concat(0, [.. target, .. tail]));
        long[] permutation =
        [
            .. Enumerable.Range(0, m).Select(static i => (2L * i) + 2), 0, .. Enumerable.Range(0, m).Select(static i => (2L * i) + 1),
            .. Enumerable.Range((2 * m) + 1, rank - m - 1).Select(static i => (long)i),
        ];
        var moved = b.Transpose(cut, permutation);
        var batch = op.Emit("Mul", [b.DimensionOf(x, 0), b.Ints(block.Aggregate(1L, static (p, q) => p * q))]);
        var spatial = Enumerable.Range(0, m).Select(i => op.Emit("Div", [b.DimensionOf(x, i + 1), b.Ints(block[i])]));
        op.Output(b.Reshape(moved, b.Concat(0, [batch, .. spatial, .. tail])));
    }

    /// <summary>BatchToSpaceND: undoes SpaceToBatchND, cutting instead of padding.</summary>
    private static void BatchToSpace(OperatorContext op)
    {
        var block = op.ConstantInts(1);
        var crops = op.ConstantInts(2);
        var (rank, m) = (op.RankOf(0), block.Length);
        var (x, b) = (op.Input(0), op.Builder);
        var product = block.Aggregate(1L, static (p, q) => p * q);
        var batch = op.Emit("Div", [b.DimensionOf(x, 0), b.Ints(product)]);
        var rest = Enumerable.Range(1, rank - 1).Select(i => b.DimensionOf(x, i)).ToArray();
        var cut = b.Reshape(x, b.Concat(0, [b.Ints(block), batch, .. rest]));
        long[] permutation =
        [
            m, .. Enumerable.Range(0, m).SelectMany(i => (long[])[m + 1 + i, i]),
            .. Enumerable.Range((2 * m) + 1, rank - m - 1).Select(static i => (long)i),
        ];
        var moved = b.Transpose(cut, permutation);
        var spatial = Enumerable.Range(0, m).Select(i => op.Emit("Mul", [rest[i], b.Ints(block[i])]));
        var y = b.Reshape(moved, b.Concat(0, [batch, .. spatial, .. rest[m..]]));
        for (var i = 0; i < m; i++)
        {
            var (before, after) = (crops[2 * i], crops[(2 * i) + 1]);
            if (before != 0 || after != 0)
            {
                y = b.Slice(y, [before], [after == 0 ? long.MaxValue : -after], [i + 1]);
            }
        }

        op.Output(y);
    }

    /// <summary>Cumsum: along the axis in the second input. ONNX: CumSum-14.</summary>
    private static void Cumsum(OperatorContext op)
    {
        var axis = op.Builder.Cast(op.Input(1), DType.Int64);
        op.Output(op.Emit("CumSum", [op.Input(0), axis], ("exclusive", op.Attributes.Bool("exclusive")), ("reverse", op.Attributes.Bool("reverse"))));
    }
}
