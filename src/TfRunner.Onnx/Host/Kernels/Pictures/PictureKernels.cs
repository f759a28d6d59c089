using System.Buffers.Binary;
using TfRunner.Onnx.Host.Arrays;
using TfRunner.Pictures;
using TfRunner.Pictures.Jpeg;

namespace TfRunner.Onnx.Host.Kernels.Pictures;

/// <summary>
/// Encoded pictures. DecodeJpeg, DecodePng and DecodeGif each take all three formats, as TensorFlow's do; channels 0 keeps
/// what the file has.
/// </summary>
internal sealed class PictureKernels : IHostKernelFamily
{
    // TensorFlow's limit.
    private const long MostSamples = (1L << 29) - 1;

    /// <inheritdoc/>
    public void Register(HostRegistry registry)
    {
        registry.Add(static call => Still(call, Read(call)), "DecodeJpeg");
        registry.Add(static call => Still(call, Read(call)), "DecodePng");
        registry.Add(static call => Write(call, Read(call, allFrames: true).WithChannels(3), isStill: false), "DecodeGif");
        registry.Add(Image, "DecodeImage");
        registry.Add(static call => Write(call, Bitmap.Decode(call, Bytes(call)).WithChannels(Channels(call)), isStill: true), "DecodeBmp");
        registry.Add(static call => Write(call, Read(call, allFrames: true).WithChannels(Channels(call)), isStill: false), "DecodeWebP");
        registry.Add(Crop, "DecodeAndCropJpeg");
        registry.Add(
            static call =>
            {
                var (height, width, components) = JpegDecoder.TryReadShape(Bytes(call)) ?? throw call.Invalid($"Invalid JPEG data, size {Bytes(call).Length}");
                call.Output(0, [(long)height, width, components], 3);
            },
            "ExtractJpegShape");
        registry.Add(static call => Encode(call, FormattableString.Invariant($".png[compression={Level(call)}]")), "EncodePng");
        registry.Add(
            static call => Encode(call, FormattableString.Invariant($".jpg[Q={call.Attributes.Int("quality", 95)},subsample-mode={(call.Attributes.Bool("chroma_downsampling", true) ? "on" : "off")}]")),
            "EncodeJpeg");
        registry.Add(static call => Encode(call, FormattableString.Invariant($".jpg[Q={call.Int(1)}]")), "EncodeJpegVariableQuality");
    }

    private static byte[] Bytes(HostCall call) =>
        call.Tensor(0).Length == 1 ? call.Tensor(0).Strings[0] : throw call.Invalid($"contents must be scalar, got shape {call.Tensor(0).Shape}");

    private static int Channels(HostCall call) => (int)call.Attributes.Int("channels");

    private static long Level(HostCall call) => call.Attributes.Int("compression", -1) is >= 0 and var level ? level : 6;

    /// <summary>What errors name; damaged JPEG is told in TensorFlow's words.</summary>
    private static PictureSource Source(HostCall call, PictureFormat format) => PictureSource.Node(
        $"{call.Op} '{call.Node.Name}'{(format == PictureFormat.Jpeg ? ": jpeg::Uncompress failed. Invalid JPEG data or crop window" : string.Empty)}");

    /// <summary>Decodes as the node's attributes say; pictures are not turned by their EXIF orientation.</summary>
    private static Picture Decode(HostCall call, byte[] bytes, bool allFrames = false)
    {
        var format = PictureDecoder.FormatOf(bytes);
        if (format is PictureFormat.Unknown or PictureFormat.Tiff or PictureFormat.Bmp)
        {
            throw call.Invalid("Unknown image file format. One of JPEG, PNG, GIF, BMP, WebP required.");
        }

        using var decoded = PictureDecoder.Decode(bytes, Source(call, format), new()
        {
            IsTurned = false,
            KeepsWide = true,
            AllFrames = allFrames,
            GreyOnly = Channels(call) == 1,
            Transform = call.Attributes.Text("dct_method") == "INTEGER_ACCURATE" ? JpegTransform.Accurate : JpegTransform.Fast,
            Interpolates = call.Attributes.Bool("fancy_upscaling", true),
            Ratio = call.Attributes.Int("ratio", 1) switch { 1 => 1, 2 => 2, 4 => 4, 8 => 8, var other => throw call.Invalid($"ratio must be 1, 2, 4, 8, got {other}") },
            Tolerance = call.Attributes.Bool("try_recover_truncated") ? DamageTolerance.CutOff : DamageTolerance.Damaged,
            MostSamples = MostSamples,
        });
        return Picture.From(decoded);
    }

    private static Picture Read(HostCall call, bool allFrames = false) => Bytes(call) is [(byte)'B', (byte)'M', ..]
        ? throw call.Invalid("Trying to decode BMP format using a wrong op. Use `decode_bmp` or `decode_image` instead.")
        : Decode(call, Bytes(call), allFrames);

    private static void Still(HostCall call, Picture picture) => Write(call, picture.WithChannels(Channels(call)), isStill: true);

    /// <summary>DecodeImage: by the file's first bytes; a GIF gives all its frames unless expand_animations is false.</summary>
    private static void Image(HostCall call)
    {
        var bytes = Bytes(call);
        var isAnimation = bytes is [(byte)'G', (byte)'I', (byte)'F', ..];
        var expands = call.Attributes.Bool("expand_animations", true);
        var picture = bytes is [(byte)'B', (byte)'M', ..]
            ? Bitmap.Decode(call, bytes)
            : Decode(call, bytes, isAnimation && expands);
        Write(call, picture.WithChannels(isAnimation ? 3 : Channels(call)), isStill: !(isAnimation && expands));
    }

    private static void Crop(HostCall call)
    {
        var window = call.Ints(1);
        var picture = Decode(call, Bytes(call)).WithChannels(Channels(call));
        var (y, x, height, width) = (window[0], window[1], window[2], window[3]);
        if (y < 0 || x < 0 || height <= 0 || width <= 0 || y + height > picture.Height || x + width > picture.Width)
        {
            throw call.Invalid("Invalid crop window");
        }

        var samples = new ushort[height * width * picture.Channels];
        for (var row = 0; row < height; row++)
        {
            picture.Samples.AsSpan((int)((((y + row) * picture.Width) + x) * picture.Channels), (int)width * picture.Channels)
                .CopyTo(samples.AsSpan((int)(row * width * picture.Channels)));
        }

        Write(call, picture with { Height = (int)height, Width = (int)width, Samples = samples }, isStill: true);
    }

    /// <summary>uint8 takes the upper halves of 16 bits; uint16 each byte twice (PNG) or times 256; float32 is a share of the most.</summary>
    private static void Write(HostCall call, Picture picture, bool isStill)
    {
        long[] dims = isStill
            ? [picture.Height, picture.Width, picture.Channels]
            : [picture.Frames, picture.Height, picture.Width, picture.Channels];
        switch (call.OutputType())
        {
            case DType.UInt8:
                call.Output(TensorValue.From(Array.ConvertAll(picture.Narrow().Samples, static s => (byte)s), dims));
                break;
            case DType.UInt16:
                var isPng = Bytes(call) is [0x89, ..];
                call.Output(TensorValue.From(isPng ? picture.Widen().Samples : Array.ConvertAll(picture.Samples, static s => (ushort)(s * 256)), dims));
                break;
            default:
                var most = picture.IsWide ? 65535f : 255f;
                using (var shares = TensorValue.From(Array.ConvertAll(picture.Samples, s => s / most), dims))
                {
                    call.Output(ArrayCast.Cast(shares, call.OutputType()));
                }

                break;
        }
    }

    /// <summary>EncodePng takes stacks of pictures too.</summary>
    private static void Encode(HostCall call, string suffix)
    {
        var x = call.Tensor(0);
        var dims = x.Dimensions[^3..].ToArray();
        var run = Strides.Count(dims);
        var files = new byte[run == 0 ? 0 : x.Length / run][];
        for (var i = 0; i < files.Length; i++)
        {
            using var one = TensorValue.Allocate(x.DType, dims);
            ArrayMovement.CopyElements(x, i * run, one, 0, run);
            files[i] = PictureEncoder.Encode(Source(call, PictureFormat.Unknown), one, suffix);
        }

        call.Output(TensorValue.FromStrings(files, x.Dimensions[..^3]));
    }

    /// <summary>Uncompressed BMP of 8, 24 and 32 bits: grey, RGB, RGBA. Source: Microsoft's BITMAPINFOHEADER and TensorFlow's decoder, which reads no palette.</summary>
    private static class Bitmap
    {
        public static Picture Decode(HostCall call, ReadOnlySpan<byte> bytes)
        {
            if (bytes.Length < 32)
            {
                throw call.Invalid("Incomplete bmp content");
            }

            var offset = BinaryPrimitives.ReadInt32LittleEndian(bytes[10..]);
            var width = BinaryPrimitives.ReadInt32LittleEndian(bytes[18..]);
            var signedHeight = BinaryPrimitives.ReadInt32LittleEndian(bytes[22..]);
            var bits = BinaryPrimitives.ReadUInt16LittleEndian(bytes[28..]);
            var channels = bits / 8;
            var height = Math.Abs((long)signedHeight);
            var stride = (((long)width * bits) + 31) / 32 * 4;
            if (channels is not (1 or 3 or 4) || width <= 0 || height == 0 || offset < 0 || offset + (stride * (height - 1)) + ((long)width * channels) > bytes.Length)
            {
                throw call.Invalid(FormattableString.Invariant($"Incomplete bmp content, or {bits} bits per pixel"));
            }

            var samples = new ushort[height * width * channels];
            for (var y = 0; y < height; y++)
            {
                var row = bytes[(int)(offset + (stride * (signedHeight > 0 ? height - 1 - y : y)))..];
                for (var i = 0; i < width * channels; i++)
                {
                    // Blue, green, red, alpha.
                    var c = i % channels;
                    samples[((long)y * width * channels) + i] = row[channels >= 3 && c < 3 ? i - c + 2 - c : i];
                }
            }

            return new(1, (int)height, width, channels, samples, IsWide: false);
        }
    }
}
