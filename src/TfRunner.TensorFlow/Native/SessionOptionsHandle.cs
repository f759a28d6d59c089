using Google.Protobuf;
using TfRunner.TensorFlow.Native.Protos;

namespace TfRunner.TensorFlow.Native;

/// <summary>TF_SessionOptions.</summary>
internal sealed unsafe class SessionOptionsHandle : NativeHandle
{
    public SessionOptionsHandle(ConfigProto config)
        : base(TensorFlowApi.Loaded.TF_NewSessionOptions())
    {
        using var status = new StatusHandle();
        fixed (byte* bytes = config.ToByteArray())
        {
            TensorFlowApi.Loaded.TF_SetConfig(handle, bytes, (nuint)config.CalculateSize(), status.Pointer);
        }

        status.ThrowIfError(ErrorStage.Engine, "the session options were refused");
    }

    protected override void Delete(IntPtr pointer) => TensorFlowApi.Loaded.TF_DeleteSessionOptions(pointer);
}
