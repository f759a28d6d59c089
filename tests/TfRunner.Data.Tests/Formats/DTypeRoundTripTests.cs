using CsCheck;
using TfRunner.Data.Formats;

namespace TfRunner.Data.Tests.Formats;

/// <summary>Random values of every dtype that a format holds, written and read back bit by bit.</summary>
public sealed class DTypeRoundTripTests : IDisposable
{
    private static readonly DType[] Numbers =
    [
        DType.Float32, DType.Float64, DType.Int8, DType.Int16, DType.Int32, DType.Int64, DType.UInt8, DType.UInt16, DType.UInt32, DType.UInt64, DType.Bool,
    ];

    private readonly string folder = Directory.CreateTempSubdirectory("tfrunner-test-").FullName;

    public static TheoryData<string, DType> Cases
    {
        get
        {
            var cases = new TheoryData<string, DType>();
            foreach (var format in OutputFile.Extensions)
            {
                foreach (var dtype in Numbers)
                {
                    // tf.Example has no wider numbers than float32 and int64.
                    if (format != ".tfrecord" || dtype is not (DType.Float64 or DType.UInt64))
                    {
                        cases.Add(format, dtype);
                    }
                }
            }

            return cases;
        }
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Values_come_back_bit_by_bit(string format, DType dtype)
    {
        var size = dtype.ElementSize();
        Gen.Byte.Array[size, size * 40].Sample(
            bytes =>
            {
                var rows = bytes.Length / size;
                using var values = TensorValue.Allocate(dtype, rows);
                bytes.AsSpan(0, rows * size).CopyTo(values.Bytes);
                Clean(values);
                var path = Path.Combine(folder, "x" + format);
                using (var sink = OutputFile.Create(path, ["x"]))
                {
                    sink.Write([values]);
                    sink.Complete();
                }

                using var source = InputFile.OpenRows(path, [new("x", dtype, TensorShape.Of(-1), string.Empty)]);
                using var read = source.Read(rows + 1)![0];
                Assert.Equal(values.Bytes.ToArray(), read.Bytes.ToArray());
                Assert.Null(source.Read(1));
            },
            iter: 12,
            threads: 1);
    }

    /// <summary>Makes bytes into values that text can say: one NaN, and true as 1.</summary>
    private static void Clean(TensorValue values)
    {
        switch (values.DType)
        {
            case DType.Float32:
                foreach (ref var v in values.AsSpan<float>())
                {
                    v = float.IsNaN(v) ? float.NaN : v;
                }

                break;
            case DType.Float64:
                foreach (ref var v in values.AsSpan<double>())
                {
                    v = double.IsNaN(v) ? double.NaN : v;
                }

                break;
            case DType.Bool:
                foreach (ref var v in values.Bytes)
                {
                    v &= 1;
                }

                break;
            default:
                break;
        }
    }
}
