using System.Security;

namespace TfRunner.Files;

/// <summary>Turns what the file system says into errors that name the file.</summary>
internal static class FileErrors
{
    /// <summary>Whether an exception is the file system's, or about a path it cannot take.</summary>
    /// <param name="exception">The exception.</param>
    /// <returns>False for defects and for errors that are TfRunner's already.</returns>
    public static bool IsAboutFile(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or SecurityException or NotSupportedException
        || (exception is ArgumentException && exception is not ArgumentNullException);

    /// <summary>The error for a file that cannot be opened or read.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cause">What the file system said.</param>
    /// <returns>The exception to throw.</returns>
    public static TfRunnerException CannotRead(string path, Exception cause) => cause switch
    {
        FileNotFoundException or DirectoryNotFoundException =>
            TfRunnerException.ForLoad(ErrorCode.NotFound, $"{path} does not exist", null, cause),
        UnauthorizedAccessException or SecurityException =>
            TfRunnerException.ForLoad(ErrorCode.PermissionDenied, $"{path} cannot be read: access is denied", "check the file's permissions", cause),
        _ => TfRunnerException.ForLoad(ErrorCode.Unavailable, $"{path} cannot be read: {OneLine(cause.Message)}", null, cause),
    };

    /// <summary>The error for a damaged file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="offset">Where the damage was noticed, in bytes from the start.</param>
    /// <param name="what">What is wrong there.</param>
    /// <returns>The exception to throw.</returns>
    public static TfRunnerException Damaged(string path, long offset, string what) =>
        TfRunnerException.ForLoad(
            ErrorCode.DataLoss,
            FormattableString.Invariant($"{path} is damaged at byte {offset}: {what}"),
            "copy or export the model again");

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
