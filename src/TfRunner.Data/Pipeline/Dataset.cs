using System.Runtime.CompilerServices;

namespace TfRunner.Data.Pipeline;

/// <summary>Where datasets come from.</summary>
public static class Dataset
{
    /// <summary>For parallel calls and buffer sizes: tuned while running.</summary>
    public const int Auto = -1;

    /// <summary>A dataset over a sequence, enumerated anew by each run.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="source">The elements. Exceptions while enumerating arrive as the last element.</param>
    /// <param name="name">The stage's name in reports.</param>
    /// <returns>The dataset.</returns>
    public static Dataset<T> From<T>(IEnumerable<T> source, string name = "source")
    {
        ArgumentNullException.ThrowIfNull(source);
        return new(run => Sequence(source, run.AddStage(name), run.Token));
    }

    /// <summary>A dataset over an asynchronous stream, enumerated anew by each run.</summary>
    /// <inheritdoc cref="From{T}(IEnumerable{T}, string)"/>
    public static Dataset<T> From<T>(IAsyncEnumerable<T> source, string name = "source")
    {
        ArgumentNullException.ThrowIfNull(source);
        return new(run => Stream(source, run.AddStage(name), run.Token));
    }

    /// <summary>The whole numbers from <paramref name="start"/> on.</summary>
    /// <param name="start">The first number.</param>
    /// <param name="count">How many, 0 or more.</param>
    /// <returns>The dataset.</returns>
    public static Dataset<long> Range(long start, long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return From(Numbers(start, count), "range");
    }

    /// <summary>The files of a directory whose names match, in ordinal order of their paths.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="pattern">A pattern with <c>*</c> and <c>?</c>, such as <c>*.png</c>.</param>
    /// <param name="recursive">Whether directories below count too.</param>
    /// <returns>The dataset of paths; the directory is listed when it is run.</returns>
    public static Dataset<string> Files(string directory, string pattern = "*", bool recursive = false) =>
        From(ListFiles(directory, pattern, recursive), "files");

    private static IEnumerable<long> Numbers(long start, long count)
    {
        for (var i = 0L; i < count; i++)
        {
            yield return start + i;
        }
    }

    private static IEnumerable<string> ListFiles(string directory, string pattern, bool recursive)
    {
        var files = Directory.GetFiles(directory, pattern, recursive ? SearchOption.AllDirectories : SearchOption.TopDirectoryOnly);
        Array.Sort(files, StringComparer.Ordinal);
        foreach (var file in files)
        {
            yield return file;
        }
    }

    private static async IAsyncEnumerable<Element<T>> Sequence<T>(IEnumerable<T> source, StageCounters counters, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var items = source.GetEnumerator();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var since = counters.Now();
            Element<T> element;
            try
            {
                if (!items.MoveNext())
                {
                    yield break;
                }

                element = new(items.Current);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                counters.CountError();
                element = Element<T>.Failed(e);
            }

            counters.AddBusy(since);
            counters.CountElement();
            yield return element;
            if (element.Error is not null)
            {
                yield break;
            }
        }
    }

    private static async IAsyncEnumerable<Element<T>> Stream<T>(IAsyncEnumerable<T> source, StageCounters counters, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var items = source.GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            var since = counters.Now();
            Element<T> element;
            try
            {
                if (!await items.MoveNextAsync().ConfigureAwait(false))
                {
                    yield break;
                }

                element = new(items.Current);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                counters.CountError();
                element = Element<T>.Failed(e);
            }

            counters.AddBusy(since);
            counters.CountElement();
            yield return element;
            if (element.Error is not null)
            {
                yield break;
            }
        }
    }
}
