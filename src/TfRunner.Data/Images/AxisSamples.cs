namespace TfRunner.Data.Images;

/// <summary>What a resize without antialias reads along one axis: for each target position two source positions and the part of the second.</summary>
/// <param name="Lower">The source position at or before each target position.</param>
/// <param name="Upper">The one after it.</param>
/// <param name="Parts">The weight of the one after it, 0 to 1.</param>
internal sealed record AxisSamples(int[] Lower, int[] Upper, float[] Parts)
{
    /// <summary>Half-pixel centres, in single precision as TensorFlow has them. Source: the document of tf.image.resize.</summary>
    /// <param name="from">Source positions.</param>
    /// <param name="to">Target positions.</param>
    /// <param name="offset">Where the source starts.</param>
    public static AxisSamples Bilinear(int from, int to, int offset = 0)
    {
        var scale = (float)from / to;
        var samples = new AxisSamples(new int[to], new int[to], new float[to]);
        for (var i = 0; i < to; i++)
        {
            var at = ((i + 0.5f) * scale) - 0.5f;
            var floor = MathF.Floor(at);
            samples.Lower[i] = Math.Max((int)floor, 0) + offset;
            samples.Upper[i] = Math.Min((int)MathF.Ceiling(at), from - 1) + offset;
            samples.Parts[i] = at - floor;
        }

        return samples;
    }

    /// <summary>The nearest position. Of two equally near it is TensorFlow's by products in single precision, and Pillow's by sums in double precision.</summary>
    /// <param name="from">Source positions.</param>
    /// <param name="to">Target positions.</param>
    /// <param name="arithmetic">Whose choice.</param>
    public static AxisSamples Nearest(int from, int to, PictureArithmetic arithmetic)
    {
        var scale = (double)from / to;
        var centres = new int[to];
        var at = scale * 0.5;
        for (var i = 0; i < to; i++, at += scale)
        {
            centres[i] = Math.Min(arithmetic == PictureArithmetic.Pillow ? (int)at : (int)((i + 0.5f) * ((float)from / to)), from - 1);
        }

        return new(centres, centres, new float[to]);
    }

    /// <summary>The positions that are read, ascending.</summary>
    public int[] Positions() => [.. Lower.Concat(Upper).Distinct().Order()];

    /// <summary>The same in a source of which only some positions are left.</summary>
    /// <param name="kept">Those positions, ascending; null for all.</param>
    public AxisSamples In(int[]? kept)
    {
        if (kept is null)
        {
            return this;
        }

        var places = new Dictionary<int, int>(kept.Length);
        for (var i = 0; i < kept.Length; i++)
        {
            places[kept[i]] = i;
        }

        return this with { Lower = Array.ConvertAll(Lower, p => places[p]), Upper = Array.ConvertAll(Upper, p => places[p]) };
    }
}
