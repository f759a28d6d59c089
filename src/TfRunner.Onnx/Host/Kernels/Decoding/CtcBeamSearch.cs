namespace TfRunner.Onnx.Host.Kernels.Decoding;

/// <summary>
/// Prefix beam search: a prefix's probability is the sum over all alignments that give it, kept apart by whether they end in the blank.
/// Prefixes form a tree that is kept from step to step, because one that left the beam may come back. Source: Graves, 7.5.3, and the
/// behaviour of TensorFlow's CTCBeamSearchDecoder, which grows the prefixes of the last step best first and drops the worst on the way.
/// </summary>
internal sealed class CtcBeamSearch
{
    private readonly int width;
    private readonly int classes;
    private List<Prefix> beam = [];

    /// <summary>Starts with the empty prefix.</summary>
    /// <param name="width">How many prefixes are kept; 1 or more.</param>
    /// <param name="classes">The number of classes; the last is the blank.</param>
    public CtcBeamSearch(int width, int classes)
    {
        this.width = width;
        this.classes = classes;
        var root = new Prefix(null, -1) { New = new(0, 0, double.NegativeInfinity) };
        beam.Add(root);
    }

    /// <summary>Takes a step.</summary>
    /// <param name="logits">One per class.</param>
    public void Step(ReadOnlySpan<double> logits)
    {
        var largest = double.NegativeInfinity;
        foreach (var v in logits)
        {
            largest = Math.Max(largest, v);
        }

        var sum = 0.0;
        foreach (var v in logits)
        {
            sum += Math.Exp(v - largest);
        }

        var normal = largest + Math.Log(sum);
        var branches = beam.OrderByDescending(static b => b.New.Total).ToList();
        var kept = new PriorityQueue<Prefix, double>();
        foreach (var b in branches)
        {
            b.Old = b.New;
        }

        foreach (var b in branches)
        {
            var label = b.New.Label;
            if (b.Parent is { } parent)
            {
                if (parent.IsActive)
                {
                    label = LogAdd(label, b.Label == parent.Label ? parent.Old.Blank : parent.Old.Total);
                }

                label += logits[b.Label] - normal;
            }

            var blank = b.Old.Total + logits[classes - 1] - normal;
            b.New = new(LogAdd(blank, label), blank, label);
            kept.Enqueue(b, b.New.Total);
        }

        foreach (var b in branches)
        {
            if (!IsCandidate(kept, b.Old.Total))
            {
                continue;
            }

            for (var label = 0; label < classes - 1; label++)
            {
                var child = b.Child(label);
                if (!child.IsActive)
                {
                    Grow(kept, b, child, logits[label] - normal);
                }
            }
        }

        beam = [.. kept.UnorderedItems.Select(static i => i.Element)];
    }

    /// <summary>The likeliest prefixes.</summary>
    /// <param name="count">How many at most.</param>
    /// <param name="merges">Whether runs of one label are taken once.</param>
    /// <returns>The labels and the logarithm of the probability, best first.</returns>
    public IReadOnlyList<(int[] Labels, double LogProbability)> Best(int count, bool merges) =>
        [.. beam.OrderByDescending(static b => b.New.Total).Take(count).Select(b => (b.Labels(merges), b.New.Total))];

    private void Grow(PriorityQueue<Prefix, double> kept, Prefix parent, Prefix child, double step)
    {
        var label = step + (child.Label == parent.Label ? parent.Old.Blank : parent.Old.Total);
        if (!IsCandidate(kept, label))
        {
            child.Old = child.New = Chance.None;
            return;
        }

        if (kept.Count == width)
        {
            kept.Dequeue().New = Chance.None;
        }

        child.New = new(label, double.NegativeInfinity, label);
        kept.Enqueue(child, label);
    }

    private bool IsCandidate(PriorityQueue<Prefix, double> kept, double total) =>
        total > double.NegativeInfinity && (kept.Count < width || (kept.TryPeek(out _, out var worst) && total > worst));

    private static double LogAdd(double a, double b)
    {
        var (high, low) = (Math.Max(a, b), Math.Min(a, b));
        return double.IsNegativeInfinity(low) ? high : high + Math.Log(1 + Math.Exp(low - high));
    }

    /// <summary>Logarithms of a prefix's probability, and of its parts that end in the blank and in the label.</summary>
    private readonly record struct Chance(double Total, double Blank, double Label)
    {
        public static Chance None { get; } = new(double.NegativeInfinity, double.NegativeInfinity, double.NegativeInfinity);
    }

    /// <summary>A label sequence, as the node of a tree that its last label leads to.</summary>
    private sealed class Prefix
    {
        private readonly Dictionary<int, Prefix> children = [];

        public Prefix(Prefix? parent, int label)
        {
            Parent = parent;
            Label = label;
        }

        public Prefix? Parent { get; }

        public int Label { get; }

        /// <summary>Before the step.</summary>
        public Chance Old { get; set; } = Chance.None;

        /// <summary>After the step.</summary>
        public Chance New { get; set; } = Chance.None;

        public bool IsActive => !double.IsNegativeInfinity(New.Total);

        public Prefix Child(int label)
        {
            if (!children.TryGetValue(label, out var child))
            {
                children[label] = child = new(this, label);
            }

            return child;
        }

        public int[] Labels(bool merges)
        {
            var labels = new List<int>();
            var last = -1;
            for (var p = this; p.Parent is not null; p = p.Parent)
            {
                if (!merges || p.Label != last)
                {
                    labels.Add(p.Label);
                }

                last = p.Label;
            }

            labels.Reverse();
            return [.. labels];
        }
    }
}
