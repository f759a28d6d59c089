namespace TfRunner.Onnx.Host.Kernels.Pictures;

/// <summary>Boxes [y1, x1, y2, x2] in pictures: cut out, chosen by score, drawn.</summary>
internal sealed class BoxKernels : IHostKernelFamily
{
    /// <inheritdoc/>
    public void Register(HostRegistry registry)
    {
        registry.Add(CropAndResize, "CropAndResize");
        registry.Add(NonMaxSuppression, "NonMaxSuppression", "NonMaxSuppressionV2", "NonMaxSuppressionV3", "NonMaxSuppressionV4", "NonMaxSuppressionV5");
        registry.Add(WithOverlaps, "NonMaxSuppressionWithOverlaps");
        registry.Add(Combined, "CombinedNonMaxSuppression");
        registry.Add(Draw, "DrawBoundingBoxes", "DrawBoundingBoxesV2");
    }

    /// <summary>CropAndResize: boxes in shares of the picture; a crop of one row reads the middle; what lies outside is extrapolation_value.</summary>
    private static void CropAndResize(HostCall call)
    {
        var x = call.Tensor(0);
        var images = Array.ConvertAll(call.Doubles(0), static v => (float)v);
        var boxes = Array.ConvertAll(call.Doubles(1), static v => (float)v);
        var owners = call.Ints(2);
        var size = call.Ints(3);
        var isNearest = call.Attributes.Text("method", "bilinear") == "nearest";
        var outside = call.Attributes.Float("extrapolation_value");
        var (height, width, channels) = (x.Dimensions[1], x.Dimensions[2], x.Dimensions[3]);
        var result = new double[owners.Length * size[0] * size[1] * channels];
        var to = 0L;
        for (var n = 0; n < owners.Length; n++)
        {
            if (owners[n] < 0 || owners[n] >= x.Dimensions[0])
            {
                throw call.Invalid("box_index has values outside [0, batch_size)");
            }

            for (var i = 0; i < size[0]; i++)
            {
                var y = Place(boxes[4 * n], boxes[(4 * n) + 2], height, size[0], i);
                for (var j = 0; j < size[1]; j++)
                {
                    var at = Place(boxes[(4 * n) + 1], boxes[(4 * n) + 3], width, size[1], j);
                    for (var c = 0L; c < channels; c++)
                    {
                        var channel = c;
                        float Pixel(double row, double column) => images[(((((owners[n] * height) + (long)row) * width) + (long)column) * channels) + channel];
                        result[to++] = !(y >= 0 && y <= height - 1 && at >= 0 && at <= width - 1) ? outside
                            : isNearest ? Pixel(Math.Round(y, MidpointRounding.AwayFromZero), Math.Round(at, MidpointRounding.AwayFromZero))
                            : Blend(y, at, Pixel);
                    }
                }
            }
        }

        call.Output(0, result, owners.Length, size[0], size[1], channels);
    }

    private static float Place(float start, float end, long size, long count, int i) =>
        count > 1 ? (start * (size - 1)) + (i * ((end - start) * (size - 1) / (count - 1))) : 0.5f * (start + end) * (size - 1);

    private static float Blend(float y, float x, Func<double, double, float> pixel)
    {
        var (top, bottom, left, right) = (MathF.Floor(y), MathF.Ceiling(y), MathF.Floor(x), MathF.Ceiling(x));
        var (dy, dx) = (y - top, x - left);
        var upper = pixel(top, left) + ((pixel(top, right) - pixel(top, left)) * dx);
        var lower = pixel(bottom, left) + ((pixel(bottom, right) - pixel(bottom, left)) * dx);
        return upper + ((lower - upper) * dy);
    }

    private static float Overlap(ReadOnlySpan<float> boxes, int i, int j)
    {
        static (float Y1, float X1, float Y2, float X2) Box(ReadOnlySpan<float> b) =>
            (Math.Min(b[0], b[2]), Math.Min(b[1], b[3]), Math.Max(b[0], b[2]), Math.Max(b[1], b[3]));
        var (a, c) = (Box(boxes.Slice(4 * i, 4)), Box(boxes.Slice(4 * j, 4)));
        var (first, second) = ((a.Y2 - a.Y1) * (a.X2 - a.X1), (c.Y2 - c.Y1) * (c.X2 - c.X1));
        if (first <= 0 || second <= 0)
        {
            return 0;
        }

        var shared = Math.Max(Math.Min(a.Y2, c.Y2) - Math.Max(a.Y1, c.Y1), 0) * Math.Max(Math.Min(a.X2, c.X2) - Math.Max(a.X1, c.X1), 0);
        return shared / (first + second - shared);
    }

    /// <summary>
    /// The boxes of highest score that overlap none chosen before by more than the threshold; equals in order of index. With
    /// a sigma, overlapping boxes lose score by exp(-overlap^2 / (2 sigma)) instead (soft NMS).
    /// </summary>
    private static List<(int Index, float Score)> Choose(float[] scores, Func<int, int, float> overlap, long most, float threshold, float least, float sigma)
    {
        var queue = new PriorityQueue<(int Index, float Score, int Seen), (float, int)>();
        for (var i = 0; i < scores.Length; i++)
        {
            if (scores[i] > least)
            {
                queue.Enqueue((i, scores[i], 0), (-scores[i], i));
            }
        }

        var chosen = new List<(int Index, float Score)>();
        while (chosen.Count < most && queue.TryDequeue(out var next, out _))
        {
            var score = next.Score;
            var isOut = false;
            for (var j = chosen.Count - 1; j >= next.Seen && !isOut; j--)
            {
                var shared = overlap(next.Index, chosen[j].Index);
                score *= sigma > 0 ? MathF.Exp(-0.5f / sigma * shared * shared) : 1;
                isOut = sigma > 0 ? score <= least : shared > threshold;
            }

            if (isOut)
            {
                continue;
            }

            if (score == next.Score)
            {
                chosen.Add((next.Index, score));
            }
            else if (score > least)
            {
                queue.Enqueue((next.Index, score, chosen.Count), (-score, next.Index));
            }
        }

        return chosen;
    }

    private static float[] Floats(HostCall call, int input) => Array.ConvertAll(call.Doubles(input), static v => (float)v);

    /// <summary>NonMaxSuppression: V2 takes the overlap as input, V3 the least score, V4 pads and counts, V5 softens and gives scores.</summary>
    private static void NonMaxSuppression(HostCall call)
    {
        var (boxes, scores) = (Floats(call, 0), Floats(call, 1));
        var most = call.Int(2);
        var threshold = call.InputCount > 3 ? Floats(call, 3)[0] : call.Attributes.Float("iou_threshold", 0.5f);
        var least = call.InputCount > 4 ? Floats(call, 4)[0] : float.MinValue;
        var sigma = call.InputCount > 5 ? Floats(call, 5)[0] : 0;
        var chosen = Choose(scores, (i, j) => Overlap(boxes, i, j), most, threshold, least, sigma);
        var count = chosen.Count;
        while (call.Attributes.Bool("pad_to_max_output_size") && chosen.Count < most)
        {
            chosen.Add((0, 0));
        }

        call.Output(0, [.. chosen.Select(static c => (long)c.Index)], chosen.Count);
        if (call.Op.EndsWith("V5", StringComparison.Ordinal))
        {
            call.Output(1, [.. chosen.Select(static c => (double)c.Score)], chosen.Count);
        }

        if (call.OutputCount > 1)
        {
            call.Output(call.OutputCount - 1, [(long)count]);
        }
    }

    private static void WithOverlaps(HostCall call)
    {
        var overlaps = Floats(call, 0);
        var n = (int)call.Tensor(0).Dimensions[1];
        var chosen = Choose(Floats(call, 1), (i, j) => overlaps[(i * n) + j], call.Int(2), Floats(call, 3)[0], Floats(call, 4)[0], 0);
        call.Output(0, [.. chosen.Select(static c => (long)c.Index)], chosen.Count);
    }

    /// <summary>CombinedNonMaxSuppression: per picture and class, then the best of all classes; padded with zeros.</summary>
    private static void Combined(HostCall call)
    {
        var (boxes, scores) = (Floats(call, 0), Floats(call, 1));
        var b = call.Tensor(0).Dimensions.ToArray();
        var classes = (int)call.Tensor(1).Dimensions[2];
        var (perClass, total) = (call.Int(2), call.Int(3));
        var (threshold, least) = (Floats(call, 4)[0], Floats(call, 5)[0]);
        var perPicture = call.Attributes.Bool("pad_per_class") ? Math.Min(total, perClass * classes) : total;
        var clips = call.Attributes.Bool("clip_boxes", true);
        var (n, q) = ((int)b[1], (int)b[2]);
        var (outBoxes, outScores, outClasses, counts) = (new double[b[0] * perPicture * 4], new double[b[0] * perPicture], new double[b[0] * perPicture], new long[b[0]]);
        for (var image = 0; image < b[0]; image++)
        {
            var found = new List<(float Score, int Class, float[] Box)>();
            for (var c = 0; c < classes; c++)
            {
                var column = q == 1 ? 0 : c;
                var own = new float[n * 4];
                for (var i = 0; i < n; i++)
                {
                    boxes.AsSpan(((((image * n) + i) * q) + column) * 4, 4).CopyTo(own.AsSpan(i * 4));
                }

                var ownScores = Enumerable.Range(0, n).Select(i => scores[(((image * n) + i) * classes) + c]).ToArray();
                found.AddRange(Choose(ownScores, (i, j) => Overlap(own, i, j), perClass, threshold, least, 0).Select(k => (k.Score, c, own.AsSpan(k.Index * 4, 4).ToArray())));
            }

            var best = found.OrderByDescending(static f => f.Score).Take((int)perPicture).ToList();
            counts[image] = best.Count;
            for (var i = 0; i < best.Count; i++)
            {
                var at = (image * perPicture) + i;
                (outScores[at], outClasses[at]) = (best[i].Score, best[i].Class);
                for (var k = 0; k < 4; k++)
                {
                    outBoxes[(at * 4) + k] = clips ? Math.Clamp(best[i].Box[k], 0, 1) : best[i].Box[k];
                }
            }
        }

        call.Output(0, outBoxes, b[0], perPicture, 4);
        call.Output(1, outScores, b[0], perPicture);
        call.Output(2, outClasses, b[0], perPicture);
        call.Output(3, counts, b[0]);
    }

    /// <summary>DrawBoundingBoxes: lines of one pixel; colours are taken in turn.</summary>
    private static void Draw(HostCall call)
    {
        var x = call.Tensor(0);
        var values = call.Doubles(0);
        var boxes = call.Doubles(1);
        var (height, width, depth) = (x.Dimensions[1], x.Dimensions[2], (int)x.Dimensions[3]);
        var perImage = call.Tensor(1).Dimensions[1];
        double[][] colours = [[1, 1, 0, 1], [0, 0, 1, 1], [1, 0, 0, 1], [0, 1, 0, 1], [0.5, 0, 0.5, 1], [0.5, 0.5, 0, 1], [0.5, 0, 0, 1], [0, 0, 0.5, 1], [0, 1, 1, 1], [1, 0, 1, 1]];
        if (call.InputCount > 2 && call.Tensor(2).Length > 0)
        {
            var columns = (int)call.Tensor(2).Dimensions[1];
            colours = [.. call.Doubles(2).Chunk(columns)];
        }

        for (var n = 0; n < boxes.Length / 4; n++)
        {
            var image = n / perImage;
            var colour = colours[(int)(n % perImage) % colours.Length];
            var (top, left, bottom, right) = (Line(boxes[4 * n], height), Line(boxes[(4 * n) + 1], width), Line(boxes[(4 * n) + 2], height), Line(boxes[(4 * n) + 3], width));
            if (top > bottom || left > right || top >= height || bottom < 0 || left >= width || right < 0)
            {
                continue;
            }

            for (var row = Math.Max(0, top); row <= Math.Min(height - 1, bottom); row++)
            {
                for (var column = Math.Max(0, left); column <= Math.Min(width - 1, right); column++)
                {
                    if (row == top || row == bottom || column == left || column == right)
                    {
                        colour.AsSpan(0, Math.Min(depth, colour.Length)).CopyTo(values.AsSpan((int)((((image * height) + row) * width) + column) * depth));
                    }
                }
            }
        }

        call.Output(0, values, x.Dimensions);
    }

    private static long Line(double share, long size) => (long)((float)share * (size - 1));
}
