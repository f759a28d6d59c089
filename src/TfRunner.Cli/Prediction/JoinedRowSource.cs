using TfRunner.Data.Formats;

namespace TfRunner.Cli.Prediction;

/// <summary>Several sources side by side, each feeding some of a signature's inputs, with equally many rows.</summary>
internal sealed class JoinedRowSource : IRowSource
{
    private readonly IReadOnlyList<IRowSource> sources;
    private readonly int[][] targets;
    private readonly int inputCount;

    public JoinedRowSource(Signature signature, IReadOnlyList<InputBinding> bindings, IReadOnlyList<IRowSource> sources)
    {
        this.sources = sources;
        inputCount = signature.Inputs.Count;
        targets = [.. bindings.Select(b => b.Inputs.Select(i => signature.Inputs.ToList().IndexOf(i)).ToArray())];
        RowCount = sources.Select(static s => s.RowCount).Min();
        IgnoredColumns = [.. sources.SelectMany(static s => s.IgnoredColumns)];
    }

    public long? RowCount { get; }

    public IReadOnlyList<string> IgnoredColumns { get; }

    public TensorValue[]? Read(int maxRows)
    {
        var joined = new TensorValue[inputCount];
        var ended = 0;
        for (var i = 0; i < sources.Count; i++)
        {
            var part = sources[i].Read(maxRows);
            if (part is null)
            {
                ended++;
                continue;
            }

            for (var k = 0; k < part.Length; k++)
            {
                joined[targets[i][k]] = part[k];
            }
        }

        if (ended == 0)
        {
            return joined;
        }

        foreach (var tensor in joined)
        {
            tensor?.Dispose();
        }

        return ended == sources.Count
            ? null
            : throw TfRunnerException.ForData(ErrorCode.InvalidArgument, "the --input files have different numbers of rows");
    }

    public void Skip(long rows)
    {
        foreach (var source in sources)
        {
            source.Skip(rows);
        }
    }

    public void Dispose()
    {
        foreach (var source in sources)
        {
            source.Dispose();
        }
    }
}
