using System.Runtime.InteropServices;

namespace TfRunner.TensorFlow.Native;

/// <summary>TF_Output: one output of one operation of a graph.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct NativeOutput(IntPtr operation, int index)
{
    public readonly IntPtr Operation = operation;
    public readonly int Index = index;
}
