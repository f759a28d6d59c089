using TfRunner.Onnx.Host.Arrays;

namespace TfRunner.Onnx.Host.Kernels.Lists;

/// <summary>TensorList ops: what Keras's recurrent layers and tf.map_fn keep their steps in.</summary>
internal sealed class TensorListKernels : IHostKernelFamily
{
    /// <inheritdoc/>
    public void Register(HostRegistry registry)
    {
        Add("TensorListFromTensor", FromTensor);
        Add("TensorListReserve", static call => call.Output(Empty(call, call.Ints(1)[0])));
        Add("EmptyTensorList", static call => call.Output(Empty(call, 0)));
        Add("TensorListGetItem", GetItem);
        Add("TensorListSetItem", static call => call.Output(call.Object<HostList>(0).With(call.Ints(1)[0], call.Tensor(2).Clone())));
        Add("TensorListStack", Stack);
        registry.Add(
            static call => call.Output(TensorValue.FromScalar(call.Object<object>(0) is HostVariants variants ? variants.Items.Length : call.Object<HostList>(0).Items.Length)),
            "TensorListLength");
        Add("TensorListPushBack", PushBack);
        registry.Add(PopBack, "TensorListPopBack");
        Add("TensorListGather", Gather);
        registry.Add(Concat, "TensorListConcatV2", "TensorListConcat");
        registry.Add(Resize, "TensorListResize");
        registry.Add(Scatter, "TensorListScatter", "TensorListScatterV2");
        registry.Add(static call => Place(call, call.Object<HostList>(0), call.Tensor(1), call.Ints(2)), "TensorListScatterIntoExistingList");
        registry.Add(Split, "TensorListSplit");
        registry.Add(ConcatLists, "TensorListConcatLists");
        registry.Add(ElementShapeOf, "TensorListElementShape");

        void Add(string op, HostKernel kernel) => registry.Add(VariantListKernels.Or(op, kernel), op);
    }

    private static HostList Empty(HostCall call, long count) => new(call.Attributes.DType("element_dtype"), new TensorValue?[count]);

    /// <summary>TensorListFromTensor: the slices of the first axis.</summary>
    private static void FromTensor(HostCall call)
    {
        var x = call.Tensor(0);
        var items = new TensorValue?[x.Dimensions[0]];
        var run = items.Length == 0 ? 0 : x.Length / items.Length;
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = TensorValue.Zeros(x.DType, x.Dimensions[1..]);
            ArrayMovement.CopyElements(x, i * run, items[i]!, 0, run);
        }

        call.Output(new HostList(x.DType, items));
    }

    private static void GetItem(HostCall call)
    {
        var list = call.Object<HostList>(0);
        var index = call.Ints(1)[0];
        if (index < 0 || index >= list.Items.Length)
        {
            throw call.Node.Error(ErrorCode.InvalidArgument, FormattableString.Invariant($"index {index} of a list with {list.Items.Length} elements"));
        }

        call.Output(list.Items[index]?.Clone() ?? TensorValue.Zeros(list.DType, ElementShape(call, list, call.Ints(2))));
    }

    /// <summary>TensorListStack: all elements along a new first axis; those never set are zeros.</summary>
    private static void Stack(HostCall call)
    {
        var list = call.Object<HostList>(0);
        call.Output(Stacked(call, list, [.. Enumerable.Range(0, list.Items.Length).Select(static i => (long)i)], call.Ints(1)));
    }

    private static void Gather(HostCall call) => call.Output(Stacked(call, call.Object<HostList>(0), call.Ints(1), call.Ints(2)));

    private static TensorValue Stacked(HostCall call, HostList list, long[] indices, long[] given)
    {
        var shape = ElementShape(call, list, given);
        var result = TensorValue.Zeros(list.DType, [indices.Length, .. shape]);
        var run = Strides.Count(shape);
        for (var i = 0; i < indices.Length; i++)
        {
            if (list.Items[indices[i]] is { } item)
            {
                if (item.Length != run)
                {
                    throw call.Node.Error(ErrorCode.InvalidArgument, $"elements of shapes {TensorShape.Format(shape)} and {item.Shape} cannot be stacked");
                }

                ArrayMovement.CopyElements(item, 0, result, i * run, run);
            }
        }

        return result;
    }

    private static void PushBack(HostCall call)
    {
        var list = call.Object<HostList>(0);
        call.Output(list.With(list.Items.Length, call.Tensor(1).Clone()));
    }

    private static void PopBack(HostCall call)
    {
        var list = call.Object<HostList>(0);
        if (list.Items.Length == 0)
        {
            throw call.Node.Error(ErrorCode.InvalidArgument, "the list is empty");
        }

        call.Output(0, list with { Items = list.Items[..^1] });
        call.Output(1, list.Items[^1]?.Clone() ?? TensorValue.Zeros(list.DType, ElementShape(call, list, call.Ints(1))));
    }

    private static void Concat(HostCall call)
    {
        var list = call.Object<HostList>(0);
        var parts = list.Items.OfType<TensorValue>().ToList();
        call.Output(0, parts.Count == 0 ? TensorValue.Zeros(list.DType, 0) : ArrayMovement.Concat(parts, 0));
        call.Output(1, TensorValue.From(parts.Select(static p => p.Dimensions[0]).ToArray(), parts.Count));
    }

    /// <summary>TensorListScatterV2: tensor, indices, element_shape, num_elements (-1 takes what the indices need): a new list.</summary>
    private static void Scatter(HostCall call)
    {
        var indices = call.Ints(1);
        var needed = indices.Length == 0 ? 0 : indices.Max() + 1;
        var count = call.InputCount > 3 && call.Int(3) >= 0 ? call.Int(3) : needed;
        Place(call, new(call.Tensor(0).DType, new TensorValue?[count]), call.Tensor(0), indices);
    }

    private static void Place(HostCall call, HostList list, TensorValue x, long[] indices)
    {
        var run = Strides.Count(x.Dimensions[1..]);
        for (var i = 0; i < indices.Length; i++)
        {
            var item = TensorValue.Zeros(x.DType, x.Dimensions[1..]);
            ArrayMovement.CopyElements(x, i * run, item, 0, run);
            list = list.With(indices[i], item);
        }

        call.Output(list);
    }

    /// <summary>TensorListSplit: tensor, element_shape, lengths: runs of rows of these lengths.</summary>
    private static void Split(HostCall call)
    {
        var x = call.Tensor(0);
        var run = Strides.Count(x.Dimensions[1..]);
        var items = new List<TensorValue?>();
        var row = 0L;
        foreach (var length in call.Ints(2))
        {
            var item = TensorValue.Zeros(x.DType, [length, .. x.Dimensions[1..]]);
            ArrayMovement.CopyElements(x, row * run, item, 0, length * run);
            items.Add(item);
            row += length;
        }

        call.Output(new HostList(x.DType, [.. items]));
    }

    /// <summary>TensorListConcatLists: the elements of the first list, then those of the second.</summary>
    private static void ConcatLists(HostCall call)
    {
        var (a, b) = (call.Object<HostList>(0), call.Object<HostList>(1));
        call.Output(a with { Items = [.. a.Items, .. b.Items] });
    }

    private static void ElementShapeOf(HostCall call)
    {
        var known = Array.Find(call.Object<HostList>(0).Items, static i => i is not null)?.Dimensions.ToArray() ?? [];
        call.Output(0, known, known.Length);
    }

    private static void Resize(HostCall call)
    {
        var list = call.Object<HostList>(0);
        var items = new TensorValue?[call.Ints(1)[0]];
        Array.Copy(list.Items, items, Math.Min(items.Length, list.Items.Length));
        call.Output(list with { Items = items });
    }

    /// <summary>The shape of elements: of one that was set, else what the call states.</summary>
    private static long[] ElementShape(HostCall call, HostList list, long[] given)
    {
        if (Array.Find(list.Items, static i => i is not null) is { } known)
        {
            return known.Dimensions.ToArray();
        }

        return given.All(static d => d >= 0) || list.Items.Length == 0
            ? Array.ConvertAll(given, static d => Math.Max(d, 0))
            : throw call.Node.Error(ErrorCode.InvalidArgument, "the list has no elements, and their shape is unknown");
    }
}
