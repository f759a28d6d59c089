using System.Runtime.InteropServices;

namespace TfRunner.TensorFlow.Library;

/// <summary>
/// Keeps a library's initialisers from writing to standard error while it is opened: TensorFlow greets its user there before
/// any setting of its log can be reached. The loader's own failures come back as errors, so nothing is lost. What another
/// thread writes in that fraction of a second is lost, so it is used for opening only. Does nothing on Windows.
/// </summary>
internal sealed partial class MutedStandardError : IDisposable
{
    private const int StandardError = 2;
    private const int WriteOnly = 1;
    private readonly int saved = -1;

    public MutedStandardError()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var nowhere = Open("/dev/null", WriteOnly);
        if (nowhere < 0)
        {
            return;
        }

        saved = Duplicate(StandardError);
        if (saved >= 0)
        {
            _ = Replace(nowhere, StandardError);
        }

        _ = Close(nowhere);
    }

    public void Dispose()
    {
        if (saved >= 0)
        {
            _ = Replace(saved, StandardError);
            _ = Close(saved);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "dup")]
    private static partial int Duplicate(int descriptor);

    [LibraryImport("libc", EntryPoint = "dup2")]
    private static partial int Replace(int descriptor, int target);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
