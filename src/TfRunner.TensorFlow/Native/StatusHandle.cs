using System.Runtime.InteropServices;
using System.Text;

namespace TfRunner.TensorFlow.Native;

/// <summary>TF_Status: the result of native calls. Not thread-safe: one per call or per thread.</summary>
internal sealed unsafe class StatusHandle() : NativeHandle(TensorFlowApi.Loaded.TF_NewStatus())
{
    public bool IsOk => TensorFlowApi.Loaded.TF_GetCode(Pointer) == 0;

    public ErrorCode Code => (ErrorCode)TensorFlowApi.Loaded.TF_GetCode(Pointer);

    public string Message => Marshal.PtrToStringUTF8((IntPtr)TensorFlowApi.Loaded.TF_Message(Pointer)) ?? string.Empty;

    /// <summary>The one place where a native failure becomes an exception.</summary>
    /// <param name="stage">Where in a prediction's way the call stands.</param>
    /// <param name="doing">What was being done, such as <c>signature 'serving_default' failed</c>.</param>
    /// <param name="hint">What to do about it, or null.</param>
    /// <param name="cancellation">The caller's token.</param>
    /// <exception cref="TfRunnerException">The status is not OK.</exception>
    /// <exception cref="OperationCanceledException">The status says that the call was cancelled, and <paramref name="cancellation"/> asked for it.</exception>
    public void ThrowIfError(ErrorStage stage, string doing, string? hint = null, CancellationToken cancellation = default)
    {
        if (!IsOk)
        {
            Throw(stage, doing, hint, cancellation);
        }
    }

    /// <summary>Sets a failure, for what is found out on this side.</summary>
    public void Set(ErrorCode code, string message)
    {
        fixed (byte* text = Encoding.UTF8.GetBytes(message + '\0'))
        {
            TensorFlowApi.Loaded.TF_SetStatus(Pointer, (int)code, text);
        }
    }

    protected override void Delete(IntPtr pointer) => TensorFlowApi.Loaded.TF_DeleteStatus(pointer);

    private void Throw(ErrorStage stage, string doing, string? hint, CancellationToken cancellation)
    {
        var code = Code;
        if (code == ErrorCode.Cancelled)
        {
            cancellation.ThrowIfCancellationRequested();
        }

        throw new TfRunnerException(code, stage, $"{doing}: {StatusText.OneLine(Message)}", hint);
    }
}
