using System.Globalization;
using System.Runtime.InteropServices;

namespace TfRunner.Data.Formats.TfRecord;

/// <summary>Rows of TFRecord files of tf.Example: a feature per input. Checksums are checked.</summary>
public sealed class TfRecordRowSource : BlockRowSource
{
    private const int BlockRows = 64;
    private readonly RecordReader reader;
    private readonly string path;
    private readonly IReadOnlyList<TensorSpec> inputs;
    private readonly PictureReading pictures;
    private readonly ColumnDefaults defaults;
    private readonly bool serialized;
    private long row;

    /// <summary>Opens a file.</summary>
    /// <param name="stream">The bytes; disposed with the source.</param>
    /// <param name="path">The file to name in errors.</param>
    /// <param name="inputs">The inputs to read, by name. A single string input that no feature has the name of takes the serialized examples themselves.</param>
    /// <param name="pictures">How encoded pictures are decoded.</param>
    /// <param name="defaults">What stands in for missing features.</param>
    public TfRecordRowSource(Stream stream, string path, IReadOnlyList<TensorSpec> inputs, PictureReading? pictures = null, ColumnDefaults? defaults = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        reader = new(stream, path);
        (this.path, this.inputs, this.pictures) = (path, inputs, pictures ?? new());
        this.defaults = defaults ?? ColumnDefaults.None;
        try
        {
            if (reader.Next() is { } first)
            {
                // The first example stands for the schema: it is checked before any row is given.
                serialized = inputs is [{ DType: DType.String } only] && !KeptColumn.Is(only) && !this.defaults.Has(only.Name) && !Features(first).ContainsKey(only.Name);
                Pending = first;
                if (!serialized)
                {
                    IgnoredColumns = [.. Features(first).Keys.Where(k => !inputs.Any(i => i.Name == k)).Order(StringComparer.Ordinal)];
                    Array.ForEach(Block([Features(first)]), static t => t.Dispose());
                }
            }
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    private byte[]? Pending { get; set; }

    /// <inheritdoc/>
    protected override TensorValue[]? NextBlock()
    {
        var records = new List<byte[]>();
        while (records.Count < BlockRows && (Pending ?? reader.Next()) is { } record)
        {
            Pending = null;
            records.Add(record);
        }

        if (records.Count == 0)
        {
            return null;
        }

        var block = serialized
            ? [TensorValue.FromStrings(records.ToArray(), records.Count)]
            : Block(records.ConvertAll(Features));
        row += records.Count;
        return block;
    }

    /// <inheritdoc/>
    protected override void Close() => reader.Dispose();

    private Dictionary<string, ExampleFeature> Features(byte[] record) => ExampleParser.Parse(record, $"{path}, near record {row + 1}");

    private TensorValue[] Block(List<Dictionary<string, ExampleFeature>> examples) => [.. inputs.Select(input => Column(input, examples))];

    private TensorValue Column(TensorSpec input, List<Dictionary<string, ExampleFeature>> examples)
    {
        var source = FormattableString.Invariant($"{path}, feature '{input.Name}' of records {row + 1} to {row + examples.Count}");
        var present = examples.Find(e => e.TryGetValue(input.Name, out var f) && !f.IsEmpty)?[input.Name];
        var standIn = defaults.Has(input.Name) && examples.Exists(e => !e.TryGetValue(input.Name, out var f) || f.IsEmpty) ? StandIn(input, present) : null;
        var found = examples.ConvertAll(e => e.TryGetValue(input.Name, out var feature) && (standIn is null || !feature.IsEmpty)
            ? feature
            : standIn is not null ? standIn
            : throw TfRunnerException.ForData(ErrorCode.NotFound, $"{source}: a record lacks it (input {input})", $"its features are: {string.Join(", ", e.Keys.Order(StringComparer.Ordinal))}"));
        return found[0] switch
        {
            { Floats: not null } => ColumnTensor.Of(input, Gather(static f => f.Floats), examples.Count, source),
            { Integers: not null } => ColumnTensor.Of(input, Gather(static f => f.Integers), examples.Count, source),
            _ => ColumnTensor.Of(input, Gather(static f => f.Bytes).ToArray(), examples.Count, source, pictures),
        };

        // As many values as a row has, of the kind that the other records hold.
        ExampleFeature StandIn(TensorSpec of, ExampleFeature? like)
        {
            using var row = defaults.Rows(of, 1)!;
            var width = (int)row.Length;
            var text = ElementText.Format(row, 0);
            return like?.Floats is not null || (like is null && of.DType.IsFloating()) ? new() { Floats = Repeat(float.Parse(text, CultureInfo.InvariantCulture)) }
                : like?.Integers is not null || (like is null && !of.DType.IsFloating() && of.DType != DType.String) ? new() { Integers = Repeat(of.DType == DType.Bool ? row.Bytes[0] : (long)double.Parse(text, CultureInfo.InvariantCulture)) }
                : new() { Bytes = Repeat(System.Text.Encoding.UTF8.GetBytes(text)) };

            List<T> Repeat<T>(T value) => [.. Enumerable.Repeat(value, width)];
        }

        ReadOnlySpan<T> Gather<T>(Func<ExampleFeature, List<T>?> list)
        {
            var all = new List<T>();
            var width = list(found[0])?.Count;
            foreach (var feature in found)
            {
                if (list(feature) is not { } values || values.Count != width)
                {
                    throw TfRunnerException.ForData(ErrorCode.InvalidArgument, $"{source}: records have different numbers or types of values", "pad them to one length");
                }

                all.AddRange(values);
            }

            return CollectionsMarshal.AsSpan(all);
        }
    }
}
