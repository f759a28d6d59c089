using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace TfRunner.Pictures.Jpeg;

/// <summary>
/// Brings one component's rows to the frame's size, or those of its columns that are wanted. Components of half the size are
/// interpolated by a triangle filter, as libjpeg's "fancy upsampling" has it: 3/4 of the nearer sample and 1/4 of the other.
/// </summary>
internal sealed unsafe class LineSampler : IDisposable
{
    private const int Margin = 64;

    private readonly ComponentPlane plane;
    private readonly int timesH;
    private readonly int timesV;
    private readonly bool smoothH;
    private readonly bool smoothV;
    private readonly int[]? columns;
    private readonly int[]? nearer;
    private readonly int[]? other;
    private readonly NativeBlock memory;
    private readonly byte* line;
    private readonly ushort* sums;

    /// <summary>Makes a sampler, and tells the plane which blocks it will read.</summary>
    /// <param name="plane">The component's samples.</param>
    /// <param name="frame">The frame.</param>
    /// <param name="grid">What is wanted, of the frame's size or the scaled one.</param>
    /// <param name="size">Samples of a block of the largest components.</param>
    /// <param name="interpolates">Whether samples are interpolated; otherwise they are repeated.</param>
    public LineSampler(ComponentPlane plane, JpegFrame frame, SampleGrid grid, int size, bool interpolates)
    {
        this.plane = plane;
        columns = grid.Columns;
        timesH = frame.MostH * size / (plane.Component.H * plane.Size);
        timesV = frame.MostV * size / (plane.Component.V * plane.Size);
        smoothV = interpolates && timesV == 2 && (timesH == 1 || (timesH == 2 && plane.Width > 2));
        smoothH = interpolates && timesH == 2 && plane.Width > 2 && (timesV == 1 || smoothV);
        NeedsRowBelow = smoothV;
        if (columns is not null && smoothH)
        {
            nearer = Array.ConvertAll(columns, static x => x / 2);
            other = Array.ConvertAll(columns, x => Math.Clamp((x % 2 == 0 ? -1 : 1) + (x / 2), 0, plane.Width - 1));
        }

        var width = (nuint)Math.Max(grid.ColumnCount, plane.Width * timesH) + (2 * Margin);
        memory = NativeBlock.Rent(width * 3);
        line = memory.Memory;
        sums = (ushort*)(memory.Memory + width) + Margin;
        sums = (ushort*)((nuint)sums & ~(nuint)31);
        MarkColumns(grid);
        MarkRows(grid);
    }

    /// <summary>Whether the frame's last row of a unit needs the unit below.</summary>
    public bool NeedsRowBelow { get; }

    /// <summary>One row of the frame, at the wanted columns.</summary>
    /// <param name="y">The row.</param>
    /// <returns>The samples, until the next call; may be read a little beyond their end.</returns>
    public byte* Line(int y)
    {
        var row = plane.Row(smoothV ? y / 2 : y / timesV);
        if (smoothV || smoothH)
        {
            Sum(row, smoothV ? plane.Row(OtherRow(y)) : row);
            if (!smoothH)
            {
                NarrowSums(y % 2 == 0 ? 1 : 2);
            }
            else if (columns is null)
            {
                Widen();
            }
            else
            {
                Interpolate();
            }

            return line;
        }

        if (columns is not null)
        {
            for (var i = 0; i < columns.Length; i++)
            {
                line[i] = row[timesH == 1 ? columns[i] : columns[i] / timesH];
            }

            return line;
        }

        if (timesH == 1)
        {
            return row;
        }

        for (var x = 0; x < plane.Width; x++)
        {
            new Span<byte>(line + (x * timesH), timesH).Fill(row[x]);
        }

        return line;
    }

    public void Dispose() => memory.Dispose();

    private int OtherRow(int y) => Math.Clamp((y % 2 == 0 ? -1 : 1) + (y / 2), 0, plane.Height - 1);

    // Three of the nearer row and one of the other; one row alone is not weighed.
    private void Sum(byte* near, byte* far)
    {
        for (var x = 0; x < plane.Width; x += 16)
        {
            var a = Vector256.WidenLower(Vector256.LoadUnsafe(ref near[x]));
            (smoothV ? (a * 3) + Vector256.WidenLower(Vector256.LoadUnsafe(ref far[x])) : a).Store(sums + x);
        }

        sums[-1] = sums[0];
        sums[plane.Width] = sums[plane.Width - 1];
    }

    private void NarrowSums(int bias)
    {
        if (columns is not null)
        {
            for (var i = 0; i < columns.Length; i++)
            {
                line[i] = (byte)((sums[columns[i]] + bias) >> 2);
            }

            return;
        }

        for (var x = 0; x < plane.Width; x++)
        {
            line[x] = (byte)((sums[x] + bias) >> 2);
        }
    }

    private void Widen()
    {
        var shift = smoothV ? 4 : 2;
        var even = Vector256.Create((ushort)(smoothV ? 8 : 1));
        var odd = Vector256.Create((ushort)(smoothV ? 7 : 2));
        for (var x = 0; x < plane.Width; x += 16)
        {
            var three = Vector256.Load(sums + x) * 3;
            var left = (three + Vector256.Load(sums + x - 1) + even) >>> shift;
            var right = (three + Vector256.Load(sums + x + 1) + odd) >>> shift;
            (left | (right << 8)).Store((ushort*)line + x);
        }
    }

    private void Interpolate()
    {
        var shift = smoothV ? 4 : 2;
        var biases = smoothV ? (8, 7) : (1, 2);
        ref var near = ref MemoryMarshal.GetArrayDataReference(nearer!);
        ref var far = ref MemoryMarshal.GetArrayDataReference(other!);
        for (var i = 0; i < columns!.Length; i++)
        {
            var bias = (columns[i] & 1) == 0 ? biases.Item1 : biases.Item2;
            line[i] = (byte)(((3 * sums[System.Runtime.CompilerServices.Unsafe.Add(ref near, i)]) + sums[System.Runtime.CompilerServices.Unsafe.Add(ref far, i)] + bias) >> shift);
        }
    }

    private void MarkColumns(SampleGrid grid)
    {
        if (grid.Columns is null)
        {
            Array.Fill(plane.ColumnWanted, true);
            return;
        }

        for (var i = 0; i < grid.Columns.Length; i++)
        {
            plane.ColumnWanted[grid.Columns[i] / timesH / plane.Size] = true;
            if (other is not null)
            {
                plane.ColumnWanted[other[i] / plane.Size] = true;
            }
        }
    }

    private void MarkRows(SampleGrid grid)
    {
        if (grid.Rows is null)
        {
            Array.Fill(plane.RowWanted, true);
            return;
        }

        foreach (var y in grid.Rows)
        {
            plane.RowWanted[y / timesV / plane.Size] = true;
            if (smoothV)
            {
                plane.RowWanted[OtherRow(y) / plane.Size] = true;
            }
        }
    }
}
