namespace TfRunner.Cli.Output;

/// <summary>Writes a result to the file that an option names, or to standard output.</summary>
internal static class TargetFile
{
    public const string Standard = "-";

    /// <summary>Writes a result; nothing when the option was not given.</summary>
    /// <param name="path">The file, <c>-</c>, or null.</param>
    /// <param name="write">Writes it.</param>
    /// <exception cref="TfRunnerException">PermissionDenied when the file cannot be written.</exception>
    public static void Write(string? path, Action<Stream> write)
    {
        if (path is null)
        {
            return;
        }

        if (path == Standard)
        {
            using var output = Console.OpenStandardOutput();
            write(output);
            return;
        }

        try
        {
            using var file = File.Create(path);
            write(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TfRunnerException(ErrorCode.PermissionDenied, ErrorStage.Usage, $"{path} cannot be written: {e.Message}", null, e);
        }
    }

    public static void WriteText(string? path, string text) => Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));
}
