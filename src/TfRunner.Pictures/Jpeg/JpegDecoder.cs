namespace TfRunner.Pictures.Jpeg;

/// <summary>
/// Decodes JPEG to the very samples that TensorFlow's decode_jpeg gives, and only those that are asked for: what a resize without
/// antialias does not read is neither transformed nor converted. Takes 8-bit files of one, three and four components, sequential
/// and progressive, in Huffman coding. Source: ITU-T T.81.
/// </summary>
internal static class JpegDecoder
{
    /// <summary>Decodes a file.</summary>
    /// <param name="file">The file's bytes.</param>
    /// <param name="request">What is wanted of the picture.</param>
    /// <returns>1 or 3 channels, upright; null when the file is damaged or of another kind, which libvips then has to say.</returns>
    public static DecodedPicture? TryDecode(byte[] file, PictureRequest request) =>
        TryDecode(file, request, DamageTolerance.None)
        ?? (request.Tolerance == DamageTolerance.None ? null : TryDecode(file, request, request.Tolerance));

    /// <summary>Reads a file's header.</summary>
    /// <param name="file">The file's bytes.</param>
    /// <returns>Its height, width and number of components; null when it is damaged or of another kind.</returns>
    public static (int Height, int Width, int Components)? TryReadShape(byte[] file)
    {
        try
        {
            var frame = new JpegMarkers(file, DamageTolerance.Damaged).ReadFrame();
            return (frame.Height, frame.Width, frame.Components.Length);
        }
        catch (UnusualJpegException)
        {
            return null;
        }
    }

    private static DecodedPicture? TryDecode(byte[] file, PictureRequest request, DamageTolerance tolerance)
    {
        try
        {
            var markers = new JpegMarkers(file, tolerance);
            var frame = markers.ReadFrame();
            return request.Takes(frame.Width, frame.Height, frame.Components.Length) ? Decode(file, request, markers, frame, tolerance) : null;
        }
        catch (UnusualJpegException)
        {
            return null;
        }
    }

    private static DecodedPicture Decode(byte[] file, PictureRequest request, JpegMarkers markers, JpegFrame frame, DamageTolerance tolerance)
    {
        var turn = new Turn(request.IsTurned ? frame.Orientation : 1);
        var (height, width) = turn.Sides(frame.Height, frame.Width);
        var size = 8 / (request.Ratio > 1 ? request.Ratio : request.Shrink(height, width));
        var wanted = size == 8 ? request.Grid?.Invoke(height, width) : null;
        var grid = wanted is not null
            ? turn.Stored(wanted)
            : new((frame.Height + (8 / size) - 1) / (8 / size), (frame.Width + (8 / size) - 1) / (8 / size), null, null);
        var first = markers.ReadScan() ?? throw new UnusualJpegException("there is no scan");
        DecodedPicture stored;
        if (OnePassDecoder.Takes(frame, first))
        {
            using var data = EntropyData.Open(file, markers.Position, tolerance);
            if (tolerance == DamageTolerance.None)
            {
                CheckEnd(markers, data);
            }

            stored = Write(request, frame, grid, size, (planes, writer) =>
            {
                using var decoder = new OnePassDecoder(frame, first, data, planes, writer);
                decoder.Run();
            });
        }
        else
        {
            using var many = new ManyPassDecoder(frame);
            for (var scan = first; scan is not null; scan = markers.ReadScan())
            {
                using var data = EntropyData.Open(file, markers.Position, tolerance);
                many.Read(scan, data);
                markers.Position = data.End;
            }

            if (tolerance == DamageTolerance.CutOff)
            {
                // Of what never came nothing is known, and nothing is drawn.
                Array.ForEach(frame.Components, static c => c.Steps ??= new ushort[64]);
            }

            stored = Write(request, frame, grid, size, many.Write);
        }

        var upright = turn.Upright(stored);
        upright.Grid = wanted;
        return upright;
    }

    // libjpeg scales smaller components by less, as far as that saves bringing them to the picture's size.
    private static ComponentPlane Plane(JpegComponent component, JpegFrame frame, int size, bool isReduced)
    {
        var own = size;
        while (isReduced && own < 8 && (frame.MostH * size) % (component.H * own * 2) == 0 && (frame.MostV * size) % (component.V * own * 2) == 0)
        {
            own *= 2;
        }

        return new(component, frame, own, own == 8 ? null : isReduced ? new ReducedTransform(own) : new ScaledTransform(own));
    }

    private static void CheckEnd(JpegMarkers markers, EntropyData data)
    {
        markers.Position = data.End;
        if (markers.ReadScan() is not null)
        {
            throw new UnusualJpegException("there is a scan too many");
        }
    }

    private static DecodedPicture Write(PictureRequest request, JpegFrame frame, SampleGrid grid, int size, Action<ComponentPlane[], RowWriter> run)
    {
        if (Array.Exists(frame.Components, static c => c.Steps is null))
        {
            throw new UnusualJpegException("a component has no scan");
        }

        var planes = new ComponentPlane[frame.Components.Length];
        RowWriter? writer = null;
        try
        {
            for (var i = 0; i < planes.Length; i++)
            {
                planes[i] = Plane(frame.Components[i], frame, size, request.Ratio > 1);
            }

            writer = new(frame, request.GreyOnly && frame.Colours == JpegColours.YCbCr ? planes[..1] : planes, grid, size, request.Interpolates && (request.Ratio == 1 || size > 1));
            run(planes, writer);
            return writer.Picture;
        }
        catch
        {
            writer?.Picture.Dispose();
            throw;
        }
        finally
        {
            writer?.Dispose();
            foreach (var plane in planes)
            {
                plane?.Dispose();
            }
        }
    }
}
