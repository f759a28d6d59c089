using System.Text;
using Google.Protobuf;
using TfRunner.SavedModels.Protos;

namespace TfRunner.TensorFlow.Native;

/// <summary>TFE_Op: one op of the eager runtime, made ready and executed once. For preparing; calls have their own, faster ways.</summary>
internal sealed unsafe class EagerOp : NativeHandle
{
    private readonly StatusHandle status = new();
    private readonly string name;

    public EagerOp(ContextHandle context, string name)
        : base(Create(context, name))
    {
        this.name = name;
    }

    public EagerOp Attribute(string attribute, AttrValue value)
    {
        var bytes = value.ToByteArray();
        fixed (byte* text = Encoding.UTF8.GetBytes(attribute + '\0'))
        fixed (byte* data = bytes)
        {
            TensorFlowApi.Loaded.TFE_OpSetAttrValueProto(Pointer, text, data, (nuint)bytes.Length, status.Pointer);
        }

        status.ThrowIfError(ErrorStage.Load, $"attribute '{attribute}' of {name} was refused");
        return this;
    }

    public EagerOp Input(EagerTensorHandle tensor)
    {
        TensorFlowApi.Loaded.TFE_OpAddInput(Pointer, tensor.Pointer, status.Pointer);
        status.ThrowIfError(ErrorStage.Load, $"an input of {name} was refused");
        return this;
    }

    /// <summary>Executes the op.</summary>
    /// <param name="outputs">How many outputs it has.</param>
    /// <param name="doing">What it is done for, for the error.</param>
    /// <returns>The outputs; the caller disposes them.</returns>
    public EagerTensorHandle[] Execute(int outputs, string doing)
    {
        var results = new IntPtr[outputs + 1];
        var count = outputs;
        fixed (IntPtr* pointers = results)
        {
            TensorFlowApi.Loaded.TFE_Execute(Pointer, pointers, &count, status.Pointer);
        }

        status.ThrowIfError(ErrorStage.Load, doing);
        return [.. results.Take(count).Select(static r => new EagerTensorHandle(r))];
    }

    protected override void Delete(IntPtr pointer) => TensorFlowApi.Loaded.TFE_DeleteOp(pointer);

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            status.Dispose();
        }
    }

    private static IntPtr Create(ContextHandle context, string name)
    {
        using var status = new StatusHandle();
        fixed (byte* text = Encoding.UTF8.GetBytes(name + '\0'))
        {
            var op = TensorFlowApi.Loaded.TFE_NewOp(context.Pointer, text, status.Pointer);
            status.ThrowIfError(ErrorStage.Load, $"op {name} was refused");
            return op;
        }
    }
}
