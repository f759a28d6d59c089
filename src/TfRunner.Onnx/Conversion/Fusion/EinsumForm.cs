using TfRunner.Onnx.Conversion.Building;

namespace TfRunner.Onnx.Conversion.Fusion;

/// <summary>
/// Writes Einsum of two operands as MatMul between reshapes and transposes. ONNX Runtime's Einsum does the same at every call, with
/// weights that nothing has prepared; a product with a constant matrix is prepared once, and transposes around one cancel or are absorbed.
/// </summary>
internal static class EinsumForm
{
    /// <summary>Rewrites a graph.</summary>
    /// <param name="builder">The builder of the graph.</param>
    /// <param name="weightsOnly">Whether only products with constants are rewritten.</param>
    public static void Run(OnnxBuilder builder, bool weightsOnly)
    {
        var before = builder.Graph.Nodes;
        if (!before.Exists(static n => n.Op == "Einsum"))
        {
            return;
        }

        builder.Graph.Nodes = [];
        var matrices = new Dictionary<(TensorValue, string, string), OnnxValue>();
        foreach (var node in before)
        {
            builder.Scope = node.Name;
            if (EinsumTerms.Of(node) is not { } terms || (weightsOnly && !node.Inputs.Exists(static i => i!.IsConstant)) || !TryReplace(builder, node, terms, matrices))
            {
                builder.Graph.Nodes.Add(node);
            }
        }

        builder.Graph.Prune();
    }

    private static bool TryReplace(OnnxBuilder builder, OnnxNode node, EinsumTerms terms, Dictionary<(TensorValue, string, string), OnnxValue> matrices)
    {
        var (a, b) = (node.Inputs[0]!, node.Inputs[1]!);

        // The matrix, or what has the result's last axis, comes second.
        if (a.IsConstant || (!b.IsConstant && terms.Result.Length > 0 && terms.Left.Contains(terms.Result[^1], StringComparison.Ordinal)))
        {
            (a, b, terms) = (b, a, terms.Swapped());
        }

        var both = terms.Left.Where(c => terms.Right.Contains(c, StringComparison.Ordinal)).ToList();
        var batch = Letters(terms.Result.Where(both.Contains));
        var summed = Letters(both.Where(c => !terms.Result.Contains(c, StringComparison.Ordinal)));
        var rows = Letters(terms.Result.Where(c => !terms.Right.Contains(c, StringComparison.Ordinal)));
        var columns = Letters(terms.Result.Where(c => !terms.Left.Contains(c, StringComparison.Ordinal)));
        if (summed.Length == 0 || rows.Length == 0 || columns.Length == 0)
        {
            return false;
        }

        return batch.Length == 0
            ? TryMatrix(builder, node, terms, (a, b), (summed, rows, columns), matrices)
            : summed.Length == 1 && rows.Length == 1 && columns.Length == 1 && Stacks(builder, node, terms, (a, b), (batch, summed, rows, columns));
    }

    /// <summary>Without axes that both operands keep: the second one becomes a matrix.</summary>
    private static bool TryMatrix(
        OnnxBuilder builder,
        OnnxNode node,
        EinsumTerms terms,
        (OnnxValue A, OnnxValue B) operands,
        (string Summed, string Rows, string Columns) axes,
        Dictionary<(TensorValue, string, string), OnnxValue> matrices)
    {
        if (Sizes(operands.B, terms.Right, axes.Summed) is not { } summed || Sizes(operands.B, terms.Right, axes.Columns) is not { } columns)
        {
            return false;
        }

        var depth = summed.Aggregate(1L, static (p, s) => p * s);
        var width = columns.Aggregate(1L, static (p, s) => p * s);
        if (depth == 0 || width == 0)
        {
            return false;
        }

        var a = builder.Transpose(operands.A, EinsumTerms.Order(terms.Left, axes.Rows + axes.Summed));
        if (summed.Length > 1)
        {
            a = builder.Reshape(a, [.. axes.Rows.Select(static _ => 0L), depth]);
        }

        // A layer that is called twice has its weights once.
        var layout = (operands.B.Constant!, terms.Right, axes.Summed + axes.Columns);
        if (!operands.B.IsConstant || !matrices.TryGetValue(layout, out var b))
        {
            b = builder.Reshape(builder.Transpose(operands.B, EinsumTerms.Order(terms.Right, axes.Summed + axes.Columns)), depth, width);
            if (operands.B.IsConstant)
            {
                matrices[layout] = b;
            }
        }

        if (columns.Length == 1 && axes.Rows + axes.Columns == terms.Result)
        {
            builder.EmitInPlaceOf(node, "MatMul", [a, b]);
            return true;
        }

        var product = builder.Emit("MatMul", [a, b]);
        long[] target = [.. axes.Rows.Select(static _ => 0L), .. columns];
        if (axes.Rows + axes.Columns == terms.Result)
        {
            builder.EmitInPlaceOf(node, "Reshape", [product, builder.Ints(target)]);
        }
        else
        {
            builder.EmitInPlaceOf(
                node, "Transpose", [columns.Length == 1 ? product : builder.Reshape(product, target)], ("perm", EinsumTerms.Order(axes.Rows + axes.Columns, terms.Result)));
        }

        return true;
    }

    /// <summary>With axes that both operands keep: a stack of products.</summary>
    private static bool Stacks(
        OnnxBuilder builder,
        OnnxNode node,
        EinsumTerms terms,
        (OnnxValue A, OnnxValue B) operands,
        (string Batch, string Summed, string Rows, string Columns) axes)
    {
        var a = builder.Transpose(operands.A, EinsumTerms.Order(terms.Left, axes.Batch + axes.Rows + axes.Summed));
        var b = builder.Transpose(operands.B, EinsumTerms.Order(terms.Right, axes.Batch + axes.Summed + axes.Columns));
        var given = axes.Batch + axes.Rows + axes.Columns;
        if (given == terms.Result)
        {
            builder.EmitInPlaceOf(node, "MatMul", [a, b]);
        }
        else
        {
            builder.EmitInPlaceOf(node, "Transpose", [builder.Emit("MatMul", [a, b])], ("perm", EinsumTerms.Order(given, terms.Result)));
        }

        return true;
    }

    /// <summary>The sizes of axes where they are all known.</summary>
    private static long[]? Sizes(OnnxValue value, string letters, string axes)
    {
        var dims = axes.Select(c => value.Shape![letters.IndexOf(c, StringComparison.Ordinal)]).ToList();
        return dims.TrueForAll(static d => d.IsConstant) ? [.. dims.Select(static d => d.Value)] : null;
    }

    private static string Letters(IEnumerable<char> letters) => string.Concat(letters);
}
