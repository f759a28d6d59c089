using System.Globalization;
using System.Text;
using TfRunner.Onnx.Host.Arrays;
using TfRunner.Onnx.Host.Text;

namespace TfRunner.Onnx.Host.Kernels.Text;

/// <summary>Numbers to strings and back, raw bytes, Unicode, splitting.</summary>
internal sealed class TextConversionKernels : IHostKernelFamily
{
    /// <inheritdoc/>
    public void Register(HostRegistry registry)
    {
        registry.Add(AsString, "AsString");
        registry.Add(ToNumber, "StringToNumber");
        registry.Add(static call => DecodeRaw(call, null), "DecodeRaw");
        registry.Add(static call => DecodeRaw(call, call.Ints(1)[0]), "DecodePaddedRaw");
        registry.Add(NGrams, "StringNGrams");
        registry.Add(static call => Decode(call, withOffsets: false), "UnicodeDecode");
        registry.Add(static call => Decode(call, withOffsets: true), "UnicodeDecodeWithOffsets");
        registry.Add(Encode, "UnicodeEncode");
        registry.Add(Transcode, "UnicodeTranscode");
    }

    /// <summary>AsString: printf by dtype (%d, %f, %e, %g) with width, fill and precision.</summary>
    private static void AsString(HostCall call)
    {
        var x = call.Tensor(0);
        var precision = (int)call.Attributes.Int("precision", -1);
        var width = (int)call.Attributes.Int("width", -1);
        var fill = call.Attributes.Text("fill");
        var (isScientific, isShortest) = (call.Attributes.Bool("scientific"), call.Attributes.Bool("shortest"));
        var result = new string[x.Length];
        var isFloat = x.DType is DType.Float32 or DType.Float64 or DType.Float16 or DType.BFloat16;
        var numbers = isFloat ? ArrayCast.ToDoubles(x) : [];
        for (var i = 0; i < result.Length; i++)
        {
            var text = !isFloat ? TensorText.Element(x, i)
                : !double.IsFinite(numbers[i]) ? TensorText.General(numbers[i])
                : isScientific ? TensorText.Scientific(numbers[i], precision < 0 ? 6 : precision)
                : isShortest ? TensorText.General(numbers[i], precision < 0 ? 6 : Math.Max(1, precision))
                : numbers[i].ToString("F" + (precision < 0 ? 6 : precision).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
            if (width > text.Length)
            {
                text = fill switch
                {
                    "0" when text[0] is '-' or '+' => text[0] + text[1..].PadLeft(width - 1, '0'),
                    "0" => text.PadLeft(width, '0'),
                    "-" => text.PadRight(width),
                    _ => text.PadLeft(width),
                };
            }

            result[i] = text;
        }

        call.Output(TensorValue.FromStrings(result, x.Dimensions));
    }

    private static void ToNumber(HostCall call)
    {
        var x = call.Tensor(0);
        var dtype = call.OutputType();
        TfRunnerException Bad(string text) => call.Node.Error(ErrorCode.InvalidArgument, $"StringToNumberOp could not correctly convert string: {text}");
        if (dtype is DType.Int32 or DType.Int64 or DType.UInt32 or DType.UInt64)
        {
            var whole = Array.ConvertAll(x.Strings, s =>
            {
                var text = Encoding.Latin1.GetString(s).Trim();
                return decimal.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var v) && Fits(v, dtype) ? v : throw Bad(text);
            });
            using var longs = TensorValue.From(Array.ConvertAll(whole, static v => v > long.MaxValue ? unchecked((long)(ulong)v) : (long)v), x.Dimensions);
            call.Output(ArrayCast.Cast(longs, dtype));
            return;
        }

        using var doubles = TensorValue.From(Array.ConvertAll(x.Strings, s => Real(Encoding.Latin1.GetString(s).Trim(), dtype, Bad)), x.Dimensions);
        call.Output(ArrayCast.Cast(doubles, dtype));
    }

    private static bool Fits(decimal v, DType dtype) => dtype switch
    {
        DType.Int32 => v is >= int.MinValue and <= int.MaxValue,
        DType.Int64 => v is >= long.MinValue and <= long.MaxValue,
        DType.UInt32 => v is >= 0 and <= uint.MaxValue,
        _ => v is >= 0 and <= ulong.MaxValue,
    };

    private static double Real(string text, DType dtype, Func<string, Exception> bad)
    {
        switch (text.TrimStart('-', '+').ToLowerInvariant())
        {
            case "inf" or "infinity": return text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
            case "nan": return double.NaN;
            default: break;
        }

        const NumberStyles styles = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return dtype == DType.Float32
            ? float.TryParse(text, styles, CultureInfo.InvariantCulture, out var f) ? f : throw bad(text)
            : double.TryParse(text, styles, CultureInfo.InvariantCulture, out var d) ? d : throw bad(text);
    }

    /// <summary>DecodeRaw: strings of equal length as elements of a dtype along a new axis; DecodePaddedRaw cuts or pads with zeros.</summary>
    private static void DecodeRaw(HostCall call, long? fixedLength)
    {
        var x = call.Tensor(0);
        var dtype = call.OutputType();
        var size = dtype.ElementSize();
        var length = fixedLength ?? x.Strings.FirstOrDefault()?.Length ?? 0;
        if (length % size != 0 || (fixedLength is null && x.Strings.Any(s => s.Length != length)))
        {
            throw call.Node.Error(ErrorCode.InvalidArgument, FormattableString.Invariant($"its inputs are not all of one length that is a multiple of {size}"));
        }

        var result = TensorValue.Zeros(dtype, [.. x.Dimensions, length / size]);
        var isSwapped = !call.Attributes.Bool("little_endian", true) && size > 1;
        for (var i = 0; i < x.Strings.Length; i++)
        {
            var target = result.Bytes.Slice((int)(i * length), (int)length);
            x.Strings[i].AsSpan(0, (int)Math.Min(length, x.Strings[i].Length)).CopyTo(target);
            for (var at = 0; isSwapped && at < length; at += size)
            {
                target.Slice(at, size).Reverse();
            }
        }

        call.Output(result);
    }

    /// <summary>StringNGrams over ragged rows; pads as tf.strings.ngrams does.</summary>
    private static void NGrams(HostCall call)
    {
        var data = call.Tensor(0).Strings;
        var splits = call.Ints(1);
        var attributes = call.Attributes;
        var separator = attributes.Bytes("separator");
        var (left, right) = (attributes.Bytes("left_pad"), attributes.Bytes("right_pad"));
        var padWidth = attributes.Int("pad_width");
        var result = new List<byte[]>();
        var ends = new List<long> { 0 };
        for (var row = 0; row + 1 < splits.Length; row++)
        {
            var tokens = data[(int)splits[row]..(int)splits[row + 1]];
            var made = 0;
            foreach (var n in attributes.Ints("ngram_widths"))
            {
                var pad = (int)(padWidth >= 0 ? Math.Min(padWidth, n - 1) : n - 1);
                byte[][] padded = [.. Enumerable.Repeat(left, pad), .. tokens, .. Enumerable.Repeat(right, pad)];
                for (var i = 0; i + n <= padded.Length; i++, made++)
                {
                    result.Add(JoinRange(padded.AsSpan(i, (int)n), separator));
                }
            }

            if (made == 0 && attributes.Bool("preserve_short_sequences") && tokens.Length > 0)
            {
                var pad = (int)Math.Max(0, padWidth);
                result.Add(JoinRange([.. Enumerable.Repeat(left, pad), .. tokens, .. Enumerable.Repeat(right, pad)], separator));
            }

            ends.Add(result.Count);
        }

        call.Output(0, TensorValue.FromStrings(result.ToArray(), result.Count));
        using var wide = TensorValue.From(ends.ToArray(), ends.Count);
        call.Output(1, ArrayCast.Cast(wide, call.OutputType(1)));
    }

    private static byte[] JoinRange(ReadOnlySpan<byte[]> parts, byte[] separator)
    {
        var joined = new List<byte>();
        for (var i = 0; i < parts.Length; i++)
        {
            if (i > 0)
            {
                joined.AddRange(separator);
            }

            joined.AddRange(parts[i]);
        }

        return [.. joined];
    }

    /// <summary>Code points with the byte each starts at; what is not valid UTF-8 is replaced, left out or an error.</summary>
    private static List<(int Code, int Offset)> CodePoints(HostCall call, byte[] s)
    {
        if (call.Attributes.Text("input_encoding", "UTF-8") is var encoding && encoding != "UTF-8")
        {
            throw call.Node.Error(ErrorCode.Unimplemented, $"no decoder for {encoding}");
        }

        var errors = call.Attributes.Text("errors", "replace");
        var replacement = (int)call.Attributes.Int("replacement_char", 65533);
        var replacesControl = call.Attributes.Bool("replace_control_characters");
        var points = new List<(int, int)>();
        for (var at = 0; at < s.Length;)
        {
            var status = Rune.DecodeFromUtf8(s.AsSpan(at), out var rune, out var used);
            if (status == System.Buffers.OperationStatus.Done)
            {
                points.Add((replacesControl && rune.Value is < 32 or 127 ? replacement : rune.Value, at));
            }
            else if (errors == "strict")
            {
                throw call.Node.Error(ErrorCode.InvalidArgument, "Invalid formatting on input string");
            }
            else if (errors == "replace")
            {
                points.Add((replacement, at));
            }

            at += Math.Max(1, used);
        }

        return points;
    }

    private static void Decode(HostCall call, bool withOffsets)
    {
        var rows = call.Tensor(0).Strings.Select(s => CodePoints(call, s)).ToList();
        var ends = new List<long> { 0 };
        rows.ForEach(r => ends.Add(ends[^1] + r.Count));
        using var wide = TensorValue.From(ends.ToArray(), ends.Count);
        call.Output(0, ArrayCast.Cast(wide, call.OutputType()));
        call.Output(1, TensorValue.From(rows.SelectMany(static r => r.Select(static p => p.Code)).ToArray(), ends[^1]));
        if (withOffsets)
        {
            call.Output(2, TensorValue.From(rows.SelectMany(static r => r.Select(static p => (long)p.Offset)).ToArray(), ends[^1]));
        }
    }

    private static byte[] ToUtf(HostCall call, IEnumerable<int> codes)
    {
        var text = string.Concat(codes.Select(static c => Rune.IsValid(c) ? new Rune(c).ToString() : "\uFFFD"));
        return call.Attributes.Text("output_encoding", "UTF-8") switch
        {
            "UTF-8" => Encoding.UTF8.GetBytes(text),
            "UTF-16-BE" => Encoding.BigEndianUnicode.GetBytes(text),
            "UTF-32-BE" => new UTF32Encoding(bigEndian: true, byteOrderMark: false).GetBytes(text),
            var other => throw call.Node.Error(ErrorCode.Unimplemented, $"no encoder for {other}"),
        };
    }

    private static void Encode(HostCall call)
    {
        var codes = call.Tensor(0).AsSpan<int>().ToArray();
        var splits = call.Ints(1);
        var result = Enumerable.Range(0, splits.Length - 1).Select(i => ToUtf(call, codes[(int)splits[i]..(int)splits[i + 1]])).ToArray();
        call.Output(TensorValue.FromStrings(result, result.Length));
    }

    private static void Transcode(HostCall call)
    {
        var x = call.Tensor(0);
        call.Output(TensorValue.FromStrings(Array.ConvertAll(x.Strings, s => ToUtf(call, CodePoints(call, s).Select(static p => p.Code))), x.Dimensions));
    }
}
