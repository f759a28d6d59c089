using System.Security.Cryptography;

namespace TfRunner.TensorFlow.Library.Install;

/// <summary>Copies streams block by block, so that it can be watched and cancelled.</summary>
internal static class Copying
{
    private const int Block = 1 << 20;

    /// <summary>Copies a stream to its end.</summary>
    /// <param name="input">Read from here.</param>
    /// <param name="output">Written to; null only reads.</param>
    /// <param name="hash">Given every byte; null for none.</param>
    /// <param name="report">Told the bytes done after each block.</param>
    /// <param name="cancellationToken">Ends it between two blocks.</param>
    /// <returns>The number of bytes.</returns>
    public static long Run(Stream input, Stream? output, IncrementalHash? hash, Action<long> report, CancellationToken cancellationToken)
    {
        var buffer = new byte[Block];
        long done = 0;
        for (int read; (read = input.Read(buffer)) > 0;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            output?.Write(buffer, 0, read);
            hash?.AppendData(buffer, 0, read);
            done += read;
            report(done);
        }

        return done;
    }
}
