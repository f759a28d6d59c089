using System.Runtime.InteropServices;

namespace TfRunner.TensorFlow.Library;

/// <summary>Opens libraries with the platform's loader.</summary>
internal sealed class LibraryOpener : ILibraryOpener
{
    public string? TryOpen(string file, out IntPtr library)
    {
        library = IntPtr.Zero;
        try
        {
            library = NativeLibrary.Load(file);
            return null;
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            // The loader's reason is in the message's last line; the first ones list what .NET tried.
            var lines = e.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            return lines.FirstOrDefault(l => l.Contains(file, StringComparison.Ordinal) && !l.Contains("Unable to load", StringComparison.Ordinal))
                ?? lines.LastOrDefault()
                ?? e.GetType().Name;
        }
    }

    public IntPtr Symbol(IntPtr library, string name) => NativeLibrary.TryGetExport(library, name, out var address) ? address : IntPtr.Zero;
}
