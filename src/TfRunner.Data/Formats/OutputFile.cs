using TfRunner.Data.Formats.Arrow;
using TfRunner.Data.Formats.Csv;
using TfRunner.Data.Formats.JsonLines;
using TfRunner.Data.Formats.Numpy;
using TfRunner.Data.Formats.Parquet;
using TfRunner.Data.Formats.TfRecord;

namespace TfRunner.Data.Formats;

/// <summary>Creates the files that outputs go to, by their extension.</summary>
public static class OutputFile
{
    /// <summary>The formats that can be written.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".npz", ".csv", ".jsonl", ".parquet", ".arrow", ".feather", ".tfrecord"];

    /// <summary>Creates a file that bears its name once it is whole.</summary>
    /// <param name="path">The file.</param>
    /// <param name="names">The outputs' names.</param>
    /// <returns>The sink; the caller completes and disposes it.</returns>
    /// <exception cref="TfRunnerException">Unimplemented for another extension; NotFound or PermissionDenied when it cannot be created.</exception>
    public static IRowSink Create(string path, IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(path);
        Check(path);
        var file = new AtomicFile(path);
        return Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".npz" => new NpzRowSink(file, path, names),
            ".csv" => new CsvRowSink(file.Stream, names, file.Complete, file.Dispose),
            ".parquet" => new ParquetRowSink(file, names),
            ".arrow" or ".feather" => new ArrowRowSink(file, names),
            ".tfrecord" => new TfRecordRowSink(file, names),
            _ => new JsonLinesRowSink(file.Stream, names, file.Complete, file.Dispose),
        };
    }

    /// <summary>Writes to a stream that is already there, such as standard output.</summary>
    /// <param name="stream">The stream; stays open.</param>
    /// <param name="extension"><c>.csv</c> or <c>.jsonl</c>.</param>
    /// <param name="names">The outputs' names.</param>
    /// <returns>The sink.</returns>
    public static IRowSink ToStream(Stream stream, string extension, IReadOnlyList<string> names) =>
        extension == ".csv"
            ? new CsvRowSink(stream, names, stream.Flush, static () => { })
            : new JsonLinesRowSink(stream, names, stream.Flush, static () => { });

    /// <summary>Checks that a file's format can be written.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="TfRunnerException">Unimplemented, naming the formats that can be.</exception>
    public static void Check(string path)
    {
        var extension = Path.GetExtension(path).ToLowerInvariant();
        if (!Extensions.Contains(extension))
        {
            throw new TfRunnerException(
                ErrorCode.Unimplemented,
                ErrorStage.Usage,
                $"{path}: files ending in '{extension}' are not written",
                $"use {string.Join(", ", Extensions)}, or - for standard output");
        }
    }
}
