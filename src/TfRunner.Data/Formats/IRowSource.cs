namespace TfRunner.Data.Formats;

/// <summary>Rows read from a file in chunks, as the inputs of a signature. Not thread-safe.</summary>
public interface IRowSource : IDisposable
{
    /// <summary>The number of rows where the format says it without reading them all; null otherwise.</summary>
    long? RowCount { get; }

    /// <summary>Columns or keys of the file that no input takes, in the file's order.</summary>
    IReadOnlyList<string> IgnoredColumns { get; }

    /// <summary>Reads the next rows.</summary>
    /// <param name="maxRows">The most rows to read, 1 or more.</param>
    /// <returns>One tensor per input, in the order given when the source was opened, with the rows along the first dimension;
    /// inputs without a batch dimension come whole each time. Null when no row is left. The caller disposes the tensors.</returns>
    /// <exception cref="TfRunnerException">A value cannot be read; the message names file, row and column.</exception>
    TensorValue[]? Read(int maxRows);

    /// <summary>Passes over rows without making tensors of them, as far as the format allows.</summary>
    /// <param name="rows">How many; passing the end is no error.</param>
    void Skip(long rows);
}
