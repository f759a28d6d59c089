using System.Globalization;
using System.Text;
using CsCheck;
using TfRunner.Data.Formats.Csv;

namespace TfRunner.Data.Tests.Formats.Csv;

/// <summary>What the quick reader of numbers takes, it reads as .NET does; the rest it leaves alone.</summary>
public sealed class DecimalNumberTests
{
    private static readonly Gen<string> Digits = Gen.String[Gen.Char['0', '9'], 0, 22];

    private static readonly Gen<string> Numbers =
        Gen.Select(OneOf(string.Empty, "-"), Digits, OneOf(string.Empty, "."), Digits, OneOf(string.Empty, "e", "E-", "e+"), Gen.Int[0, 60], static (sign, whole, point, part, e, power) =>
            sign + whole + (point.Length == 0 ? string.Empty : point + part) + (e.Length == 0 ? string.Empty : e + power.ToString(CultureInfo.InvariantCulture)));

    private static readonly Gen<string> Texts = Gen.Frequency(
        (6, Numbers),
        (3, Gen.Single.Select(static v => v.ToString("R", CultureInfo.InvariantCulture))),
        (3, Gen.Double.Select(static v => v.ToString("R", CultureInfo.InvariantCulture))),
        (1, Gen.Long.Select(static v => v.ToString(CultureInfo.InvariantCulture))),
        (1, Gen.String[OneOf('1', '.', '-', '+', 'e', ',', ' ', 'n'), 0, 6]));

    [Fact]
    public void Float32_is_rounded_as_dotnet_rounds_it() => Texts.Sample(
        static text =>
        {
            var length = DecimalNumber.TryRead(Encoding.UTF8.GetBytes(text), out float value);
            if (length > 0)
            {
                Assert.Equal(BitConverter.SingleToInt32Bits(float.Parse(text[..length], CultureInfo.InvariantCulture)), BitConverter.SingleToInt32Bits(value));
            }
        },
        iter: 200_000);

    [Fact]
    public void Float64_is_rounded_as_dotnet_rounds_it() => Texts.Sample(
        static text =>
        {
            var length = DecimalNumber.TryRead(Encoding.UTF8.GetBytes(text), out double value);
            if (length > 0)
            {
                Assert.Equal(BitConverter.DoubleToInt64Bits(double.Parse(text[..length], CultureInfo.InvariantCulture)), BitConverter.DoubleToInt64Bits(value));
            }
        },
        iter: 200_000);

    [Fact]
    public void Whole_numbers_are_those_of_dotnet() => Texts.Sample(
        static text =>
        {
            var length = DecimalNumber.TryRead(Encoding.UTF8.GetBytes(text), out long value);
            if (length > 0)
            {
                Assert.Equal(long.Parse(text[..length], CultureInfo.InvariantCulture), value);
            }
        },
        iter: 100_000);

    [Theory]
    [InlineData("0.1")]
    [InlineData("-12.5e-3")]
    [InlineData("1234567")]
    [InlineData("16777217")]
    public void Usual_numbers_are_taken_whole(string text)
    {
        Assert.Equal(text.Length, DecimalNumber.TryRead(Encoding.UTF8.GetBytes(text), out double _));
        Assert.Equal(text.Length, DecimalNumber.TryRead(Encoding.UTF8.GetBytes(text + ",7"), out double _));
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
