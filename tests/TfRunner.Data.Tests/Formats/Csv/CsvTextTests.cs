using System.Text;
using CsCheck;
using TfRunner.Data.Formats;
using TfRunner.Data.Formats.Csv;

namespace TfRunner.Data.Tests.Formats.Csv;

/// <summary>Any text in any field comes back, however blocks and pipes cut the file.</summary>
public sealed class CsvTextTests
{
    private static readonly TensorSpec[] Inputs =
    [
        new("a", DType.String, TensorShape.Of(-1), string.Empty),
        new("b", DType.String, TensorShape.Of(-1), string.Empty),
    ];

    private static readonly Gen<string> Field = Gen.String[OneOf('x', 'é', ' ', ',', '"', '\n', '\r', ';', '7'), 0, 8];

    [Fact]
    public void Quoted_fields_come_back_whatever_they_hold() =>
        Gen.Select(Field.Array[2].Array[1, 40], OneOf("\n", "\r\n"), Gen.Int[1, 7], Gen.Int[1, 9]).Sample(
            static (rows, end, piece, batch) =>
            {
                var text = "a,b" + end + string.Concat(rows.Select(r => string.Join(',', r.Select(Quote)) + end));
                using var source = CsvRowSource.Open(new SlowStream(Encoding.UTF8.GetBytes(text), piece), "test.csv", Inputs, ',');
                var read = new List<string[]>();
                while (source.Read(batch) is { } chunk)
                {
                    for (var i = 0; i < chunk[0].Dimensions[0]; i++)
                    {
                        read.Add([Encoding.UTF8.GetString(chunk[0].Strings[i]), Encoding.UTF8.GetString(chunk[1].Strings[i])]);
                    }
                }

                Assert.Equal(rows, read);
            },
            iter: 300);

    [Theory]
    [InlineData("a,b\nx,\n", "x", "none")]
    [InlineData("a,b\n,y\n", "none", "y")]
    [InlineData("a\nx\n", "x", "none")]
    public void A_default_stands_in_for_what_is_missing(string text, string a, string b)
    {
        var defaults = new ColumnDefaults(new Dictionary<string, string> { ["a"] = "none", ["b"] = "none" });
        using var source = CsvRowSource.Open(new MemoryStream(Encoding.UTF8.GetBytes(text)), "test.csv", Inputs, ',', defaults);
        var chunk = source.Read(5)!;
        Assert.Equal([a, b], chunk.Select(static c => Encoding.UTF8.GetString(Assert.Single(c.Strings))));
    }

    [Fact]
    public void A_default_of_numbers_fills_every_element()
    {
        TensorSpec[] inputs = [new("x", DType.Float32, TensorShape.Of(-1, 2), string.Empty), new("n", DType.Int32, TensorShape.Of(-1, 3), string.Empty)];
        var defaults = new ColumnDefaults(new Dictionary<string, string> { ["x"] = "0.5", ["n"] = "7" });
        using var source = CsvRowSource.Open(new MemoryStream("x[0],x[1]\n1,\n,2\n"u8.ToArray()), "test.csv", inputs, ',', defaults);
        var chunk = source.Read(5)!;
        Assert.Equal([1f, 0.5f, 0.5f, 2f], chunk[0].AsSpan<float>().ToArray());
        Assert.Equal([7, 7, 7, 7, 7, 7], chunk[1].AsSpan<int>().ToArray());
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static string Quote(string field) => $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>Gives a few bytes at a time, as a pipe may.</summary>
    private sealed class SlowStream(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(piece, buffer.Length)]);

        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(piece, count));
    }
}
