using TfRunner.Onnx.Host.Numerics;

namespace TfRunner.Onnx.Host.Kernels.Random;

/// <summary>Fills tensors from a generator in the order that TensorFlow's CPU kernels do: four words at a time.</summary>
internal static class RandomNumbers
{
    private const int WordsPerTruncatedGroup = 256;

    public static TensorValue Uniform(Philox random, DType dtype, ReadOnlySpan<long> dims)
    {
        var result = TensorValue.Allocate(dtype, dims);
        switch (dtype)
        {
            case DType.Float32: Fill(result.AsSpan<float>(), random.NextFloat); break;
            case DType.Float64: Fill(result.AsSpan<double>(), random.NextDouble); break;
            case DType.Float16: Fill(result.AsSpan<Half>(), () => (Half)((float)BitConverter.UInt16BitsToHalf((ushort)((15 << 10) | (random.Next() & 0x3ff))) - 1)); break;
            default: Fill(result.AsSpan<BFloat16>(), () => (BFloat16)((float)new BFloat16((ushort)((127 << 7) | (random.Next() & 0x7f))) - 1)); break;
        }

        return result;
    }

    public static TensorValue Normal(Philox random, DType dtype, ReadOnlySpan<long> dims)
    {
        var result = TensorValue.Allocate(DType.Float64, dims);
        var target = result.AsSpan<double>();
        for (var i = 0; i < target.Length; i += 2)
        {
            var (first, second) = dtype == DType.Float64 ? random.NextWideNormals() : random.NextNormals();
            target[i] = first;
            if (i + 1 < target.Length)
            {
                target[i + 1] = second;
            }
        }

        return Narrow(result, dtype);
    }

    /// <summary>Normal numbers, those at 2 and beyond drawn again. Each group of four has a stretch of the sequence of its own.</summary>
    public static TensorValue TruncatedNormal(Philox random, DType dtype, ReadOnlySpan<long> dims)
    {
        var result = TensorValue.Allocate(DType.Float64, dims);
        var target = result.AsSpan<double>();
        var perGroup = dtype == DType.Float64 ? 2 : 4;
        Span<double> group = stackalloc double[4];
        for (var start = 0; start < target.Length; start += perGroup)
        {
            var consumed = 0UL;
            var count = 0;
            while (count < perGroup)
            {
                var (first, second) = dtype == DType.Float64 ? random.NextWideNormals() : random.NextNormals();
                consumed += dtype == DType.Float64 ? 4UL : 2UL;
                if (Math.Abs(first) < 2)
                {
                    group[count++] = first;
                }

                if (count < perGroup && Math.Abs(second) < 2)
                {
                    group[count++] = second;
                }
            }

            group[..Math.Min(perGroup, target.Length - start)].CopyTo(target[start..]);
            random.Skip((ulong)(WordsPerTruncatedGroup * perGroup / 4) - ((consumed + 3) / 4));
        }

        return Narrow(result, dtype);
    }

    /// <summary>Whole numbers from low inclusive to high exclusive, by remainder.</summary>
    public static TensorValue Integers(Philox random, DType dtype, long low, long high, ReadOnlySpan<long> dims)
    {
        var result = TensorValue.Allocate(dtype, dims);
        switch (dtype)
        {
            case DType.Int32: Fill(result.AsSpan<int>(), () => unchecked((int)(low + (random.Next() % (uint)(high - low))))); break;
            case DType.UInt32: Fill(result.AsSpan<uint>(), () => unchecked((uint)(low + (random.Next() % (uint)(high - low))))); break;
            case DType.UInt64: Fill(result.AsSpan<ulong>(), () => unchecked((ulong)low + (random.NextLong() % (ulong)(high - low)))); break;
            default: Fill(result.AsSpan<long>(), () => unchecked(low + (long)(random.NextLong() % (ulong)(high - low)))); break;
        }

        return result;
    }

    /// <summary>All bits random.</summary>
    public static TensorValue Bits(Philox random, DType dtype, ReadOnlySpan<long> dims)
    {
        var result = TensorValue.Allocate(dtype, dims);
        switch (dtype)
        {
            case DType.Int32: Fill(result.AsSpan<int>(), () => unchecked((int)random.Next())); break;
            case DType.UInt32: Fill(result.AsSpan<uint>(), random.Next); break;
            case DType.UInt64: Fill(result.AsSpan<ulong>(), random.NextLong); break;
            default: Fill(result.AsSpan<long>(), () => unchecked((long)random.NextLong())); break;
        }

        return result;
    }

    /// <summary>Draws of categories by their logits [rows, classes].</summary>
    public static long[] Categories(Philox random, double[] logits, int classes, long samples)
    {
        var result = new List<long>();
        foreach (var row in logits.Chunk(classes))
        {
            var most = row.Where(double.IsFinite).DefaultIfEmpty(0).Max();
            var sums = new double[classes];
            var total = 0.0;
            for (var i = 0; i < classes; i++)
            {
                total += double.IsFinite(row[i]) ? Math.Exp(row[i] - most) : 0;
                sums[i] = total;
            }

            for (var i = 0L; i < samples; i++)
            {
                var wanted = random.NextDouble() * total;
                var found = Array.FindIndex(sums, s => s > wanted);
                result.Add(found < 0 ? classes - 1 : found);
            }
        }

        return [.. result];
    }

    private static void Fill<T>(Span<T> target, Func<T> next)
    {
        for (var i = 0; i < target.Length; i++)
        {
            target[i] = next();
        }
    }

    private static TensorValue Narrow(TensorValue wide, DType dtype)
    {
        if (dtype == DType.Float64)
        {
            return wide;
        }

        using (wide)
        {
            return Arrays.ArrayCast.Cast(wide, dtype);
        }
    }
}
