namespace TfRunner.Onnx.Host.Kernels.Examples;

/// <summary>
/// Mfcc: the logarithm of a spectrogram's square root under triangular windows that are evenly spaced on the mel scale, and a
/// cosine transform of that. Source: the documentation of TensorFlow's Mfcc op and kernel, which follow HTK: the first bin
/// (DC) is left out, each bin counts for two neighbouring windows, and 1e-12 is the floor of what is taken a logarithm of.
/// </summary>
internal sealed class MelCepstrum
{
    private const double Floor = 1e-12;

    private readonly int first;
    private readonly int last;
    private readonly int[] windows;
    private readonly double[] weights;
    private readonly double[] cosines;
    private readonly int count;
    private readonly int coefficients;

    private MelCepstrum(HostNode node, long bins, long rate)
    {
        (count, coefficients) = ((int)node.Attributes.Int("filterbank_channel_count", 40), (int)node.Attributes.Int("dct_coefficient_count", 13));
        double lower = node.Attributes.Float("lower_frequency_limit", 20), upper = node.Attributes.Float("upper_frequency_limit", 4000);
        if (count < 1 || coefficients < 1 || coefficients > count || rate <= 0 || bins < 2 || lower < 0 || upper <= lower)
        {
            throw node.Error(ErrorCode.InvalidArgument, FormattableString.Invariant($"Mfcc initialization failed for channel count {bins} and sample rate {rate}"));
        }

        var step = 0.5 * rate / (bins - 1);
        first = (int)(1.5 + (lower / step));
        last = (int)(upper / step);
        if (last >= bins)
        {
            throw node.Error(
                ErrorCode.InvalidArgument, FormattableString.Invariant($"a spectrogram of {bins} bins at {rate} Hz ends below the upper frequency limit of {upper} Hz"));
        }

        var spacing = (Mel(upper) - Mel(lower)) / (count + 1);
        windows = new int[bins];
        weights = new double[bins];
        var window = -1;
        for (var i = first; i <= last; i++)
        {
            var mel = Mel(i * step);
            while (window + 1 < count && Centre(window + 1) < mel)
            {
                window++;
            }

            windows[i] = window;
            weights[i] = (Centre(window + 1) - mel) / (Centre(window + 1) - Centre(window));
        }

        cosines = new double[coefficients * count];
        for (var i = 0; i < cosines.Length; i++)
        {
            cosines[i] = Math.Sqrt(2.0 / count) * Math.Cos(i / count * (Math.PI / count) * ((i % count) + 0.5));
        }

        double Centre(int channel) => Mel(lower) + (spacing * (channel + 1));
    }

    /// <summary>Computes a batch: [channels, samples, bins] and the sample rate to [channels, samples, coefficients].</summary>
    /// <param name="call">The call.</param>
    public static void Run(HostCall call)
    {
        var x = call.Tensor(0);
        if (x.Rank != 3)
        {
            throw call.Invalid("spectrogram must be 3-dimensional");
        }

        var bins = x.Dimensions[2];
        var cepstrum = new MelCepstrum(call.Node, bins, call.Int(1));
        var values = call.Doubles(0);
        var rows = (int)(x.Dimensions[0] * x.Dimensions[1]);
        var result = new double[rows * cepstrum.coefficients];
        for (var row = 0; row < rows; row++)
        {
            cepstrum.Row(values.AsSpan(row * (int)bins, (int)bins), result.AsSpan(row * cepstrum.coefficients, cepstrum.coefficients));
        }

        call.Output(0, result, x.Dimensions[0], x.Dimensions[1], cepstrum.coefficients);
    }

    private static double Mel(double frequency) => 1127 * Math.Log(1 + (frequency / 700));

    private void Row(ReadOnlySpan<double> spectrum, Span<double> result)
    {
        var sums = new double[count];
        for (var i = first; i <= last; i++)
        {
            var magnitude = Math.Sqrt(spectrum[i]);
            var falling = magnitude * weights[i];
            if (windows[i] >= 0)
            {
                sums[windows[i]] += falling;
            }

            if (windows[i] + 1 < count)
            {
                sums[windows[i] + 1] += magnitude - falling;
            }
        }

        for (var i = 0; i < result.Length; i++)
        {
            var sum = 0.0;
            for (var j = 0; j < count; j++)
            {
                sum += cosines[(i * count) + j] * Math.Log(Math.Max(sums[j], Floor));
            }

            result[i] = sum;
        }
    }
}
