using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace TfRunner.TensorFlowNet.Library;

/// <summary>Handles of TensorFlow.NET over native objects that somebody else deletes. Its handles own what they are given.</summary>
internal static class BorrowedHandle
{
    /// <summary>Keeps a handle from deleting its object when it is forgotten. It must not be disposed either.</summary>
    /// <param name="handle">The handle, just made.</param>
    /// <returns>The handle.</returns>
    [SuppressMessage("Usage", "CA1816", Justification = "The finalizer of a handle deletes the native object, which is another's.")]
    public static T Of<T>(T handle)
        where T : SafeHandle
    {
        GC.SuppressFinalize(handle);
        return handle;
    }
}
