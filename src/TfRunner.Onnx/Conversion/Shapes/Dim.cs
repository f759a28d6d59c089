using System.Globalization;

namespace TfRunner.Onnx.Conversion.Shapes;

/// <summary>
/// A dimension: a number, or a polynomial with whole coefficients over symbols such as the batch size. Two dimensions that
/// are equal polynomials are equal in every call; what cannot be written so gets a symbol of its own.
/// </summary>
internal sealed class Dim : IEquatable<Dim>
{
    private static int counter;

    private readonly (string Symbols, long Factor)[] terms;
    private readonly string text;

    private Dim(IEnumerable<KeyValuePair<string, long>> terms)
    {
        this.terms = [.. terms.Where(static t => t.Value != 0).OrderBy(static t => t.Key, StringComparer.Ordinal).Select(static t => (t.Key, t.Value))];
        text = Format(this.terms);
    }

    /// <summary>Whether it is a number.</summary>
    public bool IsConstant => terms.Length == 0 || (terms.Length == 1 && terms[0].Symbols.Length == 0);

    /// <summary>The number; only for constants.</summary>
    public long Value => terms.Length == 0 ? 0 : IsConstant ? terms[0].Factor : throw new InvalidOperationException($"{this} is not a number.");

    /// <summary>Whether it is one symbol alone.</summary>
    public bool IsSymbol => terms.Length == 1 && terms[0].Factor == 1 && terms[0].Symbols.Length > 0 && !terms[0].Symbols.Contains('*', StringComparison.Ordinal);

    public static implicit operator Dim(long value) => Of(value);

    public static Dim operator +(Dim a, Dim b) => Combine(a, b, 1);

    public static Dim operator -(Dim a, Dim b) => Combine(a, b, -1);

    public static Dim operator *(Dim a, Dim b)
    {
        var sum = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (s, f) in a.terms)
        {
            foreach (var (t, g) in b.terms)
            {
                var key = Merge(s, t);
                sum[key] = sum.GetValueOrDefault(key) + (f * g);
            }
        }

        return new(sum);
    }

    public static bool operator ==(Dim? a, Dim? b) => a is null ? b is null : a.Equals(b);

    public static bool operator !=(Dim? a, Dim? b) => !(a == b);

    public static Dim Of(long value) => new([new(string.Empty, value)]);

    /// <summary>A named symbol; the same name is the same dimension.</summary>
    /// <param name="name">Letters, digits and underscores.</param>
    /// <returns>The dimension.</returns>
    public static Dim Symbol(string name) => new([new(name, 1)]);

    /// <summary>A dimension of which nothing is known.</summary>
    /// <returns>A symbol that no other dimension has.</returns>
    public static Dim Unknown() => Symbol(string.Create(CultureInfo.InvariantCulture, $"unk_{Interlocked.Increment(ref counter)}"));

    /// <summary>Divides where the result is a polynomial again.</summary>
    /// <param name="divisor">Not zero.</param>
    /// <returns>The quotient; null where it is not exact for certain.</returns>
    public Dim? DivideExactly(Dim divisor)
    {
        if (divisor.terms.Length != 1)
        {
            return divisor.terms.Length > 0 && Equals(divisor) ? Of(1) : null;
        }

        var (symbols, factor) = divisor.terms[0];
        var quotient = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (s, f) in terms)
        {
            if (f % factor != 0 || Without(s, symbols) is not { } rest)
            {
                return null;
            }

            quotient[rest] = f / factor;
        }

        return new(quotient);
    }

    /// <summary>Divides, rounding down. The same operands give the same dimension.</summary>
    /// <param name="divisor">More than zero.</param>
    /// <returns>The quotient.</returns>
    public Dim FloorDivide(Dim divisor)
    {
        if (IsConstant && divisor.IsConstant && divisor.Value != 0)
        {
            return Of((long)Math.Floor((decimal)Value / divisor.Value));
        }

        return DivideExactly(divisor) ?? Symbol($"floor({text})/({divisor.text})".Replace('*', '.'));
    }

    public bool Equals(Dim? other) => other is not null && text == other.text;

    public override bool Equals(object? obj) => Equals(obj as Dim);

    public override int GetHashCode() => text.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => text;

    private static Dim Combine(Dim a, Dim b, long sign)
    {
        var sum = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (s, f) in a.terms)
        {
            sum[s] = f;
        }

        foreach (var (s, f) in b.terms)
        {
            sum[s] = sum.GetValueOrDefault(s) + (sign * f);
        }

        return new(sum);
    }

    private static string Merge(string a, string b)
    {
        if (a.Length == 0 || b.Length == 0)
        {
            return a + b;
        }

        var symbols = a.Split('*').Concat(b.Split('*')).Order(StringComparer.Ordinal);
        return string.Join('*', symbols);
    }

    private static string? Without(string symbols, string divisor)
    {
        if (divisor.Length == 0)
        {
            return symbols;
        }

        var rest = symbols.Length == 0 ? [] : symbols.Split('*').ToList();
        foreach (var symbol in divisor.Split('*'))
        {
            if (!rest.Remove(symbol))
            {
                return null;
            }
        }

        return string.Join('*', rest);
    }

    private static string Format((string Symbols, long Factor)[] terms)
    {
        if (terms.Length == 0)
        {
            return "0";
        }

        var parts = terms.Select(static t => t.Symbols.Length == 0
            ? t.Factor.ToString(CultureInfo.InvariantCulture)
            : t.Factor == 1 ? t.Symbols : string.Create(CultureInfo.InvariantCulture, $"{t.Factor}*{t.Symbols}"));
        return string.Join('+', parts);
    }
}
