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
        return Array(reader.Read(key), $"'{key}'");
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

    /// <summary>Reads whole arrays for the inputs of a signature; those that are stored as a tensor has them are mapped into memory.</summary>
    /// <param name="path">A <c>.npz</c> file with the inputs' names as keys, or a <c>.npy</c> file for a single input.</param>
    /// <param name="inputs">The inputs to read.</param>
    /// <param name="ignored">Keys that no input takes.</param>
    /// <returns>One array per input, in order, in memory that every engine takes without a copy. Writing to one changes no file.</returns>
    /// <exception cref="TfRunnerException">NotFound when a key is missing; DataLoss for damaged files; Unimplemented for
    /// dtypes that NumSharp lacks, such as strings.</exception>
    public static NDArray[] ReadArrays(string path, IReadOnlyList<TensorSpec> inputs, out IReadOnlyList<string> ignored)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return Arrays(InputFile.ReadArrays(path, inputs, out ignored), i => $"'{inputs[i].Name}' in {path}");
    }

    /// <summary>Reads the next rows of any file that <see cref="InputFile.OpenRows"/> opens.</summary>
    /// <param name="rows">The file.</param>
    /// <param name="maxRows">The most rows to read, 1 or more.</param>
    /// <returns>One array per input, with the rows along the first dimension; null when no row is left.</returns>
    /// <exception cref="TfRunnerException">A value cannot be read; or Unimplemented for dtypes that NumSharp lacks, such as strings.</exception>
    public static NDArray[]? ReadArrays(this IRowSource rows, int maxRows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return rows.Read(maxRows) is { } tensors ? Arrays(tensors, static i => FormattableString.Invariant($"input {i}")) : null;
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
            System.Array.ForEach(tensors, static t => t.Dispose());
        }
    }

    private static NDArray[] Arrays(TensorValue[] tensors, Func<int, string> name)
    {
        try
        {
            return [.. tensors.Select((t, i) => Array(t, name(i)))];
        }
        finally
        {
            System.Array.ForEach(tensors, static t => t.Dispose());
        }
    }

    /// <summary>The tensor as an array that owns its memory.</summary>
    private static NDArray Array(TensorValue tensor, string name)
    {
        try
        {
            return tensor.IntoNDArray();
        }
        catch (TfRunnerException e) when (e.Code == ErrorCode.Unimplemented)
        {
            var dtype = tensor.DType.Name();
            tensor.Dispose();
            throw TfRunnerException.ForData(
                ErrorCode.Unimplemented, $"{name} is {dtype}, and NumSharp has no such arrays", "read it as TensorValue, with the method of the same reader", e);
        }
    }
}
