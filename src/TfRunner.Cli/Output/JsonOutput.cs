using System.Text.Encodings.Web;
using System.Text.Json;

namespace TfRunner.Cli.Output;

/// <summary>Writes a result as JSON with its schema's number, indented, for people and programs.</summary>
internal static class JsonOutput
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes one object.</summary>
    /// <param name="schema">The number of the result's schema; grows when a reader would have to change.</param>
    /// <param name="body">Writes the object's properties.</param>
    public static void Write(int schema, Action<Utf8JsonWriter> body)
    {
        using var stream = Console.OpenStandardOutput();
        Write(stream, schema, body);
    }

    /// <summary>Writes one object to a stream.</summary>
    public static void Write(Stream stream, int schema, Action<Utf8JsonWriter> body)
    {
        using (var writer = new Utf8JsonWriter(stream, Indented))
        {
            writer.WriteStartObject();
            writer.WriteNumber("schema", schema);
            body(writer);
            writer.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
    }

    public static void WriteShape(Utf8JsonWriter writer, TensorShape shape)
    {
        writer.WritePropertyName("shape");
        if (!shape.IsRankKnown)
        {
            writer.WriteNullValue();
            return;
        }

        writer.WriteStartArray();
        foreach (var d in shape.Dimensions)
        {
            writer.WriteNumberValue(d);
        }

        writer.WriteEndArray();
    }

    public static void WriteTexts(Utf8JsonWriter writer, string name, IEnumerable<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }
}
