using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;
using Google.Protobuf;
using TfRunner.Graphs;
using TfRunner.Onnx.Host.Arrays;
using TfRunner.SavedModels.Protos;

namespace TfRunner.Onnx.Host.Kernels.Examples;

/// <summary>Records that are not tf.Example: CSV, serialised tensors, WAV sound.</summary>
internal sealed class RecordKernels : IHostKernelFamily
{
    /// <inheritdoc/>
    public void Register(HostRegistry registry)
    {
        registry.Add(Csv, "DecodeCSV");
        registry.Add(ParseTensor, "ParseTensor");
        registry.Add(SerializeTensor, "SerializeTensor");
        registry.Add(Wav, "DecodeWav");
        registry.Add(Spectrogram, "AudioSpectrogram");
        registry.Add(MelCepstrum.Run, "Mfcc");
    }

    /// <summary>DecodeCSV: a column per default; an empty field or na_value takes the default, which may be missing (empty).</summary>
    private static void Csv(HostCall call)
    {
        var records = call.Tensor(0);
        var delimiter = (byte)call.Attributes.Text("field_delim", ",")[0];
        var quotes = call.Attributes.Bool("use_quote_delim", true);
        var missing = call.Attributes.Bytes("na_value");
        var chosen = call.Attributes.Ints("select_cols");
        var columns = Enumerable.Range(0, call.OutputCount).Select(static _ => new List<byte[]>()).ToArray();
        for (var row = 0; row < records.Strings.Length; row++)
        {
            var fields = Fields(call, records.Strings[row], delimiter, quotes);
            var own = chosen.Length == 0 ? fields : [.. chosen.Where(c => c < fields.Count).Select(c => fields[(int)c])];
            if (own.Count != columns.Length)
            {
                throw call.Invalid(FormattableString.Invariant($"Expect {columns.Length} fields but have {own.Count} in record {row}"));
            }

            for (var c = 0; c < columns.Length; c++)
            {
                var isMissing = own[c].Length == 0 || own[c].AsSpan().SequenceEqual(missing);
                if (isMissing && call.Tensor(c + 1).Length == 0)
                {
                    throw call.Invalid(FormattableString.Invariant($"Field {c} is required but missing in record {row}!"));
                }

                columns[c].Add(isMissing ? [] : own[c]);
            }
        }

        for (var c = 0; c < columns.Length; c++)
        {
            var otherwise = call.Tensor(c + 1);
            if (call.OutputType(c) == DType.String)
            {
                var texts = columns[c].ConvertAll(f => f.Length == 0 && otherwise.Length > 0 ? otherwise.Strings[0] : f);
                call.Output(c, TensorValue.FromStrings([.. texts], records.Dimensions));
            }
            else if (call.OutputType(c).IsInteger())
            {
                var filler = otherwise.Length > 0 ? ArrayCast.ToLongs(otherwise)[0] : 0;
                call.Output(c, [.. columns[c].Select((f, row) => f.Length == 0 ? filler : Number<long>(call, f, c, row))], records.Dimensions);
            }
            else
            {
                var filler = otherwise.Length > 0 ? ArrayCast.ToDoubles(otherwise)[0] : 0;
                call.Output(c, [.. columns[c].Select((f, row) => f.Length == 0 ? filler : Number<double>(call, f, c, row))], records.Dimensions);
            }
        }
    }

    private static T Number<T>(HostCall call, byte[] field, int column, int row)
        where T : INumber<T> =>
        T.TryParse(Encoding.Latin1.GetString(field).Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var v)
            ? v
            : throw call.Invalid(FormattableString.Invariant($"Field {column} in record {row} is not a valid number: {Encoding.UTF8.GetString(field)}"));

    private static List<byte[]> Fields(HostCall call, byte[] record, byte delimiter, bool quotes)
    {
        var fields = new List<byte[]>();
        var at = 0;
        while (at <= record.Length)
        {
            var field = new List<byte>();
            if (quotes && at < record.Length && record[at] == '"')
            {
                for (at++; ; at++)
                {
                    if (at >= record.Length)
                    {
                        throw call.Invalid("Quoted field has to end with quote followed by delim or end");
                    }

                    if (record[at] != '"')
                    {
                        field.Add(record[at]);
                    }
                    else if (at + 1 < record.Length && record[at + 1] == '"')
                    {
                        field.Add(record[at++]);
                    }
                    else
                    {
                        at++;
                        break;
                    }
                }
            }
            else
            {
                for (; at < record.Length && record[at] != delimiter && record[at] is not ((byte)'\n' or (byte)'\r'); at++)
                {
                    field.Add(record[at]);
                }
            }

            fields.Add([.. field]);
            if (at >= record.Length || record[at] != delimiter)
            {
                break;
            }

            at++;
        }

        return fields;
    }

    private static void ParseTensor(HostCall call)
    {
        try
        {
            var tensor = TensorProtoDecoder.Decode(TensorProto.Parser.ParseFrom(call.Tensor(0).Strings[0]), $"node '{call.Node.Name}'");
            call.Output(tensor.DType == call.OutputType()
                ? tensor
                : throw call.Invalid($"Type mismatch between parsed tensor ({tensor.DType.Name()}) and dtype ({call.OutputType().Name()})"));
        }
        catch (InvalidProtocolBufferException)
        {
            throw call.Invalid("Could not parse as TensorProto");
        }
    }

    private static void SerializeTensor(HostCall call)
    {
        var x = call.Tensor(0);
        var proto = new TensorProto { Dtype = (DataType)x.DType, TensorShape = new() };
        foreach (var d in x.Dimensions)
        {
            proto.TensorShape.Dim.Add(new TensorShapeProto.Types.Dim { Size = d });
        }

        if (x.IsString)
        {
            proto.StringVal.AddRange(x.Strings.Select(static s => ByteString.CopyFrom(s)));
        }
        else
        {
            proto.TensorContent = ByteString.CopyFrom(x.Bytes);
        }

        call.Output(TensorValue.FromStrings([proto.ToByteArray()]));
    }

    /// <summary>DecodeWav: 16-bit PCM as floats from -1 to 1 [samples, channels], and the sample rate; cut or padded to desired_samples and desired_channels.</summary>
    private static void Wav(HostCall call)
    {
        ReadOnlySpan<byte> file = call.Tensor(0).Strings[0];
        if (file.Length < 12 || !file[..4].SequenceEqual("RIFF"u8) || !file[8..12].SequenceEqual("WAVE"u8))
        {
            throw call.Invalid("Header mismatch: Expected RIFF ... WAVE");
        }

        var (channels, rate, bits) = (0, 0, 0);
        for (var at = 12; at + 8 <= file.Length;)
        {
            var size = (int)Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(file[(at + 4)..]), file.Length - at - 8);
            var chunk = file.Slice(at + 8, size);
            if (file.Slice(at, 4).SequenceEqual("fmt "u8) && size >= 16)
            {
                channels = BinaryPrimitives.ReadUInt16LittleEndian(chunk[2..]);
                rate = BinaryPrimitives.ReadInt32LittleEndian(chunk[4..]);
                bits = BinaryPrimitives.ReadUInt16LittleEndian(chunk[14..]);
            }
            else if (file.Slice(at, 4).SequenceEqual("data"u8))
            {
                Samples(call, chunk, channels, rate, bits);
                return;
            }

            at += 8 + size + (size % 2);
        }

        throw call.Invalid("the WAV file has no data");
    }

    private static void Samples(HostCall call, ReadOnlySpan<byte> data, int channels, int rate, int bits)
    {
        if (bits != 16 || channels == 0)
        {
            throw call.Invalid(FormattableString.Invariant($"Can only read 16-bit WAV files, but received {bits}"));
        }

        var (wantedChannels, wantedSamples) = (call.Attributes.Int("desired_channels", -1), call.Attributes.Int("desired_samples", -1));
        var samples = data.Length / (2 * channels);
        var (rows, columns) = (wantedSamples < 0 ? samples : wantedSamples, wantedChannels < 0 ? channels : wantedChannels);
        var result = new double[rows * columns];
        for (var i = 0; i < Math.Min(rows, samples); i++)
        {
            for (var c = 0; c < columns; c++)
            {
                result[(i * columns) + c] = BinaryPrimitives.ReadInt16LittleEndian(data[(2 * ((i * channels) + Math.Min(c, channels - 1)))..]) / 32768.0;
            }
        }

        call.Output(0, result, rows, columns);
        call.Output(1, [(long)rate]);
    }

    /// <summary>AudioSpectrogram: magnitudes of a Fourier transform per window under a periodic Hann window, padded to a power of two.</summary>
    private static void Spectrogram(HostCall call)
    {
        var samples = call.Doubles(0);
        var (length, channels) = (call.Tensor(0).Dimensions[0], call.Tensor(0).Dimensions[1]);
        var (window, stride) = (call.Attributes.Int("window_size"), call.Attributes.Int("stride"));
        var isSquared = call.Attributes.Bool("magnitude_squared");
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)window);
        var rows = length < window ? 0 : 1 + ((length - window) / stride);
        var bins = 1 + (size / 2);
        var result = new double[channels * rows * bins];
        var line = new Complex[size];
        for (var c = 0L; c < channels; c++)
        {
            for (var row = 0L; row < rows; row++)
            {
                Array.Clear(line);
                for (var i = 0L; i < window; i++)
                {
                    line[i] = samples[(((row * stride) + i) * channels) + c] * (0.5 - (0.5 * Math.Cos(2 * Math.PI * i / window)));
                }

                MathNet.Numerics.IntegralTransforms.Fourier.Forward(line, MathNet.Numerics.IntegralTransforms.FourierOptions.AsymmetricScaling);
                for (var i = 0; i < bins; i++)
                {
                    var squared = (line[i].Real * line[i].Real) + (line[i].Imaginary * line[i].Imaginary);
                    result[(((c * rows) + row) * bins) + i] = isSquared ? squared : Math.Sqrt(squared);
                }
            }
        }

        call.Output(0, result, channels, rows, bins);
    }
}
