using NumSharp;

namespace TfRunner.Data.Formats.Numpy;

/// <summary>Files in and out as NumSharp arrays, without a copy between the file's reader or writer and the array.</summary>
public static class NumSharpFiles
{
    /// <summary>Reads one array of a <c>.npz</c> file into memory that every engine takes without a copy.</summary>
    /// <param name="reader">The file.</param>
    /// <param name="key">One of its keys.</param>
    /// <returns>The array.</returns>
    /// <exception cref="TfRunnerException">NotFound for an unknown key; DataLoss for a damaged entry; Unimplemented for
    /// dtypes that NumSharp lacks, such as strings.</exception>
    public static NDArray ReadArray(this NpzReader reader, string key)
    {
        ArgumentNullException.ThrowIfNull(reader);
        using var tensor = reader.Read(key);
        return tensor.AsNDArray();
    }

    /// <summary>Reads every array of a <c>.npz</c> file.</summary>
    /// <param name="reader">The file.</param>
    /// <returns>The arrays by key.</returns>
    /// <exception cref="TfRunnerException">As for <see cref="ReadArray"/>.</exception>
    public static Dictionary<string, NDArray> ReadAllArrays(this NpzReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return reader.Keys.ToDictionary(static k => k, reader.ReadArray, StringComparer.Ordinal);
    }

    /// <summary>Makes rows of arrays, for the pipeline: inputs whose first dimension is the batch are cut, others come whole.</summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="arrays">One array per input.</param>
    /// <returns>The rows; the caller disposes them. The arrays' memory stays as long as they do.</returns>
    /// <exception cref="TfRunnerException">InvalidArgument when the arrays have different numbers of rows; Unimplemented for
    /// dtypes that TensorFlow lacks.</exception>
    public static ArrayRowSource Rows(IReadOnlyList<TensorSpec> inputs, params IEnumerable<NDArray> arrays) =>
        new(inputs, [.. arrays.Select(static a => a.AsTensorValue())], []);

    /// <summary>Writes rows from arrays to an output file.</summary>
    /// <param name="sink">The file.</param>
    /// <param name="outputs">One array per column; their first dimension is the rows.</param>
    /// <exception cref="TfRunnerException">Unimplemented for dtypes that TensorFlow lacks; or the file cannot be written.</exception>
    public static void Write(this IRowSink sink, params IEnumerable<NDArray> outputs)
    {
        ArgumentNullException.ThrowIfNull(sink);
        TensorValue[] tensors = [.. outputs.Select(static a => a.AsTensorValue())];
        try
        {
            sink.Write(tensors);
        }
        finally
        {
            Array.ForEach(tensors, static t => t.Dispose());
        }
    }
}
