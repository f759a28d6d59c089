using System.Runtime.InteropServices;
using TfRunner.TensorFlow.Library;

namespace TfRunner.TensorFlow.Tests.Library;

/// <summary>Libraries of a described version that lack some symbols. Nothing but TF_Version may be called.</summary>
internal sealed unsafe class DescribedLibraries(string version, params string[] missing) : ILibraryOpener
{
    private static IntPtr versionText;

    public Dictionary<string, string> Broken { get; } = new(StringComparer.Ordinal);

    /// <summary>Symbols that only the framework library has.</summary>
    public HashSet<string> InFramework { get; } = new(StringComparer.Ordinal);

    public string? TryOpen(string file, out IntPtr library)
    {
        library = file.Contains("framework", StringComparison.Ordinal) ? 2 : 1;
        return Broken.GetValueOrDefault(file);
    }

    public IntPtr Symbol(IntPtr library, string name)
    {
        if (missing.Contains(name) || InFramework.Contains(name) != (library == 2))
        {
            return IntPtr.Zero;
        }

        versionText = Marshal.StringToCoTaskMemUTF8(version);
        return name == "TF_Version" ? (IntPtr)(delegate* unmanaged<IntPtr>)&Version : 1;
    }

    [UnmanagedCallersOnly]
    private static IntPtr Version() => versionText;
}
