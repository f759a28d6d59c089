namespace TfRunner.TensorFlow.Native;

/// <summary>TFE_CancellationManager: ends calls of the eager runtime from another thread.</summary>
internal sealed unsafe class CancellationHandle() : NativeHandle(TensorFlowApi.Loaded.TFE_NewCancellationManager())
{
    private volatile bool isCancelled;

    /// <summary>Whether the library can cancel at all.</summary>
    public static bool IsSupported =>
        TensorFlowApi.Loaded.TFE_NewCancellationManager != null && TensorFlowApi.Loaded.TFE_OpSetCancellationManager != null;

    public bool IsCancelled => isCancelled;

    public void Cancel()
    {
        isCancelled = true;
        TensorFlowApi.Loaded.TFE_CancellationManagerStartCancel(Pointer);
    }

    protected override void Delete(IntPtr pointer) => TensorFlowApi.Loaded.TFE_DeleteCancellationManager(pointer);
}
