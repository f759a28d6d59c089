namespace TfRunner.Pictures.Jpeg;

/// <summary>Turns pictures upright. Source: Exif 2.3, the meanings of the orientations 1 to 8.</summary>
/// <param name="orientation">1 to 8; 1 is upright.</param>
internal sealed class Turn(int orientation)
{
    // Whether rows become columns; then, of what is stored, whether rows and columns run backwards.
    private readonly bool swaps = orientation >= 5;
    private readonly bool backwardRows = orientation is 3 or 4 or 6 or 7;
    private readonly bool backwardColumns = orientation is 2 or 3 or 7 or 8;

    /// <summary>A height and width, turned.</summary>
    public (int Height, int Width) Sides(int height, int width) => swaps ? (width, height) : (height, width);

    /// <summary>What to take of the stored picture for a grid of the upright one.</summary>
    public SampleGrid Stored(SampleGrid upright)
    {
        var (height, width) = Sides(upright.Height, upright.Width);
        var (rows, columns) = swaps ? (upright.Columns, upright.Rows) : (upright.Rows, upright.Columns);
        return new(height, width, backwardRows ? Backward(rows, height) : rows, backwardColumns ? Backward(columns, width) : columns);
    }

    /// <summary>Turns a stored picture upright.</summary>
    /// <param name="stored">The picture; disposed when another one is returned.</param>
    public unsafe DecodedPicture Upright(DecodedPicture stored)
    {
        if (orientation == 1)
        {
            return stored;
        }

        using (stored)
        {
            var (height, width) = Sides(stored.Height, stored.Width);
            var channels = stored.Channels;
            var upright = new DecodedPicture(height, width, channels);
            var to = upright.Pixels;
            for (var y = 0; y < height; y++)
            {
                for (var x = 0; x < width; x++, to += channels)
                {
                    var (row, column) = swaps ? (x, y) : (y, x);
                    row = backwardRows ? stored.Height - 1 - row : row;
                    column = backwardColumns ? stored.Width - 1 - column : column;
                    var from = stored.Pixels + ((((long)row * stored.Width) + column) * channels);
                    for (var c = 0; c < channels; c++)
                    {
                        to[c] = from[c];
                    }
                }
            }

            return upright;
        }
    }

    private static int[]? Backward(int[]? positions, int length)
    {
        if (positions is null)
        {
            return null;
        }

        var backward = Array.ConvertAll(positions, p => length - 1 - p);
        Array.Reverse(backward);
        return backward;
    }
}
