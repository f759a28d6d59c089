using System.Text;
using TfRunner.Onnx.Host.Arrays;

namespace TfRunner.Onnx.Host.Kernels.Text;

/// <summary>Strings: case, patterns, splitting and joining.</summary>
internal sealed class TextKernels : IHostKernelFamily
{
    /// <inheritdoc/>
    public void Register(HostRegistry registry)
    {
        registry.Add(static call => Map(call, ChangeCase(call, static r => Rune.ToLowerInvariant(r), LetterCase.ToLower)), "StringLower");
        registry.Add(static call => Map(call, ChangeCase(call, static r => Rune.ToUpperInvariant(r), LetterCase.ToUpper)), "StringUpper");
        registry.Add(static call => Map(call, StringSpaces.Strip), "StringStrip");
        registry.Add(SplitV2, "StringSplitV2");
        registry.Add(Split, "StringSplit");
        registry.Add(Join, "StringJoin");
        registry.Add(ReduceJoin, "ReduceJoin");
        registry.Add(Length, "StringLength");
        registry.Add(static call => call.Output(TensorValue.FromStrings([File.ReadAllBytes(Encoding.UTF8.GetString(call.Tensor(0).Strings[0]))])), "ReadFile");
    }

    private static void Map(HostCall call, Func<byte[], byte[]> function)
    {
        var x = call.Tensor(0);
        call.Output(TensorValue.FromStrings(Array.ConvertAll(x.Strings, s => function(s)), x.Dimensions));
    }

    /// <summary>StringLower, StringUpper: ASCII letters only unless encoding is utf-8, then every letter by Unicode's full mapping.</summary>
    private static Func<byte[], byte[]> ChangeCase(HostCall call, Func<Rune, Rune> ascii, Func<string, string> full) =>
        call.Attributes.Text("encoding") == "utf-8"
            ? bytes => Encoding.UTF8.GetBytes(full(Encoding.UTF8.GetString(bytes)))
            : bytes => Array.ConvertAll(bytes, b => b < 0x80 ? (byte)ascii(new Rune(b)).Value : b);

    /// <summary>StringSplitV2: by a separator, or by runs of white space when it is empty, which drops empty pieces.</summary>
    private static void SplitV2(HostCall call)
    {
        var separator = call.Tensor(1).Strings[0];
        var limit = call.Attributes.Int("maxsplit", -1);
        SparseRows(call, s => StringPieces.Split(s, separator, limit));
    }

    /// <summary>StringSplit: by any byte of the delimiter (every byte apart when it is empty).</summary>
    private static void Split(HostCall call)
    {
        var delimiters = call.Tensor(1).Strings[0];
        var skipsEmpty = call.Attributes.Bool("skip_empty", true);
        SparseRows(call, s => StringPieces.SplitAny(s, delimiters, skipsEmpty));
    }

    /// <summary>Pieces as a sparse matrix: indices, values, shape.</summary>
    private static void SparseRows(HostCall call, Func<byte[], IEnumerable<byte[]>> split)
    {
        var rows = call.Tensor(0).Strings;
        var indices = new List<long>();
        var values = new List<byte[]>();
        var widest = 0L;
        for (var row = 0; row < rows.Length; row++)
        {
            var column = 0L;
            foreach (var piece in split(rows[row]))
            {
                indices.Add(row);
                indices.Add(column++);
                values.Add(piece);
            }

            widest = Math.Max(widest, column);
        }

        call.Output(0, TensorValue.From([.. indices], values.Count, 2));
        call.Output(1, TensorValue.FromStrings([.. values], values.Count));
        call.Output(2, TensorValue.From([rows.Length, widest], 2));
    }

    /// <summary>StringJoin: elementwise with a separator; scalars are repeated.</summary>
    private static void Join(HostCall call)
    {
        var inputs = Enumerable.Range(0, call.InputCount).Select(call.Tensor).ToList();
        var shaped = inputs.Find(static t => t.Rank > 0) ?? inputs[0];
        var separator = call.Attributes.Bytes("separator");
        var result = new byte[shaped.Length][];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = StringPieces.Join(inputs.Select(t => t.Strings[t.Rank == 0 ? 0 : i]), separator);
        }

        call.Output(TensorValue.FromStrings(result, shaped.Dimensions));
    }

    /// <summary>ReduceJoin: joins along one axis after the other, so that the first axis given varies fastest.</summary>
    private static void ReduceJoin(HostCall call)
    {
        var x = call.Tensor(0);
        var axes = Array.ConvertAll(call.Ints(1), a => a < 0 ? a + x.Rank : a);
        var keep = call.Attributes.Bool("keep_dims");
        var separator = call.Attributes.Bytes("separator");
        var others = Enumerable.Range(0, x.Rank).Select(static i => (long)i).Where(i => !axes.Contains(i)).ToArray();
        using var moved = ArrayMovement.Transpose(x, [.. others, .. axes.Reverse()]);
        var run = axes.Aggregate(1L, (n, a) => n * x.Dimensions[(int)a]);
        var dims = x.Dimensions.ToArray().Select((d, i) => axes.Contains(i) ? 1 : d).Where((_, i) => keep || !axes.Contains(i)).ToArray();
        var result = new byte[Strides.Count(dims)][];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = StringPieces.Join(moved.Strings.Skip(checked((int)(i * run))).Take(checked((int)run)), separator);
        }

        call.Output(TensorValue.FromStrings(result, dims));
    }

    /// <summary>StringLength: in bytes, or in characters when unit is UTF8_CHAR.</summary>
    private static void Length(HostCall call)
    {
        var countsCharacters = call.Attributes.Text("unit", "BYTE") == "UTF8_CHAR";
        var x = call.Tensor(0);
        call.Output(TensorValue.From(Array.ConvertAll(x.Strings, s => countsCharacters ? s.Count(static b => (b & 0xC0) != 0x80) : s.Length), x.Dimensions));
    }
}
