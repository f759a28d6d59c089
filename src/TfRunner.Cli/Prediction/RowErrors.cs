using System.Text.Json;

namespace TfRunner.Cli.Prediction;

/// <summary>What becomes of rows that cannot be read: the run stops, or they are passed over, or passed over and noted in a file beside the output.</summary>
/// <param name="policy">What becomes of them.</param>
/// <param name="quarantinePath">The file they are noted in as JSON lines; null unless they are quarantined.</param>
internal sealed class RowErrors(RowErrorPolicy policy, string? quarantinePath) : IDisposable
{
    private readonly Lock gate = new();
    private readonly List<long> positions = [];
    private StreamWriter? quarantine;

    /// <summary>Whether rows that fail are passed over.</summary>
    public bool GoesOn => policy != RowErrorPolicy.Stop;

    /// <summary>How many rows were passed over.</summary>
    public long Count { get; private set; }

    /// <summary>Their positions in the input, in order.</summary>
    /// <param name="first">The first of them.</param>
    /// <param name="count">How many; null for all that follow.</param>
    /// <returns>The positions, from 0.</returns>
    public IReadOnlyList<long> Positions(int first = 0, int? count = null)
    {
        lock (gate)
        {
            return positions.GetRange(first, count ?? (positions.Count - first));
        }
    }

    /// <summary>Takes one error.</summary>
    /// <param name="position">The row's position in the input, from 0.</param>
    /// <param name="error">What is wrong with it.</param>
    public void Add(long position, TfRunnerException error)
    {
        lock (gate)
        {
            Count++;
            positions.Add(position);
        }

        if (policy != RowErrorPolicy.Quarantine || quarantinePath is null)
        {
            return;
        }

        quarantine ??= new(quarantinePath, append: true);
        var line = new MemoryStream();
        using (var writer = new Utf8JsonWriter(line))
        {
            writer.WriteStartObject();
            writer.WriteNumber("position", position);
            writer.WriteString("code", error.Code.ToString());
            writer.WriteString("error", error.Message);
            writer.WriteEndObject();
        }

        quarantine.WriteLine(System.Text.Encoding.UTF8.GetString(line.ToArray()));
        quarantine.Flush();
    }

    /// <summary>Forgets what is noted of rows from a position on: they are read again.</summary>
    /// <param name="position">The first row's position.</param>
    public void Rewind(long position)
    {
        if (quarantinePath is null || !File.Exists(quarantinePath))
        {
            return;
        }

        var kept = File.ReadAllLines(quarantinePath).Where(l =>
        {
            using var line = JsonDocument.Parse(l);
            return line.RootElement.GetProperty("position").GetInt64() < position;
        }).ToList();
        File.WriteAllLines(quarantinePath, kept);
    }

    /// <summary>Counts rows that failed before this run went on.</summary>
    /// <param name="earlier">Where they were.</param>
    public void AddEarlier(IReadOnlyList<long> earlier)
    {
        Count += earlier.Count;
        positions.AddRange(earlier);
    }

    public void Dispose() => quarantine?.Dispose();
}
