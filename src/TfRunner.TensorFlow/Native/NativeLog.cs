namespace TfRunner.TensorFlow.Native;

/// <summary>
/// Quietens the messages that newer TensorFlow libraries write through Abseil, which TF_CPP_MIN_LOG_LEVEL does not reach.
/// Abseil puts each of its releases into a namespace of its own, so the symbol's name changes with TensorFlow's version;
/// where none is found, the messages stay.
/// </summary>
internal static unsafe class NativeLog
{
    /// <summary>Abseil's LogSeverityAtLeast::kFatal: what fails comes back as a status, with more to it than the log has.</summary>
    private const int Fatal = 3;

    /// <summary>The releases of Abseil that TensorFlow 2.13 to 2.21 were built with.</summary>
    private static readonly string[] Releases = ["20230125", "20230802", "20240116", "20240722", "20250127", "20250512", "20250814"];

    /// <summary>Lets only the last words of a dying process through.</summary>
    /// <param name="find">Gives a symbol's address, or zero.</param>
    public static void Quieten(Func<string, IntPtr> find)
    {
        foreach (var release in Releases)
        {
            var address = find($"_ZN4absl12lts_{release}14SetMinLogLevelENS0_18LogSeverityAtLeastE");
            if (address != IntPtr.Zero)
            {
                ((delegate* unmanaged[Cdecl]<int, void>)address)(Fatal);
                return;
            }
        }
    }
}
