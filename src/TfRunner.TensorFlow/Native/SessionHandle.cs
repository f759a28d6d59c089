using System.Runtime.InteropServices;
using System.Text;

namespace TfRunner.TensorFlow.Native;

/// <summary>TF_Session. Deleting waits for nothing: the owner sees to it that no call is in flight.</summary>
internal sealed unsafe class SessionHandle : NativeHandle
{
    private SessionHandle(IntPtr pointer)
        : base(pointer)
    {
    }

    /// <summary>Loads a SavedModel: imports its graph, restores variables, runs its init op.</summary>
    /// <param name="options">The session's options.</param>
    /// <param name="directory">The SavedModel directory.</param>
    /// <param name="tags">All tags of the meta graph.</param>
    /// <param name="graph">Receives the graph.</param>
    /// <param name="hint">What to do when it fails, or null.</param>
    /// <returns>The session.</returns>
    public static SessionHandle Load(SessionOptionsHandle options, string directory, IReadOnlyList<string> tags, GraphHandle graph, string? hint)
    {
        using var status = new StatusHandle();
        var names = new IntPtr[tags.Count];
        IntPtr session;
        try
        {
            for (var i = 0; i < names.Length; i++)
            {
                names[i] = Marshal.StringToCoTaskMemUTF8(tags[i]);
            }

            fixed (byte* path = Encoding.UTF8.GetBytes(directory + '\0'))
            fixed (IntPtr* tagPointers = names)
            {
                session = TensorFlowApi.Loaded.TF_LoadSessionFromSavedModel(
                    options.Pointer, IntPtr.Zero, path, (byte**)tagPointers, names.Length, graph.Pointer, IntPtr.Zero, status.Pointer);
            }
        }
        finally
        {
            Array.ForEach(names, Marshal.FreeCoTaskMem);
        }

        status.ThrowIfError(ErrorStage.Load, $"TensorFlow cannot load {directory}", hint);
        return new(session);
    }

    /// <summary>A session over a graph that is there already.</summary>
    /// <param name="options">The session's options.</param>
    /// <param name="graph">The graph; outlives the session.</param>
    public static SessionHandle Open(SessionOptionsHandle options, GraphHandle graph)
    {
        var api = TensorFlowApi.Loaded;
        if (api.TF_NewSession == null)
        {
            throw new TfRunnerException(ErrorCode.Unimplemented, ErrorStage.Load, "this TensorFlow library has no TF_NewSession, which frozen graphs need", "use --engine onnx");
        }

        using var status = new StatusHandle();
        var session = api.TF_NewSession(graph.Pointer, options.Pointer, status.Pointer);
        status.ThrowIfError(ErrorStage.Load, "a session cannot be opened");
        return new(session);
    }

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
