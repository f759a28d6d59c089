namespace TfRunner.Data.Pipeline.Stages;

/// <summary>Elements of a whole run, kept in memory.</summary>
internal sealed class MemoryCache<T>
{
    private IReadOnlyList<T>? kept;

    public async IAsyncEnumerable<Element<T>> Open(Dataset<T> source, PipelineRun run)
    {
        if (Volatile.Read(ref kept) is { } items)
        {
            var counters = run.AddStage("cache");
            foreach (var item in items)
            {
                counters.CountElement();
                yield return new(item);
            }

            yield break;
        }

        var gathered = new List<T>();
        var whole = true;
        await foreach (var element in source.Open(run).WithCancellation(run.Token).ConfigureAwait(false))
        {
            if (element.Error is null)
            {
                gathered.Add(element.Value);
            }
            else
            {
                whole = false;
            }

            yield return element;
        }

        if (whole)
        {
            Volatile.Write(ref kept, gathered);
        }
    }
}
