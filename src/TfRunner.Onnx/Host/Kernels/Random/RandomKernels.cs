using TfRunner.Onnx.Host.Arrays;
using TfRunner.Onnx.Host.Numerics;

namespace TfRunner.Onnx.Host.Kernels.Random;

/// <summary>
/// Random numbers. Stateless ops give TensorFlow's own sequence for their seed; the others draw from what TensorFlow draws
/// from, but not in its order, not even with seed attributes.
/// </summary>
internal sealed class RandomKernels : IHostKernelFamily
{
    /// <inheritdoc/>
    public void Register(HostRegistry registry)
    {
        registry.Add(KeyAndCounter, "StatelessRandomGetKeyCounter");
        registry.Add(static call => call.Output(0, [1L]), "StatelessRandomGetAlg");
        registry.Add(
            static call =>
            {
                KeyAndCounter(call);
                call.Output(2, [1L]);
            },
            "StatelessRandomGetKeyCounterAlg");
        registry.Add(static call => call.Output(RandomNumbers.Uniform(Seeded(call), call.OutputType(), call.Ints(0))), "StatelessRandomUniform", "StatelessRandomUniformV2");
        registry.Add(static call => call.Output(RandomNumbers.Normal(Seeded(call), call.OutputType(), call.Ints(0))), "StatelessRandomNormal", "StatelessRandomNormalV2");
        registry.Add(
            static call => call.Output(RandomNumbers.TruncatedNormal(Seeded(call), call.OutputType(), call.Ints(0))), "StatelessTruncatedNormal", "StatelessTruncatedNormalV2");
        registry.Add(static call => Integers(call, Seeded(call), call.InputCount - 2), "StatelessRandomUniformInt", "StatelessRandomUniformIntV2");
        registry.Add(
            static call => call.Output(RandomNumbers.Bits(Seeded(call), call.OutputType(), call.Ints(0))), "StatelessRandomUniformFullInt", "StatelessRandomUniformFullIntV2");
        registry.Add(static call => Categories(call, FromSeed(call.Ints(2))), "StatelessMultinomial");
        registry.Add(static call => StatelessGamma.Run(call, FromSeed(call.Ints(1)), call.Tensor(2)), "StatelessRandomGammaV2");
        registry.Add(static call => StatelessGamma.Run(call, Seeded(call), call.Tensor(4)), "StatelessRandomGammaV3");

        registry.Add(static call => call.Output(RandomNumbers.Uniform(Philox.FromSystem(), call.OutputType(), call.Ints(0))), "RandomUniform");
        registry.Add(static call => call.Output(RandomNumbers.Normal(Philox.FromSystem(), call.OutputType(), call.Ints(0))), "RandomStandardNormal");
        registry.Add(static call => call.Output(RandomNumbers.TruncatedNormal(Philox.FromSystem(), call.OutputType(), call.Ints(0))), "TruncatedNormal");
        registry.Add(static call => Integers(call, Philox.FromSystem(), 1), "RandomUniformInt");
        registry.Add(static call => Categories(call, Philox.FromSystem()), "Multinomial");
        registry.Add(Shuffle, "RandomShuffle");
        registry.Add(static call => Sample(call, Gamma), "RandomGamma");
        registry.Add(static call => Sample(call, Poisson), "RandomPoissonV2", "RandomPoisson");
    }

    private static Philox FromSeed(long[] seed)
    {
        var (key, low, high) = Philox.Scramble(seed);
        return new(key, new UInt128(high, low));
    }

    private static void KeyAndCounter(HostCall call)
    {
        var (key, low, high) = Philox.Scramble(call.Ints(0));
        call.Output(0, TensorValue.From([key], 1));
        call.Output(1, TensorValue.From([low, high], 2));
    }

    /// <summary>The first forms take shape and seed; later ones shape, key, counter and algorithm (1 is Philox, 3 lets the device choose).</summary>
    private static Philox Seeded(HostCall call)
    {
        if (call.Op[^2] != 'V')
        {
            return FromSeed(call.Ints(1));
        }

        if (call.Int(3) is not (1 or 3))
        {
            throw call.Node.Error(ErrorCode.Unimplemented, FormattableString.Invariant($"no generator for algorithm {call.Int(3)}"));
        }

        var counter = call.Tensor(2).AsSpan<ulong>();
        return new(call.Tensor(1).AsSpan<ulong>()[0], new UInt128(counter.Length > 1 ? counter[1] : 0, counter[0]));
    }

    private static void Integers(HostCall call, Philox random, int bounds)
    {
        var (low, high) = (call.Int(bounds), call.Int(bounds + 1));
        call.Output(low < high
            ? RandomNumbers.Integers(random, call.OutputType(), low, high, call.Ints(0))
            : throw call.Invalid(FormattableString.Invariant($"Need minval < maxval, got {low} >= {high}")));
    }

    private static void Categories(HostCall call, Philox random)
    {
        var classes = call.Tensor(0).Dimensions[1];
        var samples = call.Int(1);
        call.Output(0, RandomNumbers.Categories(random, call.Doubles(0), (int)classes, samples), call.Tensor(0).Dimensions[0], samples);
    }

    private static void Shuffle(HostCall call)
    {
        var x = call.Tensor(0);
        if (x.Rank == 0)
        {
            call.Output(x);
            return;
        }

        var order = Enumerable.Range(0, (int)x.Dimensions[0]).Select(static i => (long)i).ToArray();
        System.Random.Shared.Shuffle(order);
        using var rows = TensorValue.From(order, order.Length);
        call.Output(ArrayMovement.Gather(x, rows, 0));
    }

    /// <summary>A sample per element of shape and parameters: [shape..., parameters...].</summary>
    private static void Sample(HostCall call, Func<Philox, double, double> draw)
    {
        var random = Philox.FromSystem();
        var parameters = call.Doubles(1);
        long[] dims = [.. call.Ints(0), .. call.Tensor(1).Dimensions];
        var result = new double[Strides.Count(dims)];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = draw(random, parameters[i % parameters.Length]);
        }

        call.Output(0, result, dims);
    }

    /// <summary>Marsaglia and Tsang's method (2000).</summary>
    private static double Gamma(Philox random, double alpha)
    {
        if (alpha < 1)
        {
            return Gamma(random, alpha + 1) * Math.Pow(1 - random.NextDouble(), 1 / alpha);
        }

        var d = alpha - (1.0 / 3);
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var x = random.NextWideNormals().First;
            var v = 1 + (c * x);
            if (v <= 0)
            {
                continue;
            }

            v = v * v * v;
            if (Math.Log(1 - random.NextDouble()) < (0.5 * x * x) + d - (d * v) + (d * Math.Log(v)))
            {
                return d * v;
            }
        }
    }

    /// <summary>Counts exponential waits; a large rate is halved by a gamma variable first (Ahrens and Dieter, 1974).</summary>
    private static double Poisson(Philox random, double rate)
    {
        var count = 0L;
        while (rate > 16)
        {
            var m = Math.Floor(rate * 7 / 8);
            var x = Gamma(random, m);
            if (x > rate)
            {
                for (var i = 0; i < m - 1; i++)
                {
                    count += random.NextDouble() < rate / x ? 1 : 0;
                }

                return count;
            }

            count += (long)m;
            rate -= x;
        }

        var limit = Math.Exp(-rate);
        for (var product = 1 - random.NextDouble(); product > limit; product *= 1 - random.NextDouble())
        {
            count++;
        }

        return count;
    }
}
