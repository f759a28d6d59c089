using TfRunner.Onnx.Conversion.Building;
using TfRunner.Onnx.Conversion.Layout;

namespace TfRunner.Onnx.Conversion.Fusion;

/// <summary>
/// Drops the transpose in front of a flattened picture that only products with constant matrices take: the matrices get their rows in
/// the order in which the picture lies in memory.
/// </summary>
internal static class FlattenFusion
{
    /// <summary>Rewrites a graph.</summary>
    /// <param name="builder">The builder of the graph.</param>
    public static void Run(OnnxBuilder builder)
    {
        var uses = new ValueUses(builder.Graph);
        foreach (var node in builder.Graph.Nodes.ToList())
        {
            if (node.Op != "Reshape" || OnnxMatch.Node(node.Inputs[0], "Transpose") is not { } transpose || !Flattens(node, transpose)
                || Products(node.Output, uses) is not { } products)
            {
                continue;
            }

            var permutation = transpose.Ints("perm")!;
            foreach (var product in products)
            {
                builder.Scope = product.Name;
                product.Inputs[1] = Ordered(builder, product.Inputs[1]!, transpose.Output.Shape!.ToNumbers()[1..], permutation);
            }

            node.Inputs[0] = transpose.Inputs[0];
        }

        builder.Graph.Prune();
    }

    /// <summary>Whether all axes but the first, which stays, become one.</summary>
    private static bool Flattens(OnnxNode reshape, OnnxNode transpose) =>
        transpose.Ints("perm") is [0, ..] && transpose.Output.Shape is { Rank: > 2 } before && reshape.Output.Shape is { Rank: 2 } after
        && before.Dims.Skip(1).All(static d => d.IsConstant) && after[1].IsConstant
        && after[1].Value == before.Dims.Skip(1).Aggregate(1L, static (n, d) => n * d.Value) && after[0] == before[0];

    /// <summary>The products that take the flattened rows, through functions of single elements maybe; null where something else does.</summary>
    private static List<OnnxNode>? Products(OnnxValue rows, ValueUses uses)
    {
        var products = new List<OnnxNode>();
        if (uses.Of(rows) is not { Count: > 0 } users)
        {
            return null;
        }

        foreach (var user in users)
        {
            if (user.Op == "MatMul" && user.Inputs[0] == rows && user.Inputs[1] is { IsConstant: true, Shape: { Rank: 2 } } matrix && uses.IsSingle(matrix))
            {
                products.Add(user);
            }
            else if (user.Inputs.Count == 1 && LayoutRules.KindOf(user.Op) == LayoutKind.Elementwise && Products(user.Output, uses) is { } further)
            {
                products.AddRange(further);
            }
            else
            {
                return null;
            }
        }

        return products;
    }

    /// <summary>A matrix whose rows stand in the order before the transpose.</summary>
    private static OnnxValue Ordered(OnnxBuilder builder, OnnxValue matrix, long[] after, long[] permutation)
    {
        var dims = matrix.Shape!.ToNumbers();
        var inner = Array.ConvertAll(permutation[1..], static p => p - 1);
        long[] back = [.. Permutations.Inverse(inner), after.Length];
        return builder.Reshape(builder.Transpose(builder.Reshape(matrix, [.. after, dims[1]]), back), dims);
    }
}
