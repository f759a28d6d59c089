namespace TfRunner.Pictures.Jpeg;

/// <summary>Writes a picture's wanted rows as the samples for them come in.</summary>
internal sealed class RowWriter : IDisposable
{
    private readonly JpegFrame frame;
    private readonly SampleGrid grid;
    private readonly LineSampler[] samplers;
    private readonly int unitHeight;
    private readonly bool needsRowBelow;
    private int written;

    /// <summary>Makes a writer.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="planes">One per component that is written.</param>
    /// <param name="grid">What is wanted, of the frame's size or the scaled one.</param>
    /// <param name="size">Samples of a block of the largest components.</param>
    /// <param name="interpolates">Whether samples are interpolated where components are smaller than the frame.</param>
    public RowWriter(JpegFrame frame, ComponentPlane[] planes, SampleGrid grid, int size, bool interpolates)
    {
        (this.frame, this.grid) = (frame, grid);
        samplers = [.. planes.Select(p => new LineSampler(p, frame, grid, size, interpolates))];
        unitHeight = frame.MostV * size;
        needsRowBelow = samplers.Any(static s => s.NeedsRowBelow);
        Picture = new(grid.RowCount, grid.ColumnCount, samplers.Length == 1 ? 1 : 3);
    }

    /// <summary>The picture.</summary>
    public DecodedPicture Picture { get; }

    /// <summary>Writes the rows that are complete.</summary>
    /// <param name="units">The rows of units that are decoded, from the top.</param>
    public unsafe void Write(int units)
    {
        var rows = units == frame.UnitsDown ? grid.Height : Math.Min((units * unitHeight) - (needsRowBelow ? 1 : 0), grid.Height);
        for (; written < grid.RowCount && (grid.Rows is null ? written : grid.Rows[written]) is var y && y < rows; written++)
        {
            var to = Picture.Pixels + ((long)written * grid.ColumnCount * Picture.Channels);
            var first = samplers[0].Line(y);
            if (samplers.Length == 1)
            {
                new Span<byte>(first, grid.ColumnCount).CopyTo(new(to, grid.ColumnCount));
            }
            else
            {
                WriteColours(first, samplers[1].Line(y), samplers[2].Line(y), y, to);
            }
        }
    }

    private unsafe void WriteColours(byte* first, byte* second, byte* third, int y, byte* to)
    {
        if (frame.Colours is JpegColours.YCbCr or JpegColours.Ycck)
        {
            ColourLine.FromChroma(first, second, third, to, grid.ColumnCount);
        }
        else
        {
            ColourLine.FromColours(first, second, third, to, grid.ColumnCount);
        }

        if (samplers.Length == 4)
        {
            // Luma and chroma of inks are those of the colours that the inks leave over.
            ColourLine.Print(to, samplers[3].Line(y), grid.ColumnCount, frame.Colours == JpegColours.Ycck, frame.InksAreInverted);
        }
    }

    public void Dispose()
    {
        foreach (var sampler in samplers)
        {
            sampler.Dispose();
        }
    }
}
