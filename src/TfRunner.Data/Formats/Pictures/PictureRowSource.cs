using System.Text;
using TfRunner.Data.Images;
using TfRunner.Data.Pipeline;

namespace TfRunner.Data.Formats.Pictures;

/// <summary>Picture files as rows, decoded side by side ahead of the reading, in the order of the files.</summary>
public sealed class PictureRowSource : IRowSource, ISkippingSource, IReportingSource
{
    // Pictures that wait decoded, at most: a batch or two.
    private const int Ahead = 64;

    private readonly IReadOnlyList<string> paths;
    private readonly IReadOnlyList<TensorSpec> inputs;
    private readonly PictureReader? reader;
    private readonly PictureReading options;
    private readonly PipelineOptions? pipeline;
    private RunningDataset<Row>? run;
    private IAsyncEnumerator<Row>? elements;
    private TfRunnerException? failure;
    private int first;

    /// <summary>Makes rows of files. Nothing is read yet.</summary>
    /// <param name="paths">The files.</param>
    /// <param name="inputs">One input for the picture (decoded where it is numeric, as the file's bytes where it is a string); kept columns <c>path</c> and <c>label</c>.</param>
    /// <param name="options">How pictures are decoded.</param>
    /// <param name="pipeline">How they are decoded ahead; null for the defaults.</param>
    /// <exception cref="TfRunnerException">InvalidArgument when the inputs take no pictures.</exception>
    public PictureRowSource(IReadOnlyList<string> paths, IReadOnlyList<TensorSpec> inputs, PictureReading options, PipelineOptions? pipeline = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(options);
        (this.paths, this.inputs, this.options, this.pipeline) = (paths, inputs, options, pipeline);
        var fed = inputs.Where(static i => !KeptColumn.Is(i)).ToList();
        if (fed.Count != 1 || inputs.Any(static i => KeptColumn.Is(i) && i.Name is not ("path" or "label")))
        {
            throw TfRunnerException.ForData(
                ErrorCode.InvalidArgument,
                fed.Count != 1 ? $"pictures feed one input, not {string.Join("; ", fed)}" : "pictures have two columns to keep: path and label",
                fed.Count != 1 ? "bind it by name: --input name=DIRECTORY" : null);
        }

        reader = fed[0].DType == DType.String ? null : new(options.Apply(PictureOptions.For(fed[0])));
    }

    /// <inheritdoc/>
    public long? RowCount => paths.Count;

    /// <inheritdoc/>
    public IReadOnlyList<string> IgnoredColumns => [];

    /// <inheritdoc/>
    public bool CanGoOn => true;

    /// <inheritdoc/>
    public PipelineReport? Report => run?.Report();

    /// <inheritdoc/>
    public TensorValue[]? Read(int maxRows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRows, 1);
        if (failure is { } before)
        {
            failure = null;
            throw before;
        }

        Start();
        var gathered = new List<Row>();
        while (gathered.Count < maxRows && elements!.MoveNextAsync().AsTask().GetAwaiter().GetResult())
        {
            if (elements.Current.Failure is { } error)
            {
                if (gathered.Count == 0)
                {
                    throw error;
                }

                failure = error;
                break;
            }

            gathered.Add(elements.Current);
        }

        return gathered.Count == 0 ? null : [.. inputs.Select(i => Column(i, gathered))];
    }

    /// <inheritdoc/>
    public void Skip(long rows)
    {
        if (run is null)
        {
            first = (int)Math.Min(paths.Count, first + rows);
            return;
        }

        for (; rows > 0 && elements!.MoveNextAsync().AsTask().GetAwaiter().GetResult(); rows--)
        {
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        elements?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        run?.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private void Start()
    {
        if (run is null)
        {
            run = Dataset.From(paths.Skip(first), "files").Map(Load, options.ParallelCalls, name: "decode").Prefetch(Ahead).Start();
            elements = run.GetAsyncEnumerator();
        }
    }

    private Row Load(string path)
    {
        try
        {
            var bytes = File.ReadAllBytes(path);
            return new(path, reader is null ? TensorValue.FromStrings([bytes]) : reader.Read(bytes, path), null);
        }
        catch (TfRunnerException e)
        {
            return new(path, null, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new(path, null, TfRunnerException.ForData(ErrorCode.PermissionDenied, $"{path} cannot be read: {e.Message}", null, e));
        }
    }

    private static TensorValue Column(TensorSpec input, List<Row> gathered)
    {
        if (KeptColumn.Is(input))
        {
            return TensorValue.FromStrings(
                gathered.Select(r => Encoding.UTF8.GetBytes(input.Name == "path" ? r.Path : Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(r.Path))!))).ToArray(),
                gathered.Count);
        }

        var pictures = gathered.ConvertAll(static r => r.Picture!);
        var odd = pictures.FindIndex(p => !p.Dimensions.SequenceEqual(pictures[0].Dimensions));
        if (odd >= 0)
        {
            throw TfRunnerException.ForData(
                ErrorCode.InvalidArgument,
                $"{gathered[odd].Path} is {TensorShape.Format(pictures[odd].Dimensions)} and {gathered[0].Path} {TensorShape.Format(pictures[0].Dimensions)}: one batch holds one size",
                "use --batch-size 1, or give a size: --size 224x224");
        }

        var stacked = TensorDatasets.Stack(pictures, padded: false, 0);
        pictures.ForEach(static p => p.Dispose());
        return stacked;
    }

    private sealed record Row(string Path, TensorValue? Picture, TfRunnerException? Failure) : IMeasured
    {
        public long ByteLength => Picture?.ByteLength ?? 0;
    }
}
