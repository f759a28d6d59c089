using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace TfRunner.Cli;

/// <summary>
/// Ends the process while native code still works on other threads, such as a compiler that nobody waits for any more. The
/// usual way runs the libraries' own endings first, and those threads then crash on what these took away.
/// </summary>
internal static partial class ProcessEnd
{
    /// <summary>Ends the process at once; what was written to the console is out.</summary>
    /// <param name="exitCode">The exit code.</param>
    [DoesNotReturn]
    public static void Now(int exitCode)
    {
        Console.Out.Flush();
        Console.Error.Flush();
        if (!OperatingSystem.IsWindows())
        {
            EndNow(exitCode);
        }

        // Windows ends all other threads before anything else.
        Environment.Exit(exitCode);
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void EndNow(int status);
}
