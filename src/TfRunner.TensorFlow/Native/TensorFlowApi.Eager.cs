namespace TfRunner.TensorFlow.Native;

/// <summary>The eager runtime. All of it is optional: without it the mode <c>graph</c> still works.</summary>
internal sealed unsafe partial class TensorFlowApi
{
    public readonly delegate* unmanaged<IntPtr> TFE_NewContextOptions = (delegate* unmanaged<IntPtr>)symbols.Optional("TFE_NewContextOptions");
    public readonly delegate* unmanaged<IntPtr, void*, nuint, IntPtr, void> TFE_ContextOptionsSetConfig =
        (delegate* unmanaged<IntPtr, void*, nuint, IntPtr, void>)symbols.Optional("TFE_ContextOptionsSetConfig");
    public readonly delegate* unmanaged<IntPtr, void> TFE_DeleteContextOptions = (delegate* unmanaged<IntPtr, void>)symbols.Optional("TFE_DeleteContextOptions");
    public readonly delegate* unmanaged<IntPtr, IntPtr, IntPtr> TFE_NewContext = (delegate* unmanaged<IntPtr, IntPtr, IntPtr>)symbols.Optional("TFE_NewContext");
    public readonly delegate* unmanaged<IntPtr, void> TFE_DeleteContext = (delegate* unmanaged<IntPtr, void>)symbols.Optional("TFE_DeleteContext");
    public readonly delegate* unmanaged<IntPtr, void*, nuint, IntPtr, void> TFE_ContextAddFunctionDef =
        (delegate* unmanaged<IntPtr, void*, nuint, IntPtr, void>)symbols.Optional("TFE_ContextAddFunctionDef");
    public readonly delegate* unmanaged<IntPtr, byte*, IntPtr, void> TFE_ContextRemoveFunction =
        (delegate* unmanaged<IntPtr, byte*, IntPtr, void>)symbols.Optional("TFE_ContextRemoveFunction");
    public readonly delegate* unmanaged<IntPtr, IntPtr, IntPtr> TFE_ContextListDevices =
        (delegate* unmanaged<IntPtr, IntPtr, IntPtr>)symbols.Optional("TFE_ContextListDevices");

    /// <summary>Shares the tensor's memory; the tensor stays the caller's.</summary>
    public readonly delegate* unmanaged<IntPtr, IntPtr, IntPtr> TFE_NewTensorHandle = (delegate* unmanaged<IntPtr, IntPtr, IntPtr>)symbols.Optional("TFE_NewTensorHandle");
    public readonly delegate* unmanaged<IntPtr, void> TFE_DeleteTensorHandle = (delegate* unmanaged<IntPtr, void>)symbols.Optional("TFE_DeleteTensorHandle");
    public readonly delegate* unmanaged<IntPtr, IntPtr, IntPtr> TFE_TensorHandleResolve =
        (delegate* unmanaged<IntPtr, IntPtr, IntPtr>)symbols.Optional("TFE_TensorHandleResolve");

    public readonly delegate* unmanaged<IntPtr, byte*, IntPtr, IntPtr> TFE_NewOp = (delegate* unmanaged<IntPtr, byte*, IntPtr, IntPtr>)symbols.Optional("TFE_NewOp");
    public readonly delegate* unmanaged<IntPtr, void> TFE_DeleteOp = (delegate* unmanaged<IntPtr, void>)symbols.Optional("TFE_DeleteOp");
    public readonly delegate* unmanaged<IntPtr, byte*, byte*, IntPtr, void> TFE_OpReset =
        (delegate* unmanaged<IntPtr, byte*, byte*, IntPtr, void>)symbols.Optional("TFE_OpReset");
    public readonly delegate* unmanaged<IntPtr, IntPtr, IntPtr, void> TFE_OpAddInput = (delegate* unmanaged<IntPtr, IntPtr, IntPtr, void>)symbols.Optional("TFE_OpAddInput");
    public readonly delegate* unmanaged<IntPtr, byte*, byte, void> TFE_OpSetAttrBool = (delegate* unmanaged<IntPtr, byte*, byte, void>)symbols.Optional("TFE_OpSetAttrBool");

    /// <summary>Op, attribute, serialized AttrValue, its length, status.</summary>
    public readonly delegate* unmanaged<IntPtr, byte*, void*, nuint, IntPtr, void> TFE_OpSetAttrValueProto =
        (delegate* unmanaged<IntPtr, byte*, void*, nuint, IntPtr, void>)symbols.Optional("TFE_OpSetAttrValueProto");

    /// <summary>Op, results to fill, in: their room, out: their number, status.</summary>
    public readonly delegate* unmanaged<IntPtr, IntPtr*, int*, IntPtr, void> TFE_Execute =
        (delegate* unmanaged<IntPtr, IntPtr*, int*, IntPtr, void>)symbols.Optional("TFE_Execute");

    public readonly delegate* unmanaged<IntPtr> TFE_NewCancellationManager = (delegate* unmanaged<IntPtr>)symbols.Optional("TFE_NewCancellationManager");
    public readonly delegate* unmanaged<IntPtr, void> TFE_CancellationManagerStartCancel =
        (delegate* unmanaged<IntPtr, void>)symbols.Optional("TFE_CancellationManagerStartCancel");
    public readonly delegate* unmanaged<IntPtr, void> TFE_DeleteCancellationManager =
        (delegate* unmanaged<IntPtr, void>)symbols.Optional("TFE_DeleteCancellationManager");
    public readonly delegate* unmanaged<IntPtr, IntPtr, IntPtr, void> TFE_OpSetCancellationManager =
        (delegate* unmanaged<IntPtr, IntPtr, IntPtr, void>)symbols.Optional("TFE_OpSetCancellationManager");

    /// <summary>The attributes set on an op; they live as long as the op.</summary>
    public readonly delegate* unmanaged<IntPtr, IntPtr> TFE_OpGetAttrs = (delegate* unmanaged<IntPtr, IntPtr>)symbols.Optional("TFE_OpGetAttrs");
    public readonly delegate* unmanaged<IntPtr, IntPtr, void> TFE_OpAddAttrs = (delegate* unmanaged<IntPtr, IntPtr, void>)symbols.Optional("TFE_OpAddAttrs");

    /// <summary>A further handle of the same tensor.</summary>
    public readonly delegate* unmanaged<IntPtr, IntPtr, IntPtr> TFE_TensorHandleCopySharingTensor =
        (delegate* unmanaged<IntPtr, IntPtr, IntPtr>)symbols.Optional("TFE_TensorHandleCopySharingTensor");

    /// <summary>Between these, ops share what lives for one step, such as tensor arrays.</summary>
    public readonly delegate* unmanaged<IntPtr, void> TFE_ContextStartStep = (delegate* unmanaged<IntPtr, void>)symbols.Optional("TFE_ContextStartStep");
    public readonly delegate* unmanaged<IntPtr, void> TFE_ContextEndStep = (delegate* unmanaged<IntPtr, void>)symbols.Optional("TFE_ContextEndStep");
}
