using System.Collections.Concurrent;
using Tensorflow;
using Tensorflow.Eager;
using TfRunner.TensorFlow.Eager;
using TfRunner.TensorFlow.Native;
using TfRunner.TensorFlowNet.Library;

namespace TfRunner.TensorFlowNet.Eager;

/// <summary>
/// Executes ops as TensorFlow.NET's EagerRunner does, through the same imports and handles: an op per name and thread that is
/// reset, its attributes set, its inputs added. Not by that runner itself: 0.150 cannot set lists of numbers or types, tensors
/// and functions as attributes, which convolutions and constants already need.
/// </summary>
internal sealed unsafe class NetOpDispatcher(SafeContextHandle context) : IOpDispatcher, IDisposable
{
    private readonly ConcurrentDictionary<EagerNode, NetAttribute[]> attributes = new(ReferenceEqualityComparer.Instance);
    private readonly ThreadLocal<Dictionary<string, SafeEagerOpHandle>> opsByName = new(static () => new(StringComparer.Ordinal), trackAllValues: true);

    public void Execute(EagerNode node, IntPtr* slots, StatusHandle status)
    {
        var own = Binding.tf.Status;
        var op = Op(node.Op, own);
        if (!NetFailure.Put(status, own))
        {
            return;
        }

        foreach (var attribute in attributes.GetOrAdd(node, static n => [.. n.AttributeValues.Select(static a => new NetAttribute(a.Key, a.Value))]))
        {
            attribute.Set(op, own);
        }

        foreach (var input in node.Inputs)
        {
            c_api.TFE_OpAddInput(op, BorrowedHandle.Of(new SafeEagerTensorHandle(slots[input] & ~EagerExecutor.Borrowed)), own);
            if (!NetFailure.Put(status, own))
            {
                return;
            }
        }

        var results = new SafeEagerTensorHandle[node.OutputCount];
        c_api.TFE_Execute(op, results, out var count, own);
        for (var i = 0; i < results.Length; i++)
        {
            // The slot deletes the tensor, not this handle.
            slots[node.Output + i] = own.ok() && i < count ? results[i].DangerousGetHandle() : IntPtr.Zero;
            results[i]?.SetHandleAsInvalid();
        }

        NetFailure.Put(status, own);
    }

    public void Dispose()
    {
        foreach (var op in opsByName.Values.SelectMany(static o => o.Values))
        {
            op.Dispose();
        }

        opsByName.Dispose();
        attributes.Clear();
    }

    private SafeEagerOpHandle Op(string name, Status status)
    {
        var known = opsByName.Value!;
        if (known.TryGetValue(name, out var op))
        {
            c_api.TFE_OpReset(op, name, string.Empty, status);
            return op;
        }

        op = c_api.TFE_NewOp(context, name, status);
        if (status.ok())
        {
            known.Add(name, op);
        }

        return op;
    }
}
