using System.Runtime.CompilerServices;

namespace TfRunner.Data.Pipeline;

/// <summary>One run of a dataset: its elements, taken once, and what its stages are doing.</summary>
/// <typeparam name="T">The element type.</typeparam>
public sealed class RunningDataset<T> : IAsyncEnumerable<T>, IAsyncDisposable
{
    private readonly Dataset<T> dataset;
    private readonly PipelineRun run;
    private int taken;

    internal RunningDataset(Dataset<T> dataset, PipelineOptions options, CancellationToken cancellationToken)
    {
        this.dataset = dataset;
        run = new(options, cancellationToken);
    }

    /// <summary>What the stages have done so far; callable from any thread.</summary>
    /// <returns>The state now.</returns>
    public PipelineReport Report() => run.Report();

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The elements have been taken before.</exception>
    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        return Interlocked.Exchange(ref taken, 1) == 0
            ? Values(cancellationToken).GetAsyncEnumerator(cancellationToken)
            : throw new InvalidOperationException("The elements of a run are taken once; start another run.");
    }

    /// <summary>Ends the work in the background.</summary>
    /// <returns>Done when it has ended.</returns>
    public ValueTask DisposeAsync() => run.DisposeAsync();

    private async IAsyncEnumerable<T> Values([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using (run.ConfigureAwait(false))
        {
            // Stages end by the run's token; they are never left in the middle of a step.
            using var cancelled = cancellationToken.Register(run.Cancel);
            await using var elements = dataset.Open(run).GetAsyncEnumerator(run.Token);
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                run.BeginWait();
                var more = await elements.MoveNextAsync().ConfigureAwait(false);
                run.EndWait();
                if (!more)
                {
                    yield break;
                }

                yield return elements.Current.Value;
            }
        }
    }
}
