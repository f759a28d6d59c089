namespace TfRunner.TensorFlow.Native;

/// <summary>TF_Tensor with an owner; keeps an output's memory alive under the <see cref="TensorValue"/> that wraps it.</summary>
internal sealed unsafe class TensorHandle(IntPtr pointer) : NativeHandle(pointer)
{
    protected override void Delete(IntPtr pointer) => TensorFlowApi.Loaded.TF_DeleteTensor(pointer);
}
