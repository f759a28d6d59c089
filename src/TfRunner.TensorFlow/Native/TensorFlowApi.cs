using System.Runtime.InteropServices;

namespace TfRunner.TensorFlow.Native;

/// <summary>
/// TensorFlow's C API as function pointers under their native names: status, buffers, tensors and libraries. Nothing outside
/// this folder calls them. Ownership is as in tensorflow/c/c_api.h; a pointer that is optional may be null, and what
/// needs it asks <see cref="Features"/> first.
/// </summary>
internal sealed unsafe partial class TensorFlowApi(SymbolTable symbols)
{
    public readonly delegate* unmanaged<byte*> TF_Version = (delegate* unmanaged<byte*>)symbols.Required("TF_Version");

    public readonly delegate* unmanaged<IntPtr> TF_NewStatus = (delegate* unmanaged<IntPtr>)symbols.Required("TF_NewStatus");
    public readonly delegate* unmanaged<IntPtr, void> TF_DeleteStatus = (delegate* unmanaged<IntPtr, void>)symbols.Required("TF_DeleteStatus");
    public readonly delegate* unmanaged<IntPtr, int> TF_GetCode = (delegate* unmanaged<IntPtr, int>)symbols.Required("TF_GetCode");
    public readonly delegate* unmanaged<IntPtr, byte*> TF_Message = (delegate* unmanaged<IntPtr, byte*>)symbols.Required("TF_Message");

    public readonly delegate* unmanaged<IntPtr, int, byte*, void> TF_SetStatus = (delegate* unmanaged<IntPtr, int, byte*, void>)symbols.Required("TF_SetStatus");

    public readonly delegate* unmanaged<NativeBuffer*> TF_NewBuffer = (delegate* unmanaged<NativeBuffer*>)symbols.Required("TF_NewBuffer");
    public readonly delegate* unmanaged<void*, nuint, NativeBuffer*> TF_NewBufferFromString =
        (delegate* unmanaged<void*, nuint, NativeBuffer*>)symbols.Required("TF_NewBufferFromString");
    public readonly delegate* unmanaged<IntPtr, void> TF_DeleteBuffer = (delegate* unmanaged<IntPtr, void>)symbols.Required("TF_DeleteBuffer");

    /// <summary>Takes the memory without a copy when it is aligned to 64 bytes; null when the memory is too small for the shape.</summary>
    public readonly delegate* unmanaged<int, long*, int, void*, nuint, IntPtr, IntPtr, IntPtr> TF_NewTensor =
        (delegate* unmanaged<int, long*, int, void*, nuint, IntPtr, IntPtr, IntPtr>)symbols.Required("TF_NewTensor");
    public readonly delegate* unmanaged<int, long*, int, nuint, IntPtr> TF_AllocateTensor =
        (delegate* unmanaged<int, long*, int, nuint, IntPtr>)symbols.Required("TF_AllocateTensor");
    public readonly delegate* unmanaged<IntPtr, void> TF_DeleteTensor = (delegate* unmanaged<IntPtr, void>)symbols.Required("TF_DeleteTensor");
    public readonly delegate* unmanaged<IntPtr, int> TF_TensorType = (delegate* unmanaged<IntPtr, int>)symbols.Required("TF_TensorType");
    public readonly delegate* unmanaged<IntPtr, int> TF_NumDims = (delegate* unmanaged<IntPtr, int>)symbols.Required("TF_NumDims");
    public readonly delegate* unmanaged<IntPtr, int, long> TF_Dim = (delegate* unmanaged<IntPtr, int, long>)symbols.Required("TF_Dim");
    public readonly delegate* unmanaged<IntPtr, nuint> TF_TensorByteSize = (delegate* unmanaged<IntPtr, nuint>)symbols.Required("TF_TensorByteSize");
    public readonly delegate* unmanaged<IntPtr, byte*> TF_TensorData = (delegate* unmanaged<IntPtr, byte*>)symbols.Required("TF_TensorData");

    /// <summary>The tensor itself when nobody shares its memory, else null. Optional: without it outputs are always copied.</summary>
    public readonly delegate* unmanaged<IntPtr, IntPtr> TF_TensorMaybeMove = (delegate* unmanaged<IntPtr, IntPtr>)symbols.Optional("TF_TensorMaybeMove");

    public readonly delegate* unmanaged<byte*, IntPtr, IntPtr> TF_LoadLibrary = (delegate* unmanaged<byte*, IntPtr, IntPtr>)symbols.Optional("TF_LoadLibrary");
    public readonly delegate* unmanaged<NativeBuffer*> TF_GetAllOpList = (delegate* unmanaged<NativeBuffer*>)symbols.Required("TF_GetAllOpList");

    private static volatile TensorFlowApi? loaded;

    /// <summary>The library of this process. TensorFlow cannot be unloaded, so there is one for the life of the process.</summary>
    public static TensorFlowApi Loaded
    {
        get => loaded ?? throw new InvalidOperationException("TensorFlow's library is not loaded.");
        set => loaded = value;
    }

    public SymbolTable Symbols { get; } = symbols;

    public string VersionText() => Marshal.PtrToStringUTF8((IntPtr)TF_Version()) ?? string.Empty;
}
