namespace TfRunner.TensorFlow.Library.Install;

/// <summary>The errors of installing: all of the stage <see cref="ErrorStage.Engine"/>, and all after cleaning up.</summary>
internal static class InstallErrors
{
    // ENOSPC and EDQUOT on Linux, EDQUOT on macOS; ERROR_HANDLE_DISK_FULL and ERROR_DISK_FULL on Windows.
    private static readonly int[] FullDisk = [28, 122, 69, unchecked((int)0x80070027), unchecked((int)0x80070070)];

    // What clients print of the same.
    private static readonly string[] FullDiskTexts = ["No space left on device", "Disk quota exceeded", "not enough space on the disk"];

    public static TfRunnerException Error(ErrorCode code, string message, string? hint = null, Exception? inner = null) =>
        new(code, ErrorStage.Engine, message, hint, inner);

    public static TfRunnerException DiskFull(string folder, long? needed = null, long? free = null, Exception? inner = null) => Error(
        ErrorCode.ResourceExhausted,
        needed is null
            ? $"the disk that holds {folder} is full; nothing was installed"
            : $"the disk that holds {folder} has {Bytes.Text(free ?? 0)} free, and {Bytes.Text(needed.Value)} are needed; nothing was installed",
        "free some space, remove a version with 'tfrunner native remove', or set XDG_DATA_HOME (LOCALAPPDATA on Windows) to a larger disk",
        inner);

    /// <summary>Whether a client that failed says that the disk was full.</summary>
    public static bool IsFullDisk(string output) => FullDiskTexts.Any(t => output.Contains(t, StringComparison.OrdinalIgnoreCase));

    /// <summary>A package that cannot be read.</summary>
    public static TfRunnerException Unreadable(string file, Exception inner) =>
        Error(ErrorCode.PermissionDenied, $"{file} cannot be read: {inner.Message}", "nothing was installed", inner);

    /// <summary>Turns what the file system said into an error for users.</summary>
    /// <param name="folder">The folder that was written to.</param>
    /// <param name="exception">An <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.</param>
    /// <returns>The error to throw.</returns>
    public static TfRunnerException FromDisk(string folder, Exception exception) =>
        exception is IOException { HResult: var code } && FullDisk.Contains(code) ? DiskFull(folder, inner: exception)
        : Error(
            exception is UnauthorizedAccessException ? ErrorCode.PermissionDenied : ErrorCode.Unavailable,
            $"{folder} cannot be written: {exception.Message}",
            "nothing was installed; see that the folder is yours, or set XDG_DATA_HOME (LOCALAPPDATA on Windows) to one that is",
            exception);
}
