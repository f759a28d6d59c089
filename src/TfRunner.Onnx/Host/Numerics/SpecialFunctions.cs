using Reference = MathNet.Numerics.SpecialFunctions;

namespace TfRunner.Onnx.Host.Numerics;

/// <summary>
/// Special functions in double precision, with TensorFlow's values where they have poles. Formulas: NIST Digital Library of
/// Mathematical Functions, chapters 5, 6, 7, 8, 10 and 25.
/// </summary>
internal static class SpecialFunctions
{
    private const double Tiny = 1e-17;

    // B(2k) / (2k)! for the tail of Hurwitz's zeta function (DLMF 25.11.43).
    private static readonly double[] Bernoulli =
    [
        1.0 / 12, -1.0 / 720, 1.0 / 30240, -1.0 / 1209600, 1.0 / 47900160, -691.0 / 1307674368000, 1.0 / 74724249600, -3617.0 / 10670622842880000,
    ];

    /// <summary>log |gamma(x)|; infinite at 0 and the negative integers.</summary>
    public static double LogGamma(double x) =>
        double.IsNaN(x) ? x
        : double.IsInfinity(x) ? double.PositiveInfinity
        : x <= 0 && x == Math.Floor(x) ? double.PositiveInfinity
        : x < 0.5 ? Math.Log(Math.PI / Math.Abs(Math.Sin(Math.PI * x))) - Reference.GammaLn(1 - x)
        : Reference.GammaLn(x);

    /// <summary>The derivative of log gamma; NaN at 0 and the negative integers.</summary>
    public static double Digamma(double x)
    {
        if (x == 0)
        {
            return double.NaN;
        }

        if (double.IsInfinity(x))
        {
            return x > 0 ? x : double.NaN;
        }

        if (x < 0)
        {
            return x == Math.Floor(x) ? double.NaN : Digamma(1 - x) - (Math.PI / Math.Tan(Math.PI * x));
        }

        var sum = 0.0;
        for (; x < 10; x++)
        {
            sum -= 1 / x;
        }

        var y = 1 / (x * x);
        return sum + Math.Log(x) - (0.5 / x)
            - (y * ((1.0 / 12) - (y * ((1.0 / 120) - (y * ((1.0 / 252) - (y * ((1.0 / 240) - (y * ((1.0 / 132) - (y * (691.0 / 32760 - (y / 12)))))))))))));
    }

    /// <summary>Hurwitz's zeta: the sum of (k + q)^-x over k from 0.</summary>
    public static double Zeta(double x, double q)
    {
        if (x == 1)
        {
            return double.PositiveInfinity;
        }

        if (double.IsNaN(x) || double.IsNaN(q) || x < 1)
        {
            return double.NaN;
        }

        if (q <= 0)
        {
            if (q == Math.Floor(q))
            {
                return x == Math.Floor(x) && x % 2 == 0 ? double.PositiveInfinity : double.NaN;
            }

            if (x != Math.Floor(x))
            {
                return double.NaN;
            }
        }

        var sum = 0.0;
        var count = 0;
        for (; count < 12 || q <= 9; count++, q++)
        {
            sum += Math.Pow(q, -x);
        }

        sum += Math.Pow(q, 1 - x) / (x - 1);
        sum += 0.5 * Math.Pow(q, -x);
        var rising = x;
        var power = Math.Pow(q, -x - 1);
        for (var k = 0; k < Bernoulli.Length; k++)
        {
            sum += Bernoulli[k] * rising * power;
            rising *= (x + (2 * k) + 1) * (x + (2 * k) + 2);
            power /= q * q;
        }

        return sum;
    }

    /// <summary>The n-th derivative of digamma at x.</summary>
    public static double Polygamma(double n, double x) =>
        n == 0 ? Digamma(x)
        : n < 0 || n != Math.Floor(n) ? double.NaN
        : (n % 2 == 0 ? -1 : 1) * Math.Exp(LogGamma(n + 1)) * Zeta(n + 1, x);

    /// <summary>The lower regularised incomplete gamma function.</summary>
    public static double LowerGamma(double a, double x) =>
        double.IsNaN(a) || double.IsNaN(x) || x < 0 || a <= 0 ? double.NaN
        : double.IsInfinity(x) ? 1
        : Reference.GammaLowerRegularized(a, x);

    /// <summary>The upper regularised incomplete gamma function.</summary>
    public static double UpperGamma(double a, double x) =>
        double.IsNaN(a) || double.IsNaN(x) || x < 0 || a <= 0 ? double.NaN
        : double.IsInfinity(x) ? 0
        : Reference.GammaUpperRegularized(a, x);

    public static double InverseErf(double y) =>
        double.IsNaN(y) || Math.Abs(y) > 1 ? double.NaN : y == 1 ? double.PositiveInfinity : y == -1 ? double.NegativeInfinity : Reference.ErfInv(y);

    /// <summary>The point below which a standard normal variable lies with probability p.</summary>
    public static double NormalQuantile(double p) =>
        double.IsNaN(p) || p is < 0 or > 1 ? double.NaN : p == 0 ? double.NegativeInfinity : p == 1 ? double.PositiveInfinity
        : -Math.Sqrt(2) * (p < 0.5 ? Reference.ErfcInv(2 * p) : -Reference.ErfcInv(2 * (1 - p)));

    public static double BesselI0(double x) => Math.Exp(Math.Abs(x)) * BesselI0Scaled(x);

    public static double BesselI1(double x) => double.IsInfinity(x) ? double.NaN : Math.Exp(Math.Abs(x)) * BesselI1Scaled(x);

    /// <summary>exp(-|x|) I0(x).</summary>
    public static double BesselI0Scaled(double x) => BesselScaled(0, x);

    /// <summary>exp(-|x|) I1(x).</summary>
    public static double BesselI1Scaled(double x) => double.IsNegative(x) ? -BesselScaled(1, x) : BesselScaled(1, x);

    /// <summary>Dawson's integral: exp(-x^2) times the integral of exp(t^2) from 0 to x (Rybicki's method).</summary>
    public static double Dawson(double x)
    {
        if (double.IsNaN(x) || double.IsInfinity(x))
        {
            return double.IsNaN(x) ? x : 0;
        }

        var ax = Math.Abs(x);
        if (ax < 0.2)
        {
            var (term, sum) = (x, x);
            for (var n = 1; n < 20; n++)
            {
                term *= -2 * x * x / ((2 * n) + 1);
                sum += term;
            }

            return sum;
        }

        if (ax > 50)
        {
            var y = 1 / (2 * x * x);
            return (1 + (y * (1 + (3 * y * (1 + (5 * y)))))) / (2 * x);
        }

        const double h = 0.2;
        var n0 = 2 * (int)Math.Round(0.5 * ax / h);
        var rest = ax - (n0 * h);
        var total = 0.0;
        for (var i = -61; i <= 61; i += 2)
        {
            var d = rest - (i * h);
            total += Math.Exp(-d * d) / (n0 + i);
        }

        return Math.Sign(x) * total / Math.Sqrt(Math.PI);
    }

    /// <summary>Ei(x): the principal value of the integral of exp(t) / t from minus infinity to x; NaN below 0 as in TensorFlow.</summary>
    public static double ExponentialIntegral(double x)
    {
        if (double.IsNaN(x) || x < 0)
        {
            return double.NaN;
        }

        if (x == 0 || double.IsInfinity(x))
        {
            return x == 0 ? double.NegativeInfinity : double.NaN;
        }

        var term = 1.0;
        if (x > 40)
        {
            var sum = 1.0;
            for (var n = 1; n < 60; n++)
            {
                var next = term * n / x;
                if (next >= term)
                {
                    break;
                }

                sum += term = next;
            }

            return Math.Exp(x) / x * sum;
        }

        var series = MathNet.Numerics.Constants.EulerMascheroni + Math.Log(x);
        for (var n = 1; n < 500; n++)
        {
            term *= x / n;
            series += term / n;
            if (term / n < Tiny * Math.Abs(series))
            {
                break;
            }
        }

        return series;
    }

    /// <summary>Fresnel's integrals of cos and sin of (pi / 2) t^2 from 0 to x.</summary>
    public static (double Cosine, double Sine) Fresnel(double x)
    {
        if (double.IsNaN(x))
        {
            return (x, x);
        }

        var ax = Math.Abs(x);
        if (ax > 1e5)
        {
            return (Math.Sign(x) * 0.5, Math.Sign(x) * 0.5);
        }

        double c, s;
        if (ax < 4)
        {
            // The sum over n of (i pi x^2 / 2)^n / (n! (2n + 1)) x.
            var t = Math.PI / 2 * ax * ax;
            var term = ax;
            (c, s) = (term, 0.0);
            for (var n = 1; n < 200; n++)
            {
                term *= t / n;
                var part = term / ((2 * n) + 1);
                switch (n % 4)
                {
                    case 0: c += part; break;
                    case 1: s += part; break;
                    case 2: c -= part; break;
                    default: s -= part; break;
                }

                if (part < Tiny)
                {
                    break;
                }
            }
        }
        else
        {
            // Auxiliary functions f and g (DLMF 7.12).
            var z = Math.PI * ax * ax;
            var (f, g) = (1.0, 1.0);
            var (tf, tg) = (1.0, 1.0);
            for (var m = 1; m < 12; m++)
            {
                tf *= -((4.0 * m) - 1) * ((4 * m) - 3) / (z * z);
                tg *= -((4.0 * m) + 1) * ((4 * m) - 1) / (z * z);
                f += tf;
                g += tg;
            }

            f /= Math.PI * ax;
            g /= Math.PI * Math.PI * ax * ax * ax;
            var (sin, cos) = Math.SinCos(z / 2);
            (c, s) = (0.5 + (f * sin) - (g * cos), 0.5 - (f * cos) - (g * sin));
        }

        return (Math.Sign(x) * c, Math.Sign(x) * s);
    }

    /// <summary>Spence's function: minus the integral of log(t) / (t - 1) from 1 to x.</summary>
    public static double Spence(double x)
    {
        if (double.IsNaN(x) || x < 0)
        {
            return double.NaN;
        }

        if (x == 0)
        {
            return Math.PI * Math.PI / 6;
        }

        if (double.IsInfinity(x))
        {
            return double.NaN;
        }

        if (x > 2)
        {
            var log = Math.Log(x);
            return -Spence(1 / x) - (0.5 * log * log);
        }

        if (x < 0.5)
        {
            return (Math.PI * Math.PI / 6) - (Math.Log(x) * Math.Log(1 - x)) - Spence(1 - x);
        }

        if (x > 1.5)
        {
            var log = Math.Log(x);
            return -Spence(1 / x) - (0.5 * log * log);
        }

        // The dilogarithm's series at 1 - x.
        var z = 1 - x;
        var (power, sum) = (1.0, 0.0);
        for (var k = 1; k < 200; k++)
        {
            power *= z;
            sum += power / ((double)k * k);
            if (Math.Abs(power) < Tiny)
            {
                break;
            }
        }

        return sum;
    }

    private static double BesselScaled(int order, double x)
    {
        var ax = Math.Abs(x);
        if (double.IsNaN(x))
        {
            return x;
        }

        if (double.IsInfinity(x))
        {
            return 0;
        }

        if (ax < 30)
        {
            var t = ax * ax / 4;
            var term = order == 0 ? 1.0 : ax / 2;
            var sum = term;
            for (var k = 1; k < 300; k++)
            {
                term *= t / (k * (double)(k + order));
                sum += term;
                if (term < Tiny * sum)
                {
                    break;
                }
            }

            return sum * Math.Exp(-ax);
        }

        var mu = 4.0 * order * order;
        var (next, total) = (1.0, 1.0);
        for (var k = 1; k < 25; k++)
        {
            var odd = (2 * k) - 1;
            next *= -(mu - ((double)odd * odd)) / (k * 8 * ax);
            total += next;
        }

        return total / Math.Sqrt(2 * Math.PI * ax);
    }
}
