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
        var all = new OutputDifference(0, 0, null, null);
        for (var i = 0; i < baseline.Count; i++)
        {
            var one = Between(signature.Outputs[i].Name, actual[i], baseline[i], rtol, atol);
            all = new(
                Math.Max(all.MaxAbsolute, one.MaxAbsolute),
                Math.Max(all.MaxRelative, one.MaxRelative),
                one.Output is not null && (all.Output is null || one.MaxAbsolute > all.MaxAbsolute) ? one.Output : all.Output,
                all.Mismatch ?? (one.Mismatch is null ? null : $"output '{one.Output}' {one.Mismatch}"));
        }

        return all;
    }

    /// <summary>Compares two tensors by the same rule.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="a">The tensor.</param>
    /// <param name="b">What to compare with.</param>
    /// <param name="rtol">The relative tolerance.</param>
    /// <param name="atol">The absolute tolerance.</param>
    /// <returns>The difference; what differs is said without the name.</returns>
    public static OutputDifference Between(string name, TensorValue a, TensorValue b, double rtol, double atol)
    {
        if (a.DType != b.DType || !a.Dimensions.SequenceEqual(b.Dimensions))
        {
            return new(double.PositiveInfinity, double.PositiveInfinity, name, $"is {a}, not {b}");
        }

        if (a.IsString)
        {
            var at = Array.FindIndex(a.Strings.Zip(b.Strings).ToArray(), static p => !p.First.AsSpan().SequenceEqual(p.Second));
            return at < 0 ? new(0, 0, null, null) : new(double.PositiveInfinity, 0, name, FormattableString.Invariant($"differs at element {at}"));
        }

        var (absolute, relative, worst, mismatch) = (0d, 0d, (string?)null, (string?)null);
        for (long e = 0; e < a.Length; e++)
        {
            var (x, y) = (TensorElements.Read(a, e), TensorElements.Read(b, e));
            if (x.Equals(y))
            {
                continue;
            }

            var difference = Distance(x, y);
            var size = System.Numerics.Complex.Abs(y);
            absolute = Math.Max(absolute, difference);
            worst = name;
            relative = size > atol ? Math.Max(relative, difference / size) : relative;
            var tolerance = b.DType.IsFloating() || b.DType is DType.Complex64 or DType.Complex128 ? atol + (rtol * size) : 0;
            if (!double.IsFinite(difference) || difference > tolerance)
            {
                mismatch ??= FormattableString.Invariant($"differs at element {e}: {Show(x)}, not {Show(y)}");
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
