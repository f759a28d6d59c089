using System.Globalization;
using TfRunner.Cli.Output;
using TfRunner.Graphs;

namespace TfRunner.Cli.Inspection;

/// <summary>What <c>inspect</c> prints for people.</summary>
internal static class InspectionText
{
    public static void Write(TextWriter writer, SavedModel model, IReadOnlyList<Signature> signatures, IReadOnlyList<SignatureSupport> support, int most)
    {
        writer.WriteLine($"model      {(model.IsFrozenGraph ? $"{model.File} (a frozen graph)" : model.Directory)}");
        writer.WriteLine($"written by {Writers(model)}");
        writer.WriteLine($"tags       {string.Join(", ", model.Tags)}{OtherTags(model)}");
        foreach (var signature in signatures)
        {
            WriteSignature(writer, model, signature, support, most);
        }

        if (model.Signatures.Count == 0 || most == int.MaxValue)
        {
            WriteNodes(writer, model, most);
        }

        if (model.Checkpoint is { Entries.Count: > 0 } checkpoint)
        {
            var entries = checkpoint.Entries.Where(static e => e.DType != DType.String).ToList();
            writer.WriteLine();
            writer.WriteLine($"variables  {Count(entries.Count, "tensor")}, {Size(entries.Sum(static e => e.ByteSize))}");
            TextTable.Write(writer, ["  name", "dtype", "shape", ">size"], entries.Take(most).Select(static e => new[] { "  " + e.Name, e.DType.Name(), e.Shape.ToString(), Size(e.ByteSize) }));
            WriteMore(writer, entries.Count - most);
        }

        if (model.Assets.Count > 0)
        {
            writer.WriteLine();
            writer.WriteLine("assets");
            foreach (var asset in model.Assets)
            {
                writer.WriteLine($"  {Path.GetFileName(asset.Path)}");
            }
        }
    }

    internal static string Size(long bytes) => bytes switch
    {
        < 1 << 10 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 1 << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.0} KiB"),
        < 1 << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.0} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1073741824.0:0.00} GiB"),
    };

    private static void WriteSignature(TextWriter writer, SavedModel model, Signature signature, IReadOnlyList<SignatureSupport> support, int most)
    {
        writer.WriteLine();
        writer.WriteLine($"signature  {signature.Name}{(signature.MethodName.Length > 0 ? $" ({signature.MethodName})" : string.Empty)}");
        TextTable.Write(
            writer,
            ["  ", "name", "dtype", "shape"],
            signature.Inputs.Select(static i => Row("  input", i)).Concat(signature.Outputs.Select(static o => Row("  output", o))));
        foreach (var engine in support.Where(s => s.Signature == signature.Name).GroupBy(static s => s.Engine))
        {
            var works = engine.Where(static s => s.Obstacles.Count == 0).Select(static s => s.Mode!).ToList();
            writer.WriteLine($"  {engine.Key}: {(works.Count > 0 ? "runs in " + string.Join(", ", works) : "cannot run it")}");
            foreach (var blocked in engine.Where(static s => s.Obstacles.Count > 0).GroupBy(static s => string.Join('\n', s.Obstacles)))
            {
                var modes = string.Join(", ", blocked.Select(static b => b.Mode).OfType<string>());
                foreach (var obstacle in blocked.First().Obstacles)
                {
                    writer.WriteLine($"    - {(modes.Length > 0 && works.Count > 0 ? modes + ": " : string.Empty)}{obstacle}");
                }
            }

            foreach (var note in engine.Where(static s => s.Obstacles.Count == 0).SelectMany(static s => s.Notes).Distinct())
            {
                writer.WriteLine($"    {note}");
            }
        }

        try
        {
            var reach = model.Graph.Reach(signature);
            var ops = reach.Ops.OrderByDescending(static o => o.Count).ThenBy(static o => o.Op, StringComparer.Ordinal).ToList();
            writer.WriteLine($"  {Count(ops.Sum(static o => o.Count), "op")} of {Count(ops.Count, "type")}: {string.Join(", ", ops.Take(most).Select(Describe))}{(ops.Count > most ? ", ..." : string.Empty)}");
            if (reach.WritesState)
            {
                writer.WriteLine($"  stateful: writes {string.Join(", ", reach.Writes.Take(3))}");
            }
        }
        catch (TfRunnerException e)
        {
            writer.WriteLine($"  ops cannot be listed: {e.Message}");
        }
    }

    private static void WriteNodes(TextWriter writer, SavedModel model, int most)
    {
        var feeds = model.FeedCandidates();
        var fetches = model.FetchCandidates();
        writer.WriteLine();
        writer.WriteLine("nodes      that predict --feed and --fetch can name");
        TextTable.Write(
            writer,
            ["  ", "name", "dtype", "shape"],
            feeds.Take(most).Select(static f => Row("  feed", f)).Concat(fetches.Take(most).Select(static f => Row("  fetch", f))));
        WriteMore(writer, Math.Max(0, feeds.Count - most) + Math.Max(0, fetches.Count - most));
    }

    private static string Describe(OpUse use) => use.Count == 1 ? use.Op : string.Create(CultureInfo.InvariantCulture, $"{use.Op} x{use.Count}");

    private static string[] Row(string kind, TensorSpec spec) => [kind, spec.Name, spec.DType.Name(), spec.Shape.ToString()];

    private static string Writers(SavedModel model)
    {
        var tensorFlow = model.TensorFlowVersion is { Length: > 0 } version ? "TensorFlow " + version : "an unnamed version of TensorFlow";
        return model.Keras switch
        {
            null => tensorFlow,
            { Version: { } keras } => $"{tensorFlow}, Keras {keras}",
            { IsKeras3Export: true } => tensorFlow + ", Keras 3 (export)",
            _ => tensorFlow + ", Keras",
        };
    }

    private static string OtherTags(SavedModel model) =>
        model.MetaGraphTags.Count <= 1 ? string.Empty : $" (the directory has: {string.Join("; ", model.MetaGraphTags.Select(static t => string.Join(",", t)))})";

    private static string Count(int count, string noun) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {noun}{(count == 1 ? string.Empty : "s")}");

    private static void WriteMore(TextWriter writer, int more)
    {
        if (more > 0)
        {
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  ... {more:N0} more; --all lists them"));
        }
    }
}
