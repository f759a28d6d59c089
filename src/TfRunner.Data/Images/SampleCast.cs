using System.Numerics;

namespace TfRunner.Data.Images;

/// <summary>Casts samples to the dtype that a model takes; integers are rounded and kept in range.</summary>
internal static class SampleCast
{
    public static void Write(ReadOnlySpan<float> samples, TensorValue target)
    {
        switch (target.DType)
        {
            case DType.Float64:
                Each<double>(samples, target.AsSpan<double>());
                break;
            case DType.Float16:
                Each<Half>(samples, target.AsSpan<Half>());
                break;
            case DType.BFloat16:
                var narrow = target.AsSpan<BFloat16>();
                for (var i = 0; i < samples.Length; i++)
                {
                    narrow[i] = BFloat16.FromSingle(samples[i]);
                }

                break;
            case DType.UInt8:
                Rounded<byte>(samples, target.AsSpan<byte>());
                break;
            case DType.Int8:
                Rounded<sbyte>(samples, target.AsSpan<sbyte>());
                break;
            case DType.Int16:
                Rounded<short>(samples, target.AsSpan<short>());
                break;
            case DType.UInt16:
                Rounded<ushort>(samples, target.AsSpan<ushort>());
                break;
            case DType.Int32:
                Rounded<int>(samples, target.AsSpan<int>());
                break;
            case DType.UInt32:
                Rounded<uint>(samples, target.AsSpan<uint>());
                break;
            case DType.Int64:
                Rounded<long>(samples, target.AsSpan<long>());
                break;
            default:
                Rounded<ulong>(samples, target.AsSpan<ulong>());
                break;
        }
    }

    private static void Each<T>(ReadOnlySpan<float> samples, Span<T> target)
        where T : INumber<T>
    {
        for (var i = 0; i < samples.Length; i++)
        {
            target[i] = T.CreateChecked(samples[i]);
        }
    }

    private static void Rounded<T>(ReadOnlySpan<float> samples, Span<T> target)
        where T : INumber<T>
    {
        for (var i = 0; i < samples.Length; i++)
        {
            target[i] = T.CreateSaturating(MathF.Round(samples[i]));
        }
    }
}
