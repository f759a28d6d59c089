using System.Runtime.CompilerServices;
using TfRunner.Cli.Output;
using TfRunner.Data.Formats;
using TfRunner.Data.Pipeline;

namespace TfRunner.Cli.Prediction;

/// <summary>Moves rows from a source through a predictor into a sink: reading, predicting and writing overlap, in order.</summary>
internal sealed class PredictionRun(Predictor predictor, IReadOnlyList<int> outputs, ProgressLine progress)
{
    // Batches between the predictor and the sink.
    private const int Written = 2;

    private RunningDataset<RowBatch>? reading;
    private IReportingSource? inner;
    private bool isOneOfMany;

    /// <summary>Rows predicted so far.</summary>
    public long Rows { get; private set; }

    /// <summary>What reading has done, with the stages of the source itself; null for arrays that go in whole.</summary>
    public PipelineReport? Report => reading?.Report() is { } report ? report.WithSource("read", inner?.Report) : null;

    /// <summary>What the run did when.</summary>
    public Timeline Timeline { get; } = new();

    /// <summary>Passes arrays to one call as they are.</summary>
    /// <param name="inputs">One array per input.</param>
    /// <param name="sink">Where results go.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    public void Whole(TensorValue[] inputs, IRowSink sink, CancellationToken cancellationToken)
    {
        var results = predictor.Predict(inputs, cancellationToken);
        var chosen = outputs.Select(i => results[i]).ToArray();

        if (Array.TrueForAll(chosen, o => o.Rank > 0 && o.Dimensions[0] == chosen[0].Dimensions[0]))
        {
            sink.Write(chosen);
            Rows += chosen[0].Dimensions[0];
        }
        else
        {
            sink.WriteCall(chosen);
            Rows++;
        }

        Dispose(results);
    }

    /// <summary>Predicts batch by batch.</summary>
    /// <param name="source">The rows: the signature's inputs, then kept columns.</param>
    /// <param name="plan">How many rows go where.</param>
    /// <param name="errors">What becomes of rows that cannot be read.</param>
    /// <param name="write">Takes the kept columns and the outputs of each batch, the rows taken from the source up to its end, and the failed ones of them.</param>
    /// <param name="cancellationToken">Ends the run early.</param>
    public void Batches(IRowSource source, BatchPlan plan, RowErrors errors, Action<TensorValue[], long, long> write, CancellationToken cancellationToken)
    {
        inner = source as IReportingSource;

        // Reading has a thread of its own and is measured against the model; so has predicting, against the sink.
        reading = Dataset.From(Read(source, plan, errors), "read").Prefetch(plan.Prefetch).Start(plan.Pipeline, cancellationToken);
        var predicted = Dataset.From(Predict(reading, plan, cancellationToken), "predict").Prefetch(Written).Start(cancellationToken: cancellationToken);
        Drain().GetAwaiter().GetResult();

        async Task Drain()
        {
            await foreach (var results in predicted.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                write(results.Tensors, results.Consumed, results.Failed);
                Rows += results.Tensors[0].Dimensions[0];
                Timeline.Observe(Rows, () => Report!);
                progress.Report(Rows, () => Report);
                Dispose(results.Tensors);
            }
        }
    }

    private static IEnumerable<RowBatch> Read(IRowSource source, BatchPlan plan, RowErrors errors)
    {
        var left = plan.Limit;
        var consumed = 0L;
        var failed = 0L;
        var ended = false;
        var parts = new List<TensorValue[]>();
        while (left > 0 && !ended)
        {
            // Bad rows and the ends of files do not cut a batch short.
            var rows = 0L;
            var most = Math.Min(plan.BatchSize, left);
            while (rows < most && !ended)
            {
                TensorValue[]? part;
                try
                {
                    part = source.Read((int)(most - rows));
                }
                catch (TfRunnerException e) when (errors.GoesOn && source is ISkippingSource { CanGoOn: true })
                {
                    errors.Add(plan.Part.Position(plan.FirstRow + consumed), e);
                    consumed++;
                    failed++;
                    continue;
                }

                if (part is null)
                {
                    ended = true;
                    break;
                }

                if (parts.Count > 0 && !Fit(parts[0], part))
                {
                    yield return new(Join(parts), consumed, failed);
                    left -= rows;
                    rows = 0;
                    most = Math.Min(plan.BatchSize, left);
                }

                parts.Add(part);
                rows += RowsOf(part);
                consumed += RowsOf(part);
            }

            if (rows > 0)
            {
                left -= rows;
                yield return new(Join(parts), consumed, failed);
            }
        }
    }

    private static bool Fit(TensorValue[] first, TensorValue[] second) =>
        first.Zip(second).All(static p => p.First.Rank == 0 || p.First.Dimensions[1..].SequenceEqual(p.Second.Dimensions[1..]));

    private static TensorValue[] Join(List<TensorValue[]> parts)
    {
        var joined = parts.Count == 1 ? parts[0] : [.. parts[0].Select((first, i) => first.Rank == 0 ? first : TensorRows.Concatenate(parts.ConvertAll(p => p[i])))];
        if (parts.Count > 1)
        {
            Dispose(parts.SelectMany(static p => p).Where(t => !joined.Contains(t)));
        }

        parts.Clear();
        return joined;
    }

    private async IAsyncEnumerable<RowBatch> Predict(RunningDataset<RowBatch> batches, BatchPlan plan, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var batch in batches.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            yield return batch with { Tensors = Call(batch.Tensors, plan, cancellationToken) };
        }
    }

    private TensorValue[] Call(TensorValue[] batch, BatchPlan plan, CancellationToken cancellationToken)
    {
        var names = predictor.Signature.Outputs;
        var rows = RowsOf(batch);
        var inputs = batch[..predictor.Signature.Inputs.Count];
        var kept = batch[inputs.Length..];
        var full = plan.PadTo ?? BatchSize.Filled((int)rows, plan.BatchSize, plan.IsFilled || isOneOfMany);
        isOneOfMany = true;
        if (full != rows)
        {
            BatchSize.Pad(inputs, full);
        }

        var results = predictor.Predict(inputs, cancellationToken);
        var chosen = new TensorValue[outputs.Count];
        for (var i = 0; i < chosen.Length; i++)
        {
            var result = results[outputs[i]];
            if (result.Rank == 0 || result.Dimensions[0] != full)
            {
                throw TfRunnerException.ForData(
                    ErrorCode.InvalidArgument,
                    $"output '{names[outputs[i]].Name}' has shape {TensorShape.Format(result.Dimensions)} for {rows} rows: it is not one value per row",
                    "leave it out with --outputs, or pass arrays whole: .npz without --batch-size");
            }

            chosen[i] = result.Dimensions[0] == rows ? result : TensorRows.Take(result, 0, rows);
        }

        Dispose(results.Where(r => !chosen.Contains(r)));
        Dispose(inputs);
        return [.. kept, .. chosen];
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
