using System.Runtime.InteropServices;

namespace TfRunner.TensorFlow.Native;

/// <summary>TF_Session. Deleting waits for nothing: the owner sees to it that no call is in flight.</summary>
internal sealed unsafe class SessionHandle : NativeHandle
{
    private SessionHandle(IntPtr pointer)
        : base(pointer)
    {
    }

    /// <summary>Makes a session on a graph, which must outlive it and may grow.</summary>
    /// <exception cref="TfRunnerException">TensorFlow refuses.</exception>
    public static SessionHandle Create(GraphHandle graph, SessionOptionsHandle options)
    {
        using var status = new StatusHandle();
        var session = TensorFlowApi.Loaded.TF_NewSession(graph.Pointer, options.Pointer, status.Pointer);
        status.ThrowIfError(ErrorStage.Engine, "a session cannot be made");
        return new(session);
    }

    /// <summary>Runs operations for what they do.</summary>
    /// <param name="targets">The operations.</param>
    /// <param name="feed">A tensor that is given.</param>
    /// <param name="value">Its value; null when none is given.</param>
    /// <param name="doing">What it is done for, for the error.</param>
    /// <exception cref="TfRunnerException">One of them failed.</exception>
    public void Run(ReadOnlySpan<IntPtr> targets, NativeOutput feed, TensorValue? value, string doing)
    {
        using var status = new StatusHandle();
        var tensor = value is null ? IntPtr.Zero : InputTensor.Copy(value);
        fixed (IntPtr* operations = targets)
        {
            TensorFlowApi.Loaded.TF_SessionRun(
                Pointer, IntPtr.Zero, &feed, &tensor, value is null ? 0 : 1, null, null, 0, operations, targets.Length, IntPtr.Zero, status.Pointer);
        }

        InputTensor.Delete(tensor);
        status.ThrowIfError(ErrorStage.Load, doing);
    }

    /// <summary>Whether the library can tell a session's devices.</summary>
    public static bool CanListDevices => TensorFlowApi.Loaded.TF_SessionListDevices != null && TensorFlowApi.Loaded.TF_DeviceListCount != null
        && TensorFlowApi.Loaded.TF_DeviceListName != null && TensorFlowApi.Loaded.TF_DeleteDeviceList != null;

    /// <summary>The names of the session's devices, such as <c>/job:localhost/replica:0/task:0/device:CPU:0</c>.</summary>
    public IReadOnlyList<string> Devices()
    {
        var api = TensorFlowApi.Loaded;
        using var status = new StatusHandle();
        var list = api.TF_SessionListDevices(Pointer, status.Pointer);
        status.ThrowIfError(ErrorStage.Engine, "the devices cannot be listed");
        try
        {
            var names = new string[api.TF_DeviceListCount(list)];
            for (var i = 0; i < names.Length; i++)
            {
                names[i] = Marshal.PtrToStringUTF8((IntPtr)api.TF_DeviceListName(list, i, status.Pointer)) ?? string.Empty;
            }

            return names;
        }
        finally
        {
            api.TF_DeleteDeviceList(list);
        }
    }

    protected override void Delete(IntPtr pointer)
    {
        var api = TensorFlowApi.Loaded;
        var status = api.TF_NewStatus();
        api.TF_CloseSession(pointer, status);
        api.TF_DeleteSession(pointer, status);
        api.TF_DeleteStatus(status);
    }
}
