using System.Text;
using System.Text.Json;
using TfRunner.Data.Formats.JsonLines;

namespace TfRunner.Cli.Prediction;

/// <summary>Single values for people to read and to sort by.</summary>
internal static class JsonText
{
    /// <summary>The only element of a tensor as JSON has it.</summary>
    /// <param name="tensor">A tensor with one element.</param>
    /// <returns>The text, without quotes.</returns>
    public static string Of(TensorValue tensor)
    {
        var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true }))
        {
            JsonTensor.Write(writer, tensor, [], 0);
        }

        return Encoding.UTF8.GetString(buffer.ToArray()).Trim('"');
    }

    /// <summary>A floating element as a double.</summary>
    /// <param name="tensor">A tensor of a floating dtype.</param>
    /// <param name="index">Which element.</param>
    /// <returns>The value.</returns>
    public static double AsDouble(TensorValue tensor, int index) => tensor.DType switch
    {
        DType.Float64 => tensor.AsSpan<double>()[index],
        DType.Float16 => (double)tensor.AsSpan<Half>()[index],
        DType.BFloat16 => tensor.AsSpan<BFloat16>()[index].ToSingle(),
        _ => tensor.AsSpan<float>()[index],
    };
}
