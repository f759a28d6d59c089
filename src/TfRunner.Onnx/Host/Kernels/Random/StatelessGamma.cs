using TfRunner.Onnx.Host.Arrays;
using TfRunner.Onnx.Host.Numerics;

namespace TfRunner.Onnx.Host.Kernels.Random;

/// <summary>
/// Gamma variables in the sequence that TensorFlow's CPU kernel draws for a seed: Marsaglia and Tsang's method (A simple
/// method for generating gamma variables, 2000) in double precision, with a stretch of 256 groups of four words per sample.
/// A group gives two normal or two uniform numbers, of which the second is used first.
/// </summary>
internal static class StatelessGamma
{
    private const ulong GroupsPerSample = 256;

    /// <summary>Fills a tensor whose last dimensions are those of alpha; samples of one alpha follow each other in the sequence.</summary>
    /// <param name="call">The call; its first input is the shape.</param>
    /// <param name="random">At the start of the sequence.</param>
    /// <param name="alphas">The shape parameters, broadcast already.</param>
    public static void Run(HostCall call, Philox random, TensorValue alphas)
    {
        var dims = call.Ints(0);
        if (alphas.Rank > dims.Length || !dims.AsSpan(dims.Length - alphas.Rank).SequenceEqual(alphas.Dimensions))
        {
            throw call.Invalid("Shape passed in must end with broadcasted shape.");
        }

        var parameters = ArrayCast.ToDoubles(alphas);
        var result = new double[Strides.Count(dims)];
        var perAlpha = parameters.Length == 0 ? 0 : result.Length / parameters.Length;
        for (var a = 0; a < parameters.Length; a++)
        {
            for (var i = 0; i < perAlpha; i++)
            {
                var sample = ((ulong)a * (ulong)perAlpha) + (ulong)i;
                result[(i * parameters.Length) + a] = Draw(random.At(GroupsPerSample * sample), parameters[a]);
            }
        }

        call.Output(0, result, dims);
    }

    private static double Draw(Philox random, double alpha)
    {
        if (alpha == 1)
        {
            _ = random.NextDouble();
            return -LogOnePlus(-random.NextDouble());
        }

        var isSmall = alpha < 1;
        var d = alpha + (isSmall ? 2.0 / 3 : -1.0 / 3);
        var c = 1.0 / 3 / Math.Sqrt(d);
        double? otherNormal = null, otherUniform = null;
        while (true)
        {
            var x = Normal();
            var v = 1 + (c * x);
            if (v <= 0)
            {
                continue;
            }

            v = v * v * v;
            var u = Uniform();
            if (u < 1 - (0.0331 * (x * x) * (x * x)) || Math.Log(u) < (0.5 * x * x) + (d * (1 - v + Math.Log(v))))
            {
                return d * v * (isSmall ? Math.Pow(Uniform(), 1 / alpha) : 1);
            }
        }

        double Normal()
        {
            if (otherNormal is { } kept)
            {
                otherNormal = null;
                return kept;
            }

            (otherNormal, var second) = random.NextWideNormals();
            return second;
        }

        double Uniform()
        {
            if (otherUniform is { } kept)
            {
                otherUniform = null;
                return kept;
            }

            otherUniform = random.NextDouble();
            return random.NextDouble();
        }
    }

    /// <summary>log(1 + x) without the loss of digits near 0 (Kahan's correction of the rounded sum).</summary>
    private static double LogOnePlus(double x)
    {
        var sum = 1 + x;
        return sum == 1 ? x : Math.Log(sum) * x / (sum - 1);
    }
}
