using Google.Protobuf;
using Tensorflow;
using Tensorflow.Eager;
using AttrValue = TfRunner.SavedModels.Protos.AttrValue;

namespace TfRunner.TensorFlowNet.Eager;

/// <summary>An attribute of an op, set by TensorFlow.NET's import for its type where there is one, else as the message that it is.</summary>
internal sealed unsafe class NetAttribute
{
    private readonly string name;
    private readonly AttrValue value;
    private readonly byte[] message = [];

    public NetAttribute(string name, AttrValue value)
    {
        this.name = name;
        this.value = value;
        if (!HasImport(value))
        {
            message = value.ToByteArray();
        }
    }

    /// <summary>Sets the attribute.</summary>
    /// <param name="op">The op.</param>
    /// <param name="status">Receives the result where the import gives one.</param>
    public void Set(SafeEagerOpHandle op, Status status)
    {
        switch (value.ValueCase)
        {
            case AttrValue.ValueOneofCase.Type:
                c_api.TFE_OpSetAttrType(op, name, (TF_DataType)(int)value.Type);
                break;
            case AttrValue.ValueOneofCase.B:
                c_api.TFE_OpSetAttrBool(op, name, value.B);
                break;
            case AttrValue.ValueOneofCase.I:
                c_api.TFE_OpSetAttrInt(op, name, value.I);
                break;
            case AttrValue.ValueOneofCase.F:
                c_api.TFE_OpSetAttrFloat(op, name, value.F);
                break;
            default:
                fixed (byte* bytes = message)
                {
                    c_api.TFE_OpSetAttrValueProto(op.DangerousGetHandle(), name, (IntPtr)bytes, (ulong)message.Length, status);
                }

                break;
        }
    }

    private static bool HasImport(AttrValue value) => value.ValueCase
        is AttrValue.ValueOneofCase.Type or AttrValue.ValueOneofCase.B or AttrValue.ValueOneofCase.I or AttrValue.ValueOneofCase.F;
}
