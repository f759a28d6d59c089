using System.Text.Json;
using TfRunner.Cli.Output;

namespace TfRunner.Cli.Inspection;

/// <summary>What <c>inspect --json</c> prints; schema 1.</summary>
internal static class InspectionJson
{
    public static void Write(Utf8JsonWriter writer, SavedModel model, IReadOnlyList<Signature> signatures, IReadOnlyList<SignatureSupport> support)
    {
        writer.WriteString("directory", model.Directory);
        writer.WriteString("file", model.File);
        writer.WriteBoolean("frozen_graph", model.IsFrozenGraph);
        writer.WriteString("tensorflow_version", model.TensorFlowVersion);
        writer.WriteString("keras_version", model.Keras?.Version);
        JsonOutput.WriteTexts(writer, "tags", model.Tags);
        writer.WriteStartArray("signatures");
        foreach (var signature in signatures)
        {
            writer.WriteStartObject();
            writer.WriteString("name", signature.Name);
            writer.WriteString("method", signature.MethodName);
            WriteSpecs(writer, "inputs", signature.Inputs);
            WriteSpecs(writer, "outputs", signature.Outputs);
            WriteEngines(writer, [.. support.Where(s => s.Signature == signature.Name)]);
            WriteOps(writer, model, signature);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        WriteSpecs(writer, "feeds", model.FeedCandidates());
        WriteSpecs(writer, "fetches", model.FetchCandidates());
        writer.WriteStartArray("variables");
        foreach (var entry in model.Checkpoint?.Entries ?? [])
        {
            writer.WriteStartObject();
            writer.WriteString("name", entry.Name);
            writer.WriteString("dtype", entry.DType.Name());
            JsonOutput.WriteShape(writer, entry.Shape);
            writer.WriteNumber("bytes", entry.ByteSize);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        JsonOutput.WriteTexts(writer, "assets", model.Assets.Select(static a => a.Path));
    }

    private static void WriteSpecs(Utf8JsonWriter writer, string name, IReadOnlyList<TensorSpec> specs)
    {
        writer.WriteStartArray(name);
        foreach (var spec in specs)
        {
            writer.WriteStartObject();
            writer.WriteString("name", spec.Name);
            writer.WriteString("dtype", spec.DType.Name());
            JsonOutput.WriteShape(writer, spec.Shape);
            writer.WriteString("tensor", spec.TensorName);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteEngines(Utf8JsonWriter writer, IReadOnlyList<SignatureSupport> support)
    {
        writer.WriteStartArray("engines");
        foreach (var entry in support)
        {
            writer.WriteStartObject();
            writer.WriteString("engine", entry.Engine);
            writer.WriteString("mode", entry.Mode);
            writer.WriteBoolean("runs", entry.Obstacles.Count == 0);
            JsonOutput.WriteTexts(writer, "obstacles", entry.Obstacles);
            JsonOutput.WriteTexts(writer, "notes", entry.Notes);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteOps(Utf8JsonWriter writer, SavedModel model, Signature signature)
    {
        var reach = model.Graph.Reach(signature);
        writer.WriteStartObject("ops");
        foreach (var use in reach.Ops)
        {
            writer.WriteNumber(use.Op, use.Count);
        }

        writer.WriteEndObject();
        writer.WriteBoolean("stateful", reach.WritesState);
    }
}
