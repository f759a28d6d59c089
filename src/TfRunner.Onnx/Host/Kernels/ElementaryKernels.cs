using System.Numerics;
using TfRunner.Onnx.Host.Arrays;
using TfRunner.Onnx.Host.Numerics;

namespace TfRunner.Onnx.Host.Kernels;

/// <summary>
/// Functions of each element, computed in double precision and rounded once to the op's dtype; complex numbers in double
/// precision too.
/// </summary>
internal sealed class ElementaryKernels : IHostKernelFamily
{
    /// <inheritdoc/>
    public void Register(HostRegistry registry)
    {
        Real(registry, "Sin", Math.Sin, Complex.Sin);
        Real(registry, "Cos", Math.Cos, Complex.Cos);
        Real(registry, "Tan", Math.Tan, Complex.Tan);
        Real(registry, "Asin", Math.Asin, Complex.Asin);
        Real(registry, "Acos", Math.Acos, Complex.Acos);
        Real(registry, "Atan", Math.Atan, Complex.Atan);
        Real(registry, "Sinh", Math.Sinh, Complex.Sinh);
        Real(registry, "Cosh", Math.Cosh, Complex.Cosh);
        Real(registry, "Tanh", Math.Tanh, Complex.Tanh);
        Real(registry, "Asinh", Math.Asinh);
        Real(registry, "Acosh", Math.Acosh);
        Real(registry, "Atanh", Math.Atanh);
        Real(registry, "Exp", Math.Exp, Complex.Exp);
        Real(registry, "Expm1", static x => Math.Abs(x) < 1e-5 ? x + (x * x / 2) : Math.Exp(x) - 1, static z => Complex.Exp(z) - 1);
        Real(registry, "Log", Math.Log, Complex.Log);
        Real(registry, "Log1p", static x => Math.Abs(x) < 1e-5 ? x - (x * x / 2) : Math.Log(1 + x), static z => Complex.Log(z + 1));
        Real(registry, "Sqrt", Math.Sqrt, Complex.Sqrt);
        Real(registry, "Rsqrt", static x => 1 / Math.Sqrt(x), static z => 1 / Complex.Sqrt(z));
        Real(registry, "Reciprocal", static x => 1 / x, static z => 1 / z);
        Real(registry, "Inv", static x => 1 / x, static z => 1 / z);
        Real(registry, "Sigmoid", Logistic, static z => 1 / (1 + Complex.Exp(-z)));
        Real(registry, "Rint", static x => Math.Round(x, MidpointRounding.ToEven));
        Real(registry, "Relu", static x => x < 0 ? 0 : x);
        Real(registry, "Relu6", static x => double.IsNaN(x) ? x : Math.Clamp(x, 0, 6));
        Real(registry, "Elu", static x => x < 0 ? Math.Exp(x) - 1 : x);
        Real(registry, "Selu", static x => x < 0 ? 1.0507009873554805 * 1.6732632423543772 * (Math.Exp(x) - 1) : 1.0507009873554805 * x);
        Real(registry, "Softplus", static x => x > 30 ? x : Math.Log(1 + Math.Exp(x)));
        Real(registry, "Softsign", static x => x / (1 + Math.Abs(x)));
        Real(registry, "Erf", MathNet.Numerics.SpecialFunctions.Erf);
        Real(registry, "Erfc", MathNet.Numerics.SpecialFunctions.Erfc);
        Real(registry, "Erfinv", SpecialFunctions.InverseErf);
        Real(registry, "Ndtri", SpecialFunctions.NormalQuantile);
        Real(registry, "Lgamma", SpecialFunctions.LogGamma);
        Real(registry, "Digamma", SpecialFunctions.Digamma);
        Real(registry, "BesselI0", SpecialFunctions.BesselI0);
        Real(registry, "BesselI0e", SpecialFunctions.BesselI0Scaled);
        Real(registry, "BesselI1", SpecialFunctions.BesselI1);
        Real(registry, "BesselI1e", SpecialFunctions.BesselI1Scaled);
        Real(registry, "BesselJ0", static x => MathNet.Numerics.SpecialFunctions.BesselJ(0, x));
        Real(registry, "BesselJ1", static x => MathNet.Numerics.SpecialFunctions.BesselJ(1, x));
        Real(registry, "BesselY0", static x => x < 0 ? double.NaN : MathNet.Numerics.SpecialFunctions.BesselY(0, x));
        Real(registry, "BesselY1", static x => x < 0 ? double.NaN : MathNet.Numerics.SpecialFunctions.BesselY(1, x));
        Real(registry, "BesselK0", static x => x < 0 ? double.NaN : MathNet.Numerics.SpecialFunctions.BesselK(0, x));
        Real(registry, "BesselK1", static x => x < 0 ? double.NaN : MathNet.Numerics.SpecialFunctions.BesselK(1, x));
        Real(registry, "BesselK0e", static x => x < 0 ? double.NaN : MathNet.Numerics.SpecialFunctions.BesselKScaled(0, x));
        Real(registry, "BesselK1e", static x => x < 0 ? double.NaN : MathNet.Numerics.SpecialFunctions.BesselKScaled(1, x));
        Real(registry, "Dawsn", SpecialFunctions.Dawson);
        Real(registry, "Expint", SpecialFunctions.ExponentialIntegral);
        Real(registry, "FresnelCos", static x => SpecialFunctions.Fresnel(x).Cosine);
        Real(registry, "FresnelSin", static x => SpecialFunctions.Fresnel(x).Sine);
        Real(registry, "Spence", SpecialFunctions.Spence);
        registry.Add(
            static call =>
            {
                var alpha = call.Attributes.Float("alpha", 0.2f);
                call.Output(0, Array.ConvertAll(call.Doubles(0), v => v < 0 ? v * alpha : v), call.Tensor(0).Dimensions);
            },
            "LeakyRelu");
        registry.Add(static call => Test(call, double.IsFinite), "IsFinite");
        registry.Add(static call => Test(call, double.IsInfinity), "IsInf");

        // Functions of two operands. DivNoNan, MulNoNan, Xlogy, Xdivy, Xlog1py: 0 where the deciding operand is 0.
        Pair(registry, "Atan2", Math.Atan2);
        Pair(registry, "DivNoNan", static (x, y) => y == 0 ? 0 : x / y, static (x, y) => y == 0 ? 0 : x / y);
        Pair(registry, "MulNoNan", static (x, y) => y == 0 ? 0 : x * y, static (x, y) => y == 0 ? 0 : x * y);
        Pair(registry, "Xdivy", static (x, y) => x == 0 ? 0 : x / y);
        Pair(registry, "Xlogy", static (x, y) => x == 0 ? 0 : x * Math.Log(y));
        Pair(registry, "Xlog1py", static (x, y) => x == 0 ? 0 : x * (Math.Abs(y) < 1e-5 ? y - (y * y / 2) : Math.Log(1 + y)));
        Pair(registry, "Igamma", SpecialFunctions.LowerGamma);
        Pair(registry, "Igammac", SpecialFunctions.UpperGamma);
        Pair(registry, "Zeta", SpecialFunctions.Zeta);
        Pair(registry, "Polygamma", SpecialFunctions.Polygamma);
        registry.Add(NextAfter, "NextAfter");
        registry.Add(Betainc, "Betainc");
        registry.Add(
            static call =>
            {
                var tolerance = call.Attributes.Float("tolerance", 1e-5f);
                using var near = ArrayMath.Zip<double, bool>(Wide(call, 0), Wide(call, 1), (x, y) => Math.Abs(x - y) < tolerance);
                call.Output(near.Clone());
            },
            "ApproximateEqual");

        // Gradients that exported training graphs and saliency maps hold: of the op's result (y) or operand (features).
        Pair(registry, "ReluGrad", static (dy, x) => x > 0 ? dy : 0);
        registry.Add(
            static call =>
            {
                var alpha = call.Attributes.Float("alpha", 0.2f);
                using var wide = ArrayMath.Zip<double, double>(Wide(call, 0), Wide(call, 1), (dy, x) => x > 0 ? dy : dy * alpha);
                call.Output(ArrayCast.Cast(wide, call.OutputType()));
            },
            "LeakyReluGrad");
        Pair(registry, "Relu6Grad", static (dy, x) => x is > 0 and < 6 ? dy : 0);
        Pair(registry, "EluGrad", static (dy, y) => y < 0 ? dy * (y + 1) : dy);
        Pair(registry, "SeluGrad", static (dy, y) => y < 0 ? dy * (y + (1.0507009873554805 * 1.6732632423543772)) : dy * 1.0507009873554805);
        Pair(registry, "SoftplusGrad", static (dy, x) => dy * Logistic(x));
        Pair(registry, "SoftsignGrad", static (dy, x) => dy / ((1 + Math.Abs(x)) * (1 + Math.Abs(x))));
        Pair(registry, "SigmoidGrad", static (y, dy) => dy * y * (1 - y));
        Pair(registry, "TanhGrad", static (y, dy) => dy * (1 - (y * y)));
        Pair(registry, "SqrtGrad", static (y, dy) => dy / (2 * y));
        Pair(registry, "RsqrtGrad", static (y, dy) => -0.5 * dy * y * y * y);
        Pair(registry, "InvGrad", static (y, dy) => -dy * y * y);
        Pair(registry, "ReciprocalGrad", static (y, dy) => -dy * y * y);
    }

    private static double Logistic(double x) => 1 / (1 + Math.Exp(-x));

    private static TensorValue Wide(HostCall call, int input) => ArrayCast.Cast(call.Tensor(input), DType.Float64);

    private static bool IsComplex(TensorValue x) => x.DType is DType.Complex64 or DType.Complex128;

    private static void Real(HostRegistry registry, string op, Func<double, double> function, Func<Complex, Complex>? complex = null) =>
        registry.Add(
            call =>
            {
                var x = call.Tensor(0);
                if (!IsComplex(x))
                {
                    call.Output(0, Array.ConvertAll(call.Doubles(0), v => function(v)), x.Dimensions);
                    return;
                }

                var own = complex ?? throw call.Node.Error(ErrorCode.Unimplemented, $"no host kernel for {x.DType.Name()}");
                call.Output(0, Array.ConvertAll(call.Complexes(0), z => own(z)), x.Dimensions);
            },
            op);

    private static void Pair(HostRegistry registry, string op, Func<double, double, double> function, Func<Complex, Complex, Complex>? complex = null) =>
        registry.Add(
            call =>
            {
                using var wide = IsComplex(call.Tensor(0)) && complex is not null
                    ? ArrayMath.Zip(ArrayCast.Cast(call.Tensor(0), DType.Complex128), ArrayCast.Cast(call.Tensor(1), DType.Complex128), complex)
                    : ArrayMath.Zip(Wide(call, 0), Wide(call, 1), function);
                call.Output(ArrayCast.Cast(wide, call.OutputType()));
            },
            op);

    private static void Test(HostCall call, Func<double, bool> test) =>
        call.Output(TensorValue.From(Array.ConvertAll(call.Doubles(0), v => test(v)), call.Tensor(0).Dimensions));

    /// <summary>NextAfter: the next number of the dtype from x1 towards x2.</summary>
    private static void NextAfter(HostCall call) => call.Output(call.Tensor(0).DType == DType.Float32
        ? ArrayMath.Zip<float, float>(call.Tensor(0), call.Tensor(1), static (x, y) => x == y || float.IsNaN(x + y) ? x + y - (x == y ? x : 0) : y > x ? MathF.BitIncrement(x) : MathF.BitDecrement(x))
        : ArrayMath.Zip<double, double>(call.Tensor(0), call.Tensor(1), static (x, y) => x == y || double.IsNaN(x + y) ? x + y - (x == y ? x : 0) : y > x ? Math.BitIncrement(x) : Math.BitDecrement(x)));

    /// <summary>Betainc: the regularised incomplete beta function of a, b and x, which broadcast.</summary>
    private static void Betainc(HostCall call)
    {
        var dims = Strides.Broadcast2(call.Tensor(0).Dimensions, Strides.Broadcast2(call.Tensor(1).Dimensions, call.Tensor(2).Dimensions));
        var operands = Enumerable.Range(0, 3).Select(i => (Values: call.Doubles(i), At: Strides.Positions(dims, Strides.Broadcast(call.Tensor(i).Dimensions, dims)))).ToArray();
        var result = new double[Strides.Count(dims)];
        for (var i = 0; i < result.Length; i++)
        {
            var (a, b, x) = (operands[0].Values[operands[0].At[i]], operands[1].Values[operands[1].At[i]], operands[2].Values[operands[2].At[i]]);
            result[i] = a > 0 && b > 0 && x is >= 0 and <= 1 ? MathNet.Numerics.SpecialFunctions.BetaRegularized(a, b, x) : double.NaN;
        }

        call.Output(0, result, dims);
    }
}
