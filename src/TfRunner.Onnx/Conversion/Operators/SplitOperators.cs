namespace TfRunner.Onnx.Conversion.Operators;

/// <summary>Splitting along an axis.</summary>
internal sealed class SplitOperators : IOperatorFamily
{
    /// <inheritdoc/>
    public void Register(OperatorRegistry registry)
    {
        // Split: the axis first, then the tensor, cut into equal parts. ONNX: Split-18 with num_outputs.
        registry.Add(
            static op => Set(op, op.Builder.EmitMany("Split", op.OutputCount, [op.Input(1)], ("axis", op.ConstantInts(0)[0]), ("num_outputs", (long)op.OutputCount))),
            "Split");

        // SplitV: the tensor, sizes (-1 once for the rest), the axis.
        registry.Add(
            static op =>
            {
                var axis = op.ConstantInts(2)[0];
                var sizes = op.ConstantInts(1);
                var open = Array.IndexOf(sizes, -1);
                if (open >= 0)
                {
                    sizes[open] = op.ShapeOf(0)[(int)axis] is { IsConstant: true } whole
                        ? whole.Value - sizes.Sum() - 1
                        : throw new UnsupportedException("the size of a part is not known");
                }

                Set(op, op.Builder.EmitMany("Split", op.OutputCount, [op.Input(0), op.Builder.Ints(sizes)], ("axis", axis)));
            },
            "SplitV");
    }

    private static void Set(OperatorContext op, IReadOnlyList<Building.OnnxValue> parts)
    {
        for (var i = 0; i < parts.Count; i++)
        {
            op.Output(i, parts[i]);
        }
    }
}
