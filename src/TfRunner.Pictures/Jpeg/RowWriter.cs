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
    public RowWriter(JpegFrame frame, ComponentPlane[] planes, SampleGrid grid)
    {
        (this.frame, this.grid) = (frame, grid);
        samplers = [.. planes.Select(p => new LineSampler(p, frame, grid))];
        unitHeight = frame.MostV * planes[0].Size;
        needsRowBelow = samplers.Any(static s => s.NeedsRowBelow);
        Picture = new(grid.RowCount, grid.ColumnCount, samplers.Length);
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
            var to = Picture.Pixels + ((long)written * grid.ColumnCount * samplers.Length);
            var first = samplers[0].Line(y);
            if (samplers.Length == 1)
            {
                new Span<byte>(first, grid.ColumnCount).CopyTo(new(to, grid.ColumnCount));
            }
            else if (frame.HasChroma)
            {
                ColourLine.FromChroma(first, samplers[1].Line(y), samplers[2].Line(y), to, grid.ColumnCount);
            }
            else
            {
                ColourLine.FromColours(first, samplers[1].Line(y), samplers[2].Line(y), to, grid.ColumnCount);
            }
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
