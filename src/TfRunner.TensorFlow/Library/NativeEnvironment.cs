using System.Runtime.InteropServices;

namespace TfRunner.TensorFlow.Library;

/// <summary>
/// Environment variables as native code sees them. On Unix .NET keeps its own copy, so that
/// <see cref="Environment.SetEnvironmentVariable(string, string?)"/> does not reach a library's getenv.
/// </summary>
internal static partial class NativeEnvironment
{
    /// <summary>Sets a variable unless it is set.</summary>
    public static void SetDefault(string name, string value)
    {
        if (Environment.GetEnvironmentVariable(name) is not null)
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            _ = PutEnvironment(name, value);
        }
        else
        {
            _ = SetEnvironment(name, value, overwrite: 0);
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);

    [LibraryImport("ucrtbase", EntryPoint = "_wputenv_s", StringMarshalling = StringMarshalling.Utf16)]
    private static partial int PutEnvironment(string name, string value);
}
