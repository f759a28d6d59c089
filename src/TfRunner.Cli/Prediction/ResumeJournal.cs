using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using TfRunner.Data.Formats;
using TfRunner.Data.Formats.Numpy;

namespace TfRunner.Cli.Prediction;

/// <summary>
/// What a run that can be continued has finished: a directory beside the output with one <c>.npz</c> per finished chunk, whose
/// name says how many rows of the input it took and how many of them failed, and a file that says what is being run.
/// A chunk's file gets its name when it is whole, so a run that is killed at any moment leaves only whole chunks.
/// </summary>
internal sealed class ResumeJournal
{
    private const string FingerprintFile = "run.sha256";
    private readonly string directory;
    private readonly IReadOnlyList<string> names;

    private ResumeJournal(string directory, IReadOnlyList<string> names)
    {
        this.directory = directory;
        this.names = names;
        foreach (var file in Directory.GetFiles(directory, "*.npz").Order(StringComparer.Ordinal))
        {
            var parts = Path.GetFileNameWithoutExtension(file).Split('-');
            if (parts.Length == 3 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index == Chunks
                && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var consumed)
                && long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var failed))
            {
                Chunks++;
                Consumed += consumed;
                Failed += failed;
                if (failed > 0)
                {
                    FailedPositions.AddRange(File.ReadLines(PositionsOf(index)).Select(static l => long.Parse(l, CultureInfo.InvariantCulture)));
                }
            }
        }
    }

    /// <summary>Finished chunks.</summary>
    public int Chunks { get; private set; }

    /// <summary>Rows of the input that they took, failed ones too.</summary>
    public long Consumed { get; private set; }

    /// <summary>Rows that failed in them.</summary>
    public long Failed { get; private set; }

    /// <summary>Where the failed rows are in the input.</summary>
    public List<long> FailedPositions { get; } = [];

    /// <summary>Opens the journal of an output, or begins one.</summary>
    /// <param name="output">The output file.</param>
    /// <param name="names">The columns of the output.</param>
    /// <param name="fingerprint">Everything that the results depend on.</param>
    /// <returns>The journal.</returns>
    /// <exception cref="TfRunnerException">FailedPrecondition when the journal belongs to another run.</exception>
    public static ResumeJournal Open(string output, IReadOnlyList<string> names, IEnumerable<string> fingerprint)
    {
        var directory = output + ".resume";
        var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', fingerprint))));
        var file = Path.Combine(directory, FingerprintFile);
        if (!File.Exists(file))
        {
            Directory.CreateDirectory(directory);
            File.WriteAllText(file + ".partial", hash);
            File.Move(file + ".partial", file, overwrite: true);
        }
        else if (File.ReadAllText(file).Trim() != hash)
        {
            throw new TfRunnerException(
                ErrorCode.FailedPrecondition,
                ErrorStage.Usage,
                $"{directory} belongs to a run with another model, input or options",
                "delete it to start anew, or name another --output");
        }

        return new(directory, names);
    }

    /// <summary>Records a finished chunk.</summary>
    /// <param name="rows">Its rows, batch by batch; may be none.</param>
    /// <param name="consumed">Rows of the input that it took.</param>
    /// <param name="failed">Where the rows of them are that failed.</param>
    public void Add(IReadOnlyList<TensorValue[]> rows, long consumed, IReadOnlyList<long> failed)
    {
        if (failed.Count > 0)
        {
            // There before the chunk is, and without meaning until then.
            File.WriteAllLines(PositionsOf(Chunks), failed.Select(static p => p.ToString(CultureInfo.InvariantCulture)));
        }

        var path = Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"{Chunks:D9}-{consumed}-{failed.Count}.npz"));
        using (var sink = OutputFile.Create(path, names))
        {
            foreach (var batch in rows)
            {
                sink.Write(batch);
            }

            sink.Complete();
        }

        Chunks++;
        Consumed += consumed;
        Failed += failed.Count;
    }

    /// <summary>Writes all chunks in order.</summary>
    /// <param name="sink">Where to.</param>
    /// <param name="batchSize">Rows per write, as in the run itself.</param>
    /// <returns>How many rows.</returns>
    public long Assemble(IRowSink sink, int batchSize)
    {
        var total = 0L;
        foreach (var file in Directory.GetFiles(directory, "*.npz").Order(StringComparer.Ordinal).Take(Chunks))
        {
            using var reader = NpzReader.Open(file);
            if (reader.Keys.Count == 0)
            {
                continue;
            }

            var columns = names.Select(reader.Read).ToArray();
            var rows = columns[0].Dimensions[0];
            for (var at = 0L; at < rows; at += batchSize)
            {
                var batch = columns.Select(c => TensorRows.Take(c, at, Math.Min(batchSize, rows - at))).ToArray();
                sink.Write(batch);
                Array.ForEach(batch, static t => t.Dispose());
            }

            Array.ForEach(columns, static t => t.Dispose());
            total += rows;
        }

        return total;
    }

    private string PositionsOf(int index) => Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"{index:D9}.failed"));

    /// <summary>Ends the journal: the output is whole.</summary>
    public void Delete() => Directory.Delete(directory, recursive: true);
}
