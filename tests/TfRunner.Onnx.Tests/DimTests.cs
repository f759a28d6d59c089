using CsCheck;
using TfRunner.Onnx.Conversion.Shapes;

namespace TfRunner.Onnx.Tests;

public sealed class DimTests
{
    private static readonly Gen<(Dim Dim, Func<long, long, long> Value)> Dims = Gen.Recursive<(Dim Dim, Func<long, long, long> Value)>((depth, inner) =>
        depth > 3
            ? Leaf
            : Gen.OneOf(
                Leaf,
                Gen.Select(inner, inner, static (a, b) => (a.Dim + b.Dim, (Func<long, long, long>)((x, y) => a.Value(x, y) + b.Value(x, y)))),
                Gen.Select(inner, inner, static (a, b) => (a.Dim * b.Dim, (Func<long, long, long>)((x, y) => a.Value(x, y) * b.Value(x, y))))));

    private static Gen<(Dim Dim, Func<long, long, long> Value)> Leaf => Gen.Int[0, 5].Select(static i => i switch
    {
        4 => (Dim.Symbol("batch"), (Func<long, long, long>)((x, _) => x)),
        5 => (Dim.Symbol("width"), (Func<long, long, long>)((_, y) => y)),
        _ => (Dim.Of(i), (Func<long, long, long>)((_, _) => i)),
    });

    [Fact]
    public void Equal_dimensions_have_equal_values() =>
        Gen.Select(Dims, Dims, Gen.Long[0, 9], Gen.Long[0, 9]).Sample(static (a, b, x, y) =>
        {
            if (a.Dim == b.Dim)
            {
                Assert.Equal(a.Value(x, y), b.Value(x, y));
            }
        });

    [Fact]
    public void A_product_divides_by_its_factor() =>
        Gen.Select(Dims, Gen.Long[1, 9]).Sample(static (a, n) =>
            Assert.Equal(a.Dim, (a.Dim * n * Dim.Symbol("height")).DivideExactly(Dim.Symbol("height") * n)));

    [Theory]
    [InlineData(7, 2, 3)]
    [InlineData(-7, 2, -4)]
    [InlineData(6, 3, 2)]
    public void Numbers_divide_rounding_down(long a, long b, long expected) => Assert.Equal(Dim.Of(expected), Dim.Of(a).FloorDivide(b));

    [Fact]
    public void Shape_arithmetic_on_a_dynamic_batch_stays_known()
    {
        var builder = ConvertedModels.Builder();
        var x = builder.Input("x", DType.Float32, new SymbolicShape(Dim.Symbol("batch"), 4, 4, 3));
        var target = builder.Concat(0, builder.DimensionOf(x, 0), builder.Ints(48));

        var y = builder.Reshape(x, target);

        Assert.Equal([Dim.Symbol("batch"), Dim.Of(48)], y.Shape!.Dims);
        Assert.Equal([0L, 48L], y.Producer!.Inputs[1]!.Constant!.AsSpan<long>().ToArray());
    }
}
