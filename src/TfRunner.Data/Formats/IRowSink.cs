namespace TfRunner.Data.Formats;

/// <summary>Takes the outputs of a signature in chunks of rows and writes them to a file. Not thread-safe.
/// Disposing a sink that was not completed leaves nothing behind.</summary>
public interface IRowSink : IDisposable
{
    /// <summary>Writes rows.</summary>
    /// <param name="outputs">One tensor per output, in the order given when the sink was created, all with the same first dimension.</param>
    void Write(IReadOnlyList<TensorValue> outputs);

    /// <summary>Writes the outputs of one call that are not rows of one table: scalars, or arrays of different first dimensions.
    /// They make one row, but for files that hold arrays.</summary>
    /// <param name="outputs">One tensor per output, in the order given when the sink was created.</param>
    void WriteCall(IReadOnlyList<TensorValue> outputs)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        Write([.. outputs.Select(static o => o.Reshape([1, .. o.Dimensions]))]);
    }

    /// <summary>Writes what is outstanding and gives the file its name. Nothing bears that name before.</summary>
    void Complete();
}
