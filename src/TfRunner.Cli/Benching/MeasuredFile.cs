using System.Text.Json;

namespace TfRunner.Cli.Benching;

/// <summary>A file that <c>bench</c> or <c>diff</c> wrote, as <c>compare</c> needs it.</summary>
/// <param name="Path">The file.</param>
/// <param name="Rows">Raw times in nanoseconds by the row's name, in the order of time.</param>
/// <param name="Others">The share of the processors' time that other work used meanwhile, by the row's name; 0 where it is not told.</param>
/// <param name="Processor">The processor that it was measured on.</param>
internal sealed record MeasuredFile(string Path, IReadOnlyDictionary<string, double[]> Rows, IReadOnlyDictionary<string, double> Others, string? Processor)
{
    private const int Schema = 1;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Its rows with raw times.</returns>
    /// <exception cref="TfRunnerException">NotFound, or DataLoss when it is something else.</exception>
    public static MeasuredFile Read(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("schema", out var schema) || schema.GetInt32() != Schema || !root.TryGetProperty("rows", out var entries))
            {
                throw Wrong(path, "it has no schema that is known here");
            }

            var rows = new Dictionary<string, double[]>(StringComparer.Ordinal);
            var others = new Dictionary<string, double>(StringComparer.Ordinal);
            foreach (var row in entries.EnumerateArray())
            {
                if (row.TryGetProperty("times_ns", out var times) && times.GetArrayLength() > 0)
                {
                    var name = row.GetProperty("name").GetString()!;
                    others[name] = row.TryGetProperty("others_share", out var share) ? share.GetDouble() : 0;
                    rows[name] = [.. times.EnumerateArray().Select(static t => t.GetDouble())];
                }
            }

            var processor = root.TryGetProperty("environment", out var environment) && environment.TryGetProperty("processor", out var processorName) ? processorName.GetString() : null;
            return new(path, rows, others, processor);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw TfRunnerException.ForData(ErrorCode.NotFound, $"there is no file {path}", null, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw TfRunnerException.ForData(ErrorCode.PermissionDenied, $"{path} cannot be read: {e.Message}", null, e);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw Wrong(path, e.Message.ReplaceLineEndings(" "));
        }
    }

    private static TfRunnerException Wrong(string path, string why) => TfRunnerException.ForData(
        ErrorCode.DataLoss, $"{path} is no result of bench or diff: {why}", "write one with 'tfrunner bench MODEL --export FILE' or 'tfrunner diff MODEL --json FILE'");
}
