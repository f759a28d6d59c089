namespace TfRunner.Data.Formats;

/// <summary>Writes through to a stream and says in the user's words what kept it from writing.</summary>
internal sealed class FailureTranslator(Stream inner, string path) : Stream
{
    private const int NoSpaceUnix = 28;
    private const int NoSpaceWindows = unchecked((int)0x80070070);

    public override bool CanRead => inner.CanRead;

    public override bool CanSeek => inner.CanSeek;

    public override bool CanWrite => true;

    public override long Length => inner.Length;

    public override long Position
    {
        get => inner.Position;
        set => Guard(s => s.Position = value);
    }

    public static TfRunnerException Translate(Exception e, string path) => e switch
    {
        _ when e.HResult is NoSpaceUnix or NoSpaceWindows => TfRunnerException.ForData(
            ErrorCode.ResourceExhausted, $"the disk is full while writing {path}", "nothing was left behind; free some space and run it again", e),
        DirectoryNotFoundException => TfRunnerException.ForData(
            ErrorCode.NotFound, $"the folder of {path} does not exist", "create it first", e),
        UnauthorizedAccessException => TfRunnerException.ForData(
            ErrorCode.PermissionDenied, $"{path} may not be written", null, e),
        _ => TfRunnerException.ForData(ErrorCode.Unknown, $"{path} cannot be written: {e.Message}", null, e),
    };

    public override void Flush() => Guard(static s => s.Flush());

    public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

    // Seeking writes what is buffered.
    public override long Seek(long offset, SeekOrigin origin)
    {
        Guard(s => s.Seek(offset, origin));
        return inner.Position;
    }

    public override void SetLength(long value) => Guard(s => s.SetLength(value));

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            inner.Write(buffer);
        }
        catch (IOException e)
        {
            throw Translate(e, path);
        }
    }

    private void Guard(Action<Stream> action)
    {
        try
        {
            action(inner);
        }
        catch (IOException e)
        {
            throw Translate(e, path);
        }
    }
}
