using System.Buffers.Binary;
using System.IO.Compression;

namespace TfRunner.Onnx.Host.Kernels.Examples;

/// <summary>Sound written as files, and compressed strings.</summary>
internal sealed class SoundKernels : IHostKernelFamily
{
    /// <inheritdoc/>
    public void Register(HostRegistry registry)
    {
        registry.Add(Encode, "EncodeWav");
        registry.Add(Decompress, "DecodeCompressed");
    }

    /// <summary>EncodeWav: floats from -1 to 1 [samples, channels] and a sample rate as a file of 16-bit PCM. Source: the RIFF WAVE format.</summary>
    private static void Encode(HostCall call)
    {
        var (samples, rate) = (call.Doubles(0), (int)call.Int(1));
        var channels = (int)call.Tensor(0).Dimensions[1];
        var file = new byte[44 + (2 * samples.Length)];
        "RIFF"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), file.Length - 8);
        "WAVEfmt "u8.CopyTo(file.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(20), 1);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(22), (short)channels);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(24), rate);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(28), rate * channels * 2);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(32), (short)(channels * 2));
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(34), 16);
        "data"u8.CopyTo(file.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(40), 2 * samples.Length);
        for (var i = 0; i < samples.Length; i++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(44 + (2 * i)), (short)Math.Clamp(Math.Round(samples[i] * 32768, MidpointRounding.AwayFromZero), short.MinValue, short.MaxValue));
        }

        call.Output(TensorValue.FromStrings([file]));
    }

    /// <summary>DecodeCompressed: strings out of ZLIB or GZIP, or as they are.</summary>
    private static void Decompress(HostCall call)
    {
        var x = call.Tensor(0);
        var kind = call.Attributes.Text("compression_type");
        call.Output(TensorValue.FromStrings(
            Array.ConvertAll(x.Strings, s =>
            {
                using var source = new MemoryStream(s);
                using Stream plain = kind switch
                {
                    "" => source,
                    "ZLIB" => new ZLibStream(source, CompressionMode.Decompress),
                    "GZIP" => new GZipStream(source, CompressionMode.Decompress),
                    _ => throw call.Invalid("Only ZLIB, GZIP or NONE are supported compressions"),
                };
                using var result = new MemoryStream();
                try
                {
                    plain.CopyTo(result);
                }
                catch (InvalidDataException e)
                {
                    throw call.Invalid(e.Message);
                }

                return result.ToArray();
            }),
            x.Dimensions));
    }
}
