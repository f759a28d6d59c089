namespace TfRunner.Onnx.Host.Kernels;

/// <summary>
/// Recurrent cells as one op, as graphs of TensorFlow 1 have them. Source: the ops' documentation; S. Hochreiter and J. Schmidhuber, 1997, with
/// peepholes by F. Gers and J. Schmidhuber, 2000; K. Cho et al., 2014.
/// </summary>
internal sealed class CellKernels : IHostKernelFamily
{
    /// <inheritdoc/>
    public void Register(HostRegistry registry)
    {
        registry.Add(static call => Long(call, 0, steps: 1, rows: call.Tensor(0).Dimensions[0], call.Attributes.Float("forget_bias", 1), "icfo"), "LSTMBlockCell");
        registry.Add(static call => Sequence(call, call.Attributes.Float("forget_bias", 1), "icfo"), "BlockLSTM");
        registry.Add(static call => Sequence(call, 0, "ifco"), "BlockLSTMV2");
        registry.Add(Gated, "GRUBlockCell");
    }

    /// <summary>BlockLSTM: seq_len_max, then what the cell takes with x [time, batch, features]; steps from seq_len_max on give zeros.</summary>
    private static void Sequence(HostCall call, float forgetBias, string gates) =>
        Long(call, 1, call.Tensor(1).Dimensions[0], call.Tensor(1).Dimensions[1], forgetBias, gates);

    /// <summary>x, cs_prev, h_prev, w, wci, wcf, wco, b: input gate, cell state, forget gate, output gate, cell input, cell output and hidden state.</summary>
    private static void Long(HostCall call, int first, long steps, long rows, float forgetBias, string gates)
    {
        var (x, w, b) = (call.Doubles(first), call.Doubles(first + 3), call.Doubles(first + 7));
        var (state, hidden) = (call.Doubles(first + 1), call.Doubles(first + 2));
        var peepholes = Enumerable.Range(first + 4, 3).Select(call.Doubles).ToArray();
        var usesPeepholes = call.Attributes.Bool("use_peephole");
        var clip = call.Attributes.Float("cell_clip", gates == "icfo" ? 3 : 0);
        var (features, units) = ((int)call.Tensor(first).Dimensions[^1], (int)call.Tensor(first + 1).Dimensions[^1]);
        var taken = first == 0 ? 1 : Math.Min(steps, call.Int(0));
        var results = Enumerable.Range(0, 7).Select(_ => new double[steps * rows * units]).ToArray();
        for (var t = 0L; t < taken; t++)
        {
            var next = new double[hidden.Length];
            for (var row = 0L; row < rows; row++)
            {
                var sums = Product(x, ((t * rows) + row) * features, features, hidden, row * units, units, w, b, 4 * units);
                for (var u = 0; u < units; u++)
                {
                    var at = (row * units) + u;
                    double Gate(char name) => sums[(gates.IndexOf(name, StringComparison.Ordinal) * units) + u];
                    double Peephole(int which, double cell) => usesPeepholes ? peepholes[which][u] * cell : 0;
                    var input = Logistic(Gate('i') + Peephole(0, state[at]));
                    var forget = Logistic(Gate('f') + forgetBias + Peephole(1, state[at]));
                    var candidate = Math.Tanh(Gate('c'));
                    var cell = (candidate * input) + (state[at] * forget);
                    cell = clip > 0 ? Math.Clamp(cell, -clip, clip) : cell;
                    var output = Logistic(Gate('o') + Peephole(2, cell));
                    state[at] = cell;
                    next[at] = Math.Tanh(cell) * output;
                    double[] all = [input, cell, forget, output, candidate, Math.Tanh(cell), next[at]];
                    for (var i = 0; i < all.Length; i++)
                    {
                        results[i][(t * rows * units) + at] = all[i];
                    }
                }
            }

            hidden = next;
        }

        for (var i = 0; i < results.Length; i++)
        {
            call.Output(i, results[i], first == 0 ? [rows, units] : [steps, rows, units]);
        }
    }

    /// <summary>GRUBlockCell: x, h_prev, w_ru, w_c, b_ru, b_c: reset gate, update gate, candidate and hidden state.</summary>
    private static void Gated(HostCall call)
    {
        var (x, hidden) = (call.Doubles(0), call.Doubles(1));
        var (gates, candidate, gateBias, candidateBias) = (call.Doubles(2), call.Doubles(3), call.Doubles(4), call.Doubles(5));
        var (rows, features, units) = (call.Tensor(0).Dimensions[0], (int)call.Tensor(0).Dimensions[1], (int)call.Tensor(1).Dimensions[1]);
        var results = Enumerable.Range(0, 4).Select(_ => new double[rows * units]).ToArray();
        for (var row = 0L; row < rows; row++)
        {
            var at = row * units;
            var both = Product(x, row * features, features, hidden, at, units, gates, gateBias, 2 * units);
            var kept = Enumerable.Range(0, units).Select(u => hidden[at + u] * Logistic(both[u])).ToArray();
            var fresh = Product(x, row * features, features, kept, 0, units, candidate, candidateBias, units);
            for (var u = 0; u < units; u++)
            {
                var (update, c) = (Logistic(both[units + u]), Math.Tanh(fresh[u]));
                double[] all = [Logistic(both[u]), update, c, ((1 - update) * c) + (update * hidden[at + u])];
                for (var i = 0; i < all.Length; i++)
                {
                    results[i][at + u] = all[i];
                }
            }
        }

        for (var i = 0; i < results.Length; i++)
        {
            call.Output(i, results[i], rows, units);
        }
    }

    private static double Logistic(double x) => 1 / (1 + Math.Exp(-x));

    /// <summary>A row of x and a row of h, one after the other, by a matrix, and a bias.</summary>
    private static double[] Product(double[] x, long atX, int features, double[] h, long atH, int units, double[] matrix, double[] bias, int columns)
    {
        var sums = bias.ToArray();
        for (var i = 0; i < features + units; i++)
        {
            var value = i < features ? x[atX + i] : h[atH + i - features];
            for (var j = 0; j < columns; j++)
            {
                sums[j] += value * matrix[(i * columns) + j];
            }
        }

        return sums;
    }
}
