namespace TfRunner.Onnx.Host.Kernels.Decoding;

/// <summary>
/// Label sequences out of connectionist temporal classification: logits [time, batch, classes] and the steps that each row has. Source: the
/// documentation of tf.nn.ctc_greedy_decoder and tf.nn.ctc_beam_search_decoder; A. Graves, Supervised Sequence Labelling, 7.5.
/// </summary>
internal sealed class CtcKernels : IHostKernelFamily
{
    /// <inheritdoc/>
    public void Register(HostRegistry registry)
    {
        registry.Add(Greedy, "CTCGreedyDecoder");
        registry.Add(Beam, "CTCBeamSearchDecoder");
    }

    /// <summary>CTCGreedyDecoder: the best class of each step, blanks left out and, with merge_repeated, runs of one class taken once.</summary>
    private static void Greedy(HostCall call)
    {
        var logits = Logits.Of(call);
        var merges = call.Attributes.Bool("merge_repeated");
        var blank = call.Attributes.Int("blank_index", -1);
        blank = blank < 0 ? blank + logits.Classes : blank;
        var paths = new List<int[]>();
        var scores = new double[logits.Batch];
        for (var row = 0; row < logits.Batch; row++)
        {
            var (path, last) = (new List<int>(), -1);
            for (var t = 0; t < logits.Lengths[row]; t++)
            {
                var step = logits.Step(t, row);
                var best = 0;
                for (var c = 1; c < step.Length; c++)
                {
                    best = step[c] > step[best] ? c : best;
                }

                scores[row] -= step[best];
                if (best != blank && !(merges && best == last))
                {
                    path.Add(best);
                }

                last = best;
            }

            paths.Add([.. path]);
        }

        Write(call, 0, paths, 1);
        call.Output(3, scores, logits.Batch, 1);
    }

    /// <summary>CTCBeamSearchDecoder: the top_paths likeliest label sequences of a search that keeps beam_width prefixes; the last class is the blank.</summary>
    private static void Beam(HostCall call)
    {
        var logits = Logits.Of(call);
        var width = (int)call.Attributes.Int("beam_width");
        var top = (int)call.Attributes.Int("top_paths");
        var merges = call.Attributes.Bool("merge_repeated", true);
        var found = Enumerable.Range(0, top).Select(static _ => new List<int[]>()).ToArray();
        var scores = new double[logits.Batch * top];
        for (var row = 0; row < logits.Batch; row++)
        {
            var search = new CtcBeamSearch(width, logits.Classes);
            for (var t = 0; t < logits.Lengths[row]; t++)
            {
                call.CancellationToken.ThrowIfCancellationRequested();
                search.Step(logits.Step(t, row));
            }

            var paths = search.Best(top, merges);
            if (paths.Count < top)
            {
                throw call.Invalid("Less leaves in the beam search than requested.");
            }

            for (var i = 0; i < top; i++)
            {
                found[i].Add(paths[i].Labels);
                scores[(row * top) + i] = paths[i].LogProbability;
            }
        }

        for (var i = 0; i < top; i++)
        {
            Write(call, i, found[i], top);
        }

        call.Output(3 * top, scores, logits.Batch, top);
    }

    /// <summary>A sparse matrix of a path per row: all indices come before all values before all shapes among the outputs.</summary>
    private static void Write(HostCall call, int output, List<int[]> paths, int count)
    {
        var values = paths.SelectMany(static p => p).Select(static v => (long)v).ToArray();
        var indices = paths.SelectMany(static (p, row) => Enumerable.Range(0, p.Length).SelectMany(i => (long[])[row, i])).ToArray();
        call.Output(output, indices, values.Length, 2);
        call.Output(output + count, values, values.Length);
        call.Output(output + (2 * count), [paths.Count, paths.Max(static p => (long?)p.Length) ?? 0], 2);
    }

    /// <summary>The operands of both ops.</summary>
    private sealed record Logits(double[] Values, int Batch, int Classes, long[] Lengths)
    {
        public static Logits Of(HostCall call)
        {
            var d = call.Tensor(0).Dimensions;
            if (d.Length != 3)
            {
                throw call.Invalid("inputs is not a 3-Tensor");
            }

            var lengths = call.Ints(1);
            if (lengths.Length != d[1])
            {
                throw call.Invalid(FormattableString.Invariant($"len(sequence_length) != batch_size.  len(sequence_length):  {lengths.Length} batch_size: {d[1]}"));
            }

            var steps = d[0];
            return Array.Exists(lengths, l => l > steps)
                ? throw call.Invalid(FormattableString.Invariant($"sequence_length(b) <= {steps} does not hold"))
                : new(call.Doubles(0), (int)d[1], (int)d[2], lengths);
        }

        public ReadOnlySpan<double> Step(int time, int row) => Values.AsSpan(((time * Batch) + row) * Classes, Classes);
    }
}
