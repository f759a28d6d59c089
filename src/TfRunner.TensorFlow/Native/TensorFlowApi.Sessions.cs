namespace TfRunner.TensorFlow.Native;

/// <summary>Graphs and sessions.</summary>
internal sealed unsafe partial class TensorFlowApi
{
    public readonly delegate* unmanaged<IntPtr> TF_NewGraph = (delegate* unmanaged<IntPtr>)symbols.Required("TF_NewGraph");
    public readonly delegate* unmanaged<IntPtr, void> TF_DeleteGraph = (delegate* unmanaged<IntPtr, void>)symbols.Required("TF_DeleteGraph");
    public readonly delegate* unmanaged<IntPtr, byte*, IntPtr> TF_GraphOperationByName =
        (delegate* unmanaged<IntPtr, byte*, IntPtr>)symbols.Required("TF_GraphOperationByName");
    public readonly delegate* unmanaged<IntPtr, int> TF_OperationNumOutputs =
        (delegate* unmanaged<IntPtr, int>)symbols.Required("TF_OperationNumOutputs");
    public readonly delegate* unmanaged<NativeOutput, int> TF_OperationOutputType =
        (delegate* unmanaged<NativeOutput, int>)symbols.Required("TF_OperationOutputType");

    public readonly delegate* unmanaged<IntPtr> TF_NewSessionOptions = (delegate* unmanaged<IntPtr>)symbols.Required("TF_NewSessionOptions");
    public readonly delegate* unmanaged<IntPtr, void> TF_DeleteSessionOptions =
        (delegate* unmanaged<IntPtr, void>)symbols.Required("TF_DeleteSessionOptions");
    public readonly delegate* unmanaged<IntPtr, void*, nuint, IntPtr, void> TF_SetConfig =
        (delegate* unmanaged<IntPtr, void*, nuint, IntPtr, void>)symbols.Required("TF_SetConfig");

    /// <summary>Graph, options, status. The session runs what the graph has, also what is added to it later.</summary>
    public readonly delegate* unmanaged<IntPtr, IntPtr, IntPtr, IntPtr> TF_NewSession =
        (delegate* unmanaged<IntPtr, IntPtr, IntPtr, IntPtr>)symbols.Required("TF_NewSession");

    /// <summary>Session, run options, feeds, their tensors and number, fetches, their tensors and number, targets and number,
    /// run metadata, status. The caller owns the fetched tensors.</summary>
    public readonly delegate* unmanaged<IntPtr, IntPtr, NativeOutput*, IntPtr*, int, NativeOutput*, IntPtr*, int, IntPtr*, int, IntPtr, IntPtr, void>
        TF_SessionRun =
            (delegate* unmanaged<IntPtr, IntPtr, NativeOutput*, IntPtr*, int, NativeOutput*, IntPtr*, int, IntPtr*, int, IntPtr, IntPtr, void>)
            symbols.Required("TF_SessionRun");

    public readonly delegate* unmanaged<IntPtr, IntPtr, void> TF_CloseSession = (delegate* unmanaged<IntPtr, IntPtr, void>)symbols.Required("TF_CloseSession");
    public readonly delegate* unmanaged<IntPtr, IntPtr, void> TF_DeleteSession = (delegate* unmanaged<IntPtr, IntPtr, void>)symbols.Required("TF_DeleteSession");

    public readonly delegate* unmanaged<IntPtr> TF_NewImportGraphDefOptions = (delegate* unmanaged<IntPtr>)symbols.Required("TF_NewImportGraphDefOptions");
    public readonly delegate* unmanaged<IntPtr, void> TF_DeleteImportGraphDefOptions =
        (delegate* unmanaged<IntPtr, void>)symbols.Required("TF_DeleteImportGraphDefOptions");

    /// <summary>Options, a node's name as the GraphDef has it, the index of its output, the tensor of the graph that stands for it.</summary>
    public readonly delegate* unmanaged<IntPtr, byte*, int, NativeOutput, void> TF_ImportGraphDefOptionsAddInputMapping =
        (delegate* unmanaged<IntPtr, byte*, int, NativeOutput, void>)symbols.Required("TF_ImportGraphDefOptionsAddInputMapping");

    /// <summary>Options, a node's name as the GraphDef has it, the operation of the graph that stands for it.</summary>
    public readonly delegate* unmanaged<IntPtr, byte*, IntPtr, void> TF_ImportGraphDefOptionsRemapControlDependency =
        (delegate* unmanaged<IntPtr, byte*, IntPtr, void>)symbols.Required("TF_ImportGraphDefOptionsRemapControlDependency");

    /// <summary>Graph to add to, serialized GraphDef, options, status.</summary>
    public readonly delegate* unmanaged<IntPtr, NativeBuffer*, IntPtr, IntPtr, void> TF_GraphImportGraphDef =
        (delegate* unmanaged<IntPtr, NativeBuffer*, IntPtr, IntPtr, void>)symbols.Required("TF_GraphImportGraphDef");

    public readonly delegate* unmanaged<IntPtr, IntPtr, IntPtr> TF_SessionListDevices =
        (delegate* unmanaged<IntPtr, IntPtr, IntPtr>)symbols.Optional("TF_SessionListDevices");
    public readonly delegate* unmanaged<IntPtr, int> TF_DeviceListCount = (delegate* unmanaged<IntPtr, int>)symbols.Optional("TF_DeviceListCount");
    public readonly delegate* unmanaged<IntPtr, int, IntPtr, byte*> TF_DeviceListName =
        (delegate* unmanaged<IntPtr, int, IntPtr, byte*>)symbols.Optional("TF_DeviceListName");
    public readonly delegate* unmanaged<IntPtr, void> TF_DeleteDeviceList = (delegate* unmanaged<IntPtr, void>)symbols.Optional("TF_DeleteDeviceList");
}
