using System.Globalization;
using System.Text;
using System.Text.Json;

namespace TfRunner.Data.Formats.JsonLines;

/// <summary>Tensors as JSON values: nested arrays; strings as text, or as <c>{"b64": "..."}</c> where they are not UTF-8.</summary>
public static class JsonTensor
{
    /// <summary>Reads a JSON value as a tensor.</summary>
    /// <param name="value">A number, string, bool, object with <c>b64</c>, or nested arrays of them, all of one shape.</param>
    /// <param name="dtype">The element type.</param>
    /// <param name="source">What to name in errors.</param>
    /// <returns>The tensor; the caller disposes it.</returns>
    /// <exception cref="TfRunnerException">InvalidArgument for ragged arrays and for values of another type.</exception>
    public static TensorValue Read(JsonElement value, DType dtype, string source)
    {
        var dimensions = new List<long>();
        for (var inner = value; inner.ValueKind == JsonValueKind.Array; inner = inner[0])
        {
            dimensions.Add(inner.GetArrayLength());
            if (inner.GetArrayLength() == 0)
            {
                break;
            }
        }

        var tensor = TensorValue.Zeros(dtype, [.. dimensions]);
        try
        {
            var index = 0;
            Fill(value, 0);
            return tensor;

            void Fill(JsonElement element, int depth)
            {
                if (element.ValueKind != JsonValueKind.Array)
                {
                    if (depth != dimensions.Count || !TryElement(element, tensor, index++))
                    {
                        throw TfRunnerException.ForData(ErrorCode.InvalidArgument, $"{source}: {Shorten(element)} is no {dtype.Name()}{(depth != dimensions.Count ? " array" : string.Empty)}");
                    }

                    return;
                }

                if (depth >= dimensions.Count || element.GetArrayLength() != dimensions[depth])
                {
                    throw TfRunnerException.ForData(ErrorCode.InvalidArgument, $"{source}: the arrays have different lengths", "a tensor needs rows of one length");
                }

                foreach (var inner in element.EnumerateArray())
                {
                    Fill(inner, depth + 1);
                }
            }
        }
        catch
        {
            tensor.Dispose();
            throw;
        }
    }

    /// <summary>Writes one row of a tensor, or a whole tensor, as a JSON value.</summary>
    /// <param name="writer">Where to write.</param>
    /// <param name="tensor">The tensor.</param>
    /// <param name="dimensions">The dimensions of what is written; empty for one element.</param>
    /// <param name="first">Its first element.</param>
    public static void Write(Utf8JsonWriter writer, TensorValue tensor, ReadOnlySpan<long> dimensions, int first)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(tensor);
        if (dimensions.IsEmpty)
        {
            WriteElement(writer, tensor, first);
            return;
        }

        var step = 1;
        foreach (var d in dimensions[1..])
        {
            step *= (int)d;
        }

        writer.WriteStartArray();
        for (var i = 0; i < dimensions[0]; i++)
        {
            Write(writer, tensor, dimensions[1..], first + (i * step));
        }

        writer.WriteEndArray();
    }

    private static void WriteElement(Utf8JsonWriter writer, TensorValue tensor, int index)
    {
        if (tensor.IsString)
        {
            var bytes = tensor.Strings[index];
            if (IsUtf8(bytes))
            {
                writer.WriteStringValue(bytes);
                return;
            }

            writer.WriteStartObject();
            writer.WriteBase64String("b64"u8, bytes);
            writer.WriteEndObject();
            return;
        }

        var text = ElementText.Format(tensor, index);
        if (tensor.DType is DType.Complex64 or DType.Complex128 || text is "nan" or "inf" or "-inf")
        {
            // JSON has no such numbers; the strings read back.
            writer.WriteStringValue(text);
        }
        else if (tensor.DType == DType.Bool)
        {
            writer.WriteBooleanValue(text == "true");
        }
        else
        {
            writer.WriteRawValue(text, skipInputValidation: true);
        }
    }

    private static bool IsUtf8(byte[] bytes) => System.Text.Unicode.Utf8.IsValid(bytes);

    private static bool TryElement(JsonElement element, TensorValue tensor, int index)
    {
        if (index >= tensor.Length)
        {
            return false;
        }

        switch (element.ValueKind)
        {
            case JsonValueKind.String when tensor.IsString:
                tensor.Strings[index] = Encoding.UTF8.GetBytes(element.GetString()!);
                return true;
            case JsonValueKind.Object when tensor.IsString && element.TryGetProperty("b64", out var encoded) && encoded.ValueKind == JsonValueKind.String:
                if (!encoded.TryGetBytesFromBase64(out var bytes))
                {
                    return false;
                }

                tensor.Strings[index] = bytes;
                return true;
            case JsonValueKind.Number when !tensor.IsString && tensor.DType != DType.Bool:
            case JsonValueKind.String when !tensor.IsString:
                var text = element.ValueKind == JsonValueKind.String ? element.GetString()! : element.GetRawText();
                return ElementText.TryParse(text, tensor, index);
            case JsonValueKind.True or JsonValueKind.False when tensor.DType == DType.Bool:
                tensor.AsSpan<bool>()[index] = element.GetBoolean();
                return true;
            default:
                return false;
        }
    }

    private static string Shorten(JsonElement element)
    {
        var text = element.GetRawText();
        return text.Length <= 40 ? text : string.Create(CultureInfo.InvariantCulture, $"{text.AsSpan(0, 40)}...");
    }
}
