using TfRunner.Cli.Output;
using TfRunner.Data.Formats;

namespace TfRunner.Cli.Prediction;

/// <summary>Moves rows from a source through a predictor into a sink.</summary>
internal sealed class PredictionRun(Predictor predictor, IRowSink sink, IReadOnlyList<int> outputs, ProgressLine progress)
{
    /// <summary>Rows written so far.</summary>
    public long Rows { get; private set; }

    /// <summary>Passes arrays to one call as they are.</summary>
    /// <param name="inputs">One array per input.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    public void Whole(TensorValue[] inputs, CancellationToken cancellationToken)
    {
        var results = predictor.Predict(inputs, cancellationToken);
        var chosen = outputs.Select(i => results[i]).ToArray();

        // Outputs that do not share a first dimension are no rows of one table: the call as a whole is one row.
        var shared = chosen.All(o => o.Rank > 0 && o.Dimensions[0] == chosen[0].Dimensions[0]);
        sink.Write(shared ? chosen : [.. chosen.Select(static o => o.Reshape([1, .. o.Dimensions]))]);
        Rows += shared ? chosen[0].Dimensions[0] : 1;
        Dispose(results);
    }

    /// <summary>Predicts batch by batch.</summary>
    /// <param name="source">The rows.</param>
    /// <param name="batchSize">Rows per call.</param>
    /// <param name="padTo">The rows that each call must have; null where any number will do.</param>
    /// <param name="limit">The most rows to predict.</param>
    /// <param name="cancellationToken">Ends the run early.</param>
    public void Batches(IRowSource source, int batchSize, int? padTo, long limit, CancellationToken cancellationToken)
    {
        var names = predictor.Signature.Outputs;
        while (Rows < limit && source.Read((int)Math.Min(batchSize, limit - Rows)) is { } inputs)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var rows = RowsOf(inputs);
            if (padTo is { } full)
            {
                BatchSize.Pad(inputs, full);
            }

            var results = predictor.Predict(inputs, cancellationToken);
            var chosen = new TensorValue[outputs.Count];
            for (var i = 0; i < chosen.Length; i++)
            {
                var result = results[outputs[i]];
                if (result.Rank == 0 || result.Dimensions[0] != (padTo ?? rows))
                {
                    throw TfRunnerException.ForData(
                        ErrorCode.InvalidArgument,
                        $"output '{names[outputs[i]].Name}' has shape {TensorShape.Format(result.Dimensions)} for {rows} rows: it is not one value per row",
                        "leave it out with --outputs, or pass arrays whole: .npz without --batch-size");
                }

                chosen[i] = result.Dimensions[0] == rows ? result : TensorRows.Take(result, 0, rows);
            }

            sink.Write(chosen);
            Rows += rows;
            progress.Report(Rows);
            Dispose(chosen);
            Dispose(results);
            Dispose(inputs);
        }
    }

    private static long RowsOf(TensorValue[] inputs) => inputs.FirstOrDefault(static i => i.Rank > 0)?.Dimensions[0] ?? 1;

    private static void Dispose(IEnumerable<TensorValue> tensors)
    {
        foreach (var tensor in tensors)
        {
            tensor.Dispose();
        }
    }
}
