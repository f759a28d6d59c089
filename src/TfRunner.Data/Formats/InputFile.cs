using TfRunner.Data.Formats.Arrow;
using TfRunner.Data.Formats.Csv;
using TfRunner.Data.Formats.JsonLines;
using TfRunner.Data.Formats.Numpy;
using TfRunner.Data.Formats.Parquet;
using TfRunner.Data.Formats.Pictures;
using TfRunner.Data.Formats.Text;
using TfRunner.Data.Formats.TfRecord;

namespace TfRunner.Data.Formats;

/// <summary>Opens the files that inputs come from, by their extension.</summary>
public static class InputFile
{
    /// <summary>The name that stands for standard input.</summary>
    public const string Standard = "-";

    /// <summary>Whether a file holds whole arrays, which may be passed to one call as they are.</summary>
    /// <param name="path">The file.</param>
    /// <returns>True for <c>.npz</c> and <c>.npy</c>.</returns>
    public static bool HoldsArrays(string path) => Extension(path) is ".npz" or ".npy";

    /// <summary>Opens a file as rows.</summary>
    /// <param name="path">The file, or <c>-</c> for standard input.</param>
    /// <param name="inputs">The inputs to read, by name.</param>
    /// <param name="format">The extension to go by, such as <c>.csv</c>; null takes the file's own, and <c>.jsonl</c> for standard input.</param>
    /// <param name="pictures">How pictures are decoded; null for the defaults.</param>
    /// <param name="reading">Which rows, and what stands in for missing values; null for the defaults.</param>
    /// <returns>The rows; the caller disposes them.</returns>
    /// <exception cref="TfRunnerException">NotFound, or Unimplemented for a format that is not read.</exception>
    public static IRowSource OpenRows(string path, IReadOnlyList<TensorSpec> inputs, string? format = null, PictureReading? pictures = null, RowReading? reading = null)
    {
        pictures ??= new();
        reading ??= new();
        if (reading.Part is not { } part)
        {
            return Open(path, inputs, format, pictures, reading);
        }

        // A part of a set of pictures is a part of the files: the others are not even opened.
        if (path != Standard && !FileSet.IsSingle(path) && Files(path, reading) is var files && files.All(FileSet.IsPicture))
        {
            return new PictureRowSource([.. files.Where((_, i) => i >= part.First && (i - part.First) % part.Count == part.Index)], inputs, pictures, reading.Pipeline);
        }

        var all = Open(path, inputs, format, pictures, reading);
        try
        {
            return new PartRowSource(all, part);
        }
        catch
        {
            all.Dispose();
            throw;
        }
    }

    private static IReadOnlyList<string> Files(string path, RowReading reading)
    {
        var files = FileSet.List(path, out var leftOut);
        if (leftOut.Count > 0)
        {
            reading.OnLeftOut?.Invoke(path, leftOut);
        }

        return files;
    }

    private static IRowSource Open(string path, IReadOnlyList<TensorSpec> inputs, string? format, PictureReading pictures, RowReading reading)
    {
        if (path != Standard && !FileSet.IsSingle(path))
        {
            var files = Files(path, reading);
            return files.All(FileSet.IsPicture)
                ? new PictureRowSource(files, inputs, pictures, reading.Pipeline)
                : new ChainedRowSource(files, f => Open(f, inputs, format, pictures, reading));
        }

        var plain = path;
        _ = Compression.Strip(ref plain);
        var extension = format ?? (path == Standard ? ".jsonl" : Extension(plain));
        switch (extension)
        {
            case ".csv":
                return CsvRowSource.Open(OpenStream(path), path, inputs, null, reading.Defaults, pictures.ParallelCalls, reading.Pipeline);
            case ".tsv":
                return CsvRowSource.Open(OpenStream(path), path, inputs, '\t', reading.Defaults, pictures.ParallelCalls, reading.Pipeline);
            case ".jsonl" or ".ndjson":
                return new JsonLinesRowSource(OpenStream(path), path, inputs, reading.Defaults);
            case ".txt":
                return new TextRowSource(OpenStream(path), path, inputs);
            case ".tfrecord" or ".tfrecords":
                return new TfRecordRowSource(OpenStream(path), path, inputs, pictures, reading.Defaults);
            case ".parquet":
                return ParquetRowSource.Open(Compression.Seekable(OpenStream(path)), path, inputs, pictures, reading.Defaults);
            case ".arrow" or ".feather":
                return ArrowRowSource.Open(Compression.Seekable(OpenStream(path)), path, inputs, isStream: false, pictures, reading.Defaults);
            case ".arrows":
                return ArrowRowSource.Open(OpenStream(path), path, inputs, isStream: true, pictures, reading.Defaults);
            case ".npz" or ".npy" when plain == path:
                var arrays = OpenArrays(path, inputs, out var ignored);
                return new ArrayRowSource(inputs, arrays, ignored);
            case var _ when FileSet.IsPicture(path):
                return new PictureRowSource([path], inputs, pictures, reading.Pipeline);
            default:
                throw TfRunnerException.ForData(
                    ErrorCode.Unimplemented,
                    $"{path}: files ending in '{extension}' are not read",
                    "use .npz, .npy, .csv, .tsv, .jsonl, .txt, .parquet, .arrow, .feather, .tfrecord, pictures, or one of them with .gz or .zst");
        }
    }

    /// <summary>Reads whole arrays; those that are stored as a tensor has them are mapped into memory.</summary>
    /// <param name="path">A <c>.npz</c> file with the inputs' names as keys, or a <c>.npy</c> file for a single input.</param>
    /// <param name="inputs">The inputs to read.</param>
    /// <param name="ignored">Keys that no input takes.</param>
    /// <returns>One array per input, in order; the caller disposes them.</returns>
    /// <exception cref="TfRunnerException">NotFound when a key is missing; DataLoss for damaged files.</exception>
    public static TensorValue[] ReadArrays(string path, IReadOnlyList<TensorSpec> inputs, out IReadOnlyList<string> ignored)
    {
        var arrays = OpenArrays(path, inputs, out ignored);
        try
        {
            return [.. arrays.Select((a, i) => ArrayDType.Fit(a.Take(), inputs[i].DType))];
        }
        finally
        {
            Array.ForEach(arrays, static a => a.Dispose());
        }
    }

    private static StoredArray[] OpenArrays(string path, IReadOnlyList<TensorSpec> inputs, out IReadOnlyList<string> ignored)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ignored = [];
        if (Extension(path) == ".npy")
        {
            return inputs.Count == 1 ? [NpyReader.Open(path)] : throw TfRunnerException.ForData(
                ErrorCode.InvalidArgument,
                $"{path} holds one array, the signature takes {inputs.Count} inputs",
                $"bind each: {string.Join(' ', inputs.Select(static i => $"--input {i.Name}=FILE.npy"))}");
        }

        using var reader = NpzReader.Open(path);
        ignored = [.. reader.Keys.Where(k => !inputs.Any(i => i.Name == k))];
        return [.. inputs.Select(i => reader.OpenArray(i.Name))];
    }

    private static string Extension(string path) => Path.GetExtension(path).ToLowerInvariant();

    private static Stream OpenStream(string path)
    {
        if (path == Standard)
        {
            return Compression.Open(Console.OpenStandardInput());
        }

        try
        {
            return Compression.Open(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw TfRunnerException.ForData(ErrorCode.NotFound, $"there is no file {path}", null, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw TfRunnerException.ForData(ErrorCode.PermissionDenied, $"{path} cannot be read: {e.Message}", null, e);
        }
    }
}
