namespace TfRunner.Data.Formats;

/// <summary>Takes the outputs of a signature in chunks of rows and writes them to a file. Not thread-safe.
/// Disposing a sink that was not completed leaves nothing behind.</summary>
public interface IRowSink : IDisposable
{
    /// <summary>Writes rows.</summary>
    /// <param name="outputs">One tensor per output, in the order given when the sink was created, all with the same first dimension.</param>
    void Write(IReadOnlyList<TensorValue> outputs);

    /// <summary>Writes what is outstanding and gives the file its name. Nothing bears that name before.</summary>
    void Complete();
}
