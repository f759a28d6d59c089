using System.Text.Encodings.Web;
using System.Text.Json;

namespace TfRunner.Data.Formats.JsonLines;

/// <summary>Writes outputs as JSON lines: one object per row with a key per output.</summary>
internal sealed class JsonLinesRowSink : IRowSink
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
    private readonly Stream stream;
    private readonly IReadOnlyList<string> names;
    private readonly Action complete;
    private readonly Action close;
    private readonly Utf8JsonWriter writer;

    public JsonLinesRowSink(Stream stream, IReadOnlyList<string> names, Action complete, Action close)
    {
        this.stream = new BufferedStream(stream, 1 << 16);
        this.names = names;
        this.complete = complete;
        this.close = close;
        writer = new(this.stream, Plain);
    }

    public void Write(IReadOnlyList<TensorValue> outputs)
    {
        for (var row = 0; row < outputs[0].Dimensions[0]; row++)
        {
            writer.WriteStartObject();
            for (var i = 0; i < outputs.Count; i++)
            {
                writer.WritePropertyName(names[i]);
                JsonTensor.Write(writer, outputs[i], outputs[i].Dimensions[1..], row * (int)(outputs[i].Length / outputs[i].Dimensions[0]));
            }

            writer.WriteEndObject();
            writer.Flush();
            writer.Reset();
            stream.WriteByte((byte)'\n');
        }
    }

    public void Complete()
    {
        stream.Flush();
        complete();
    }

    public void Dispose()
    {
        // What is still buffered belongs to a file that is being given up: the stream below is closed, not flushed.
        close();
    }
}
