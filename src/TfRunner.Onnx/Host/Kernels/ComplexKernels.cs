using System.Numerics;
using TfRunner.Onnx.Host.Arrays;

namespace TfRunner.Onnx.Host.Kernels;

/// <summary>Complex numbers made, and taken apart.</summary>
internal sealed class ComplexKernels : IHostKernelFamily
{
    /// <inheritdoc/>
    public void Register(HostRegistry registry)
    {
        registry.Add(
            static call =>
            {
                using var real = ArrayCast.Cast(call.Tensor(0), DType.Float64);
                using var imaginary = ArrayCast.Cast(call.Tensor(1), DType.Float64);
                using var wide = ArrayMath.Zip<double, Complex>(real, imaginary, static (x, y) => new(x, y));
                call.Output(ArrayCast.Cast(wide, call.OutputType()));
            },
            "Complex");
        Part(registry, "Real", static z => z.Real);
        Part(registry, "Imag", static z => z.Imaginary);
        Part(registry, "ComplexAbs", Complex.Abs);
        Part(registry, "Angle", static z => Math.Atan2(z.Imaginary, z.Real));
        registry.Add(static call => call.Output(0, Array.ConvertAll(call.Complexes(0), Complex.Conjugate), call.Tensor(0).Dimensions), "Conj");
    }

    private static void Part(HostRegistry registry, string op, Func<Complex, double> part) =>
        registry.Add(call => call.Output(0, Array.ConvertAll(call.Complexes(0), z => part(z)), call.Tensor(0).Dimensions), op);
}
