using System.Runtime.InteropServices;

namespace TfRunner.TensorFlow.Native;

/// <summary>TF_Buffer: bytes with a length, such as a serialized message.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeBuffer
{
    public byte* Data;
    public nuint Length;
    public IntPtr Deallocator;
}
