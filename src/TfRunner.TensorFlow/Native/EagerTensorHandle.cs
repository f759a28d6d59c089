namespace TfRunner.TensorFlow.Native;

/// <summary>TFE_TensorHandle with an owner: a tensor or resource of the eager runtime.</summary>
internal sealed unsafe class EagerTensorHandle(IntPtr pointer) : NativeHandle(pointer)
{
    /// <summary>Takes a tensor in; copies its memory.</summary>
    public static EagerTensorHandle From(TensorValue value)
    {
        using var status = new StatusHandle();
        var tensor = InputTensor.Copy(value);
        try
        {
            var handle = TensorFlowApi.Loaded.TFE_NewTensorHandle(tensor, status.Pointer);
            status.ThrowIfError(ErrorStage.Load, "a tensor was refused");
            return new(handle);
        }
        finally
        {
            InputTensor.Delete(tensor);
        }
    }

    protected override void Delete(IntPtr pointer) => TensorFlowApi.Loaded.TFE_DeleteTensorHandle(pointer);
}
