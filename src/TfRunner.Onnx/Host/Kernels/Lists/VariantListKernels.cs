namespace TfRunner.Onnx.Host.Kernels.Lists;

/// <summary>TensorList ops on lists whose elements are variants, such as ragged tensors: what tf.map_fn keeps ragged results in.</summary>
internal static class VariantListKernels
{
    /// <summary>The kernel for lists of variants in the place of one for lists of tensors.</summary>
    /// <param name="op">The op.</param>
    /// <param name="tensors">The kernel for lists of tensors.</param>
    /// <returns>A kernel for both.</returns>
    public static HostKernel Or(string op, HostKernel tensors)
    {
        HostKernel? own = op switch
        {
            // A vector of variants is a list of them.
            "TensorListFromTensor" or "TensorListStack" => static call => call.Output(call.Object<HostVariants>(0)),
            "TensorListReserve" => static call => call.Output(new HostVariants(new object?[call.Int(1)])),
            "EmptyTensorList" => static call => call.Output(new HostVariants([])),
            "TensorListGetItem" => static call => call.Output(Item(call, call.Object<HostVariants>(0), call.Int(1))),
            "TensorListSetItem" => static call => call.Output(call.Object<HostVariants>(0).With(call.Int(1), call.Object<object>(2))),
            "TensorListPushBack" => static call => call.Output(call.Object<HostVariants>(0).With(call.Object<HostVariants>(0).Items.Length, call.Object<object>(1))),
            "TensorListGather" => static call => call.Output(new HostVariants([.. call.Ints(1).Select(i => Item(call, call.Object<HostVariants>(0), i))])),
            _ => null,
        };
        return own is null ? tensors : call => (call.Attributes.DType("element_dtype") == DType.Variant ? own : tensors)(call);
    }

    private static object Item(HostCall call, HostVariants list, long index) =>
        index >= 0 && index < list.Items.Length && list.Items[index] is { } item
            ? item
            : throw call.Invalid(FormattableString.Invariant($"element {index} of a list with {list.Items.Length} elements was not set"));
}
