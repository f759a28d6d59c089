using TfRunner.Cli.Output;
using TfRunner.Data.Formats;

namespace TfRunner.Cli.Prediction;

/// <summary>A run whose finished chunks are kept, so that another run goes on after them.</summary>
internal sealed class ResumableRun(PredictionRun run, ResumeJournal journal, RowErrors errors, TimeProvider time)
{
    // What a crash can cost.
    private static readonly TimeSpan ChunkTime = TimeSpan.FromSeconds(1);

    private readonly List<TensorValue[]> chunk = [];
    private long takenConsumed;
    private long takenFailed;
    private long chunkConsumed;
    private long chunkFailed;

    /// <summary>Predicts the rows that no finished chunk holds.</summary>
    /// <param name="source">The rows, from the run's first.</param>
    /// <param name="plan">How many rows go where.</param>
    /// <param name="quiet">Whether to say nothing.</param>
    /// <param name="cancellationToken">Ends the run early.</param>
    public void Run(IRowSource source, BatchPlan plan, bool quiet, CancellationToken cancellationToken)
    {
        if (journal.Chunks > 0 && !quiet)
        {
            ErrorReport.WriteLine("note", FormattableString.Invariant($"going on after {journal.Consumed} rows in {journal.Chunks} finished chunks"));
        }

        source.Skip(journal.Consumed);
        errors.AddEarlier(journal.FailedPositions);
        errors.Rewind(plan.Part.Position(journal.Consumed));
        var good = journal.Consumed - journal.Failed;
        var rest = plan with { Limit = plan.Limit == long.MaxValue ? plan.Limit : plan.Limit - good, FirstRow = journal.Consumed };
        var since = time.GetTimestamp();
        run.Batches(
            source,
            rest,
            errors,
            (results, consumed, failed) =>
            {
                chunk.Add([.. results.Select(static t => t.Clone())]);
                (chunkConsumed, chunkFailed) = (consumed, failed);
                if (time.GetElapsedTime(since) >= ChunkTime)
                {
                    Keep();
                    since = time.GetTimestamp();
                }
            },
            cancellationToken);
        if (chunk.Count > 0)
        {
            Keep();
        }
    }

    private void Keep()
    {
        // Reading is ahead of writing: only what failed before the chunk's last row belongs to it.
        var failed = errors.Positions((int)journal.Failed, (int)(chunkFailed - takenFailed));
        journal.Add(chunk, chunkConsumed - takenConsumed, failed);
        (takenConsumed, takenFailed) = (chunkConsumed, chunkFailed);
        foreach (var tensor in chunk.SelectMany(static c => c))
        {
            tensor.Dispose();
        }

        chunk.Clear();
    }
}
