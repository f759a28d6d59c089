namespace TfRunner.Diagnosis.Parity;

/// <summary>How far two calls' outputs are apart.</summary>
/// <param name="MaxAbsolute">The greatest difference of two elements; infinite where one is not finite and the other differs.</param>
/// <param name="MaxRelative">The greatest difference as a share of the baseline's element, over elements greater than the absolute tolerance.</param>
/// <param name="Output">The output that is furthest apart; null when all are equal.</param>
/// <param name="Mismatch">What differs beyond the tolerances, in one line; null when all agree.</param>
internal sealed record OutputDifference(double MaxAbsolute, double MaxRelative, string? Output, string? Mismatch)
{
    /// <summary>Compares outputs by the rule |a - b| &lt;= atol + rtol |b|; NaN equals NaN, everything but floats must be equal.</summary>
    /// <param name="signature">Names the outputs.</param>
    /// <param name="actual">One tensor per output.</param>
    /// <param name="baseline">What to compare with.</param>
    /// <param name="rtol">The relative tolerance.</param>
    /// <param name="atol">The absolute tolerance.</param>
    /// <returns>The difference.</returns>
    public static OutputDifference Between(
        Signature signature, IReadOnlyList<TensorValue> actual, IReadOnlyList<TensorValue> baseline, double rtol, double atol)
    {
        var (absolute, relative, worst, mismatch) = (0d, 0d, (string?)null, (string?)null);
        for (var i = 0; i < baseline.Count; i++)
        {
            var name = signature.Outputs[i].Name;
            var (a, b) = (actual[i], baseline[i]);
            if (a.DType != b.DType || !a.Dimensions.SequenceEqual(b.Dimensions))
            {
                (absolute, relative, worst) = (double.PositiveInfinity, double.PositiveInfinity, name);
                mismatch ??= $"output '{name}' is {a}, not {b}";
                continue;
            }

            if (a.IsString)
            {
                var at = Array.FindIndex(a.Strings.Zip(b.Strings).ToArray(), static p => !p.First.AsSpan().SequenceEqual(p.Second));
                mismatch ??= at < 0 ? null : FormattableString.Invariant($"output '{name}' differs at element {at}");
                worst ??= at < 0 ? null : name;
                absolute = at < 0 ? absolute : double.PositiveInfinity;
                continue;
            }

            for (long e = 0; e < a.Length; e++)
            {
                var (x, y) = (TensorElements.Read(a, e), TensorElements.Read(b, e));
                if (x.Equals(y))
                {
                    continue;
                }

                var difference = Distance(x, y);
                var size = System.Numerics.Complex.Abs(y);
                if (difference > absolute || worst is null)
                {
                    (absolute, worst) = (Math.Max(absolute, difference), name);
                }

                relative = size > atol ? Math.Max(relative, difference / size) : relative;
                var tolerance = b.DType.IsFloating() || b.DType is DType.Complex64 or DType.Complex128 ? atol + (rtol * size) : 0;
                if (!double.IsFinite(difference) || difference > tolerance)
                {
                    mismatch ??= FormattableString.Invariant($"output '{name}' differs at element {e}: {Show(x)}, not {Show(y)}");
                }
            }
        }

        return new(absolute, relative, worst, mismatch);
    }

    private static double Distance(System.Numerics.Complex x, System.Numerics.Complex y)
    {
        // Part by part, so that infinities and NaN in one part do not hide the other.
        var (real, imaginary) = (Apart(x.Real, y.Real), Apart(x.Imaginary, y.Imaginary));
        return imaginary == 0 ? real : Math.Sqrt((real * real) + (imaginary * imaginary));
    }

    private static double Apart(double x, double y) =>
        x.Equals(y) ? 0 : double.IsFinite(x) && double.IsFinite(y) ? Math.Abs(x - y) : double.PositiveInfinity;

    private static string Show(System.Numerics.Complex value) =>
        value.Imaginary == 0 ? FormattableString.Invariant($"{value.Real:g6}") : FormattableString.Invariant($"{value}");
}
