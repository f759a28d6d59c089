using System.Diagnostics;
using TfRunner.Engines;
using TfRunner.TensorFlow.Native;

namespace TfRunner.TensorFlow.Eager;

/// <summary>What one op-by-op call carries with it: the op that is reset for each node, the status, and who may end it.</summary>
internal unsafe struct EagerCall
{
    public TensorFlowApi Api;
    public EagerBodies Bodies;
    public IntPtr Op;
    public IntPtr Status;
    public StatusHandle Failure;
    public CancellationHandle? Cancellation;
    public List<OpTime>? Times;
    public long Started;
    public IOpDispatcher? Dispatcher;

    public readonly bool IsOk => Api.TF_GetCode(Status) == 0;

    /// <summary>Executes one op.</summary>
    /// <param name="node">The op.</param>
    /// <param name="slots">The tensors; the outputs are put there.</param>
    /// <returns>Whether it went well; the status says what did not.</returns>
    public readonly bool Execute(EagerNode node, IntPtr* slots)
    {
        var begin = Times is null ? 0 : Stopwatch.GetTimestamp();
        if (Cancellation is { IsCancelled: true })
        {
            Failure.Set(ErrorCode.Cancelled, "the call was cancelled");
            return false;
        }

        if (Dispatcher is not null)
        {
            Dispatcher.Execute(node, slots, Failure);
        }
        else
        {
            Dispatch(node, slots);
        }

        if (!IsOk)
        {
            for (var i = 0; i < node.OutputCount; i++)
            {
                slots[node.Output + i] = IntPtr.Zero;
            }

            Failure.Set(Failure.Code, $"{Failure.Message} (op {node.Op}, node '{node.Name}')");
            return false;
        }

        if (Times is not null)
        {
            var nanoseconds = 1e9 / Stopwatch.Frequency;
            Times.Add(new(
                node.Name,
                node.Op,
                (long)((begin - Started) * nanoseconds),
                (long)((Stopwatch.GetTimestamp() - begin) * nanoseconds),
                Environment.CurrentManagedThreadId,
                string.Empty));
        }

        return true;
    }

    private readonly void Dispatch(EagerNode node, IntPtr* slots)
    {
        Api.TFE_OpReset(Op, (byte*)node.NativeName, null, Status);
        Api.TFE_OpAddAttrs(Op, node.Attributes);
        foreach (var input in node.Inputs)
        {
            Api.TFE_OpAddInput(Op, slots[input] & ~EagerExecutor.Borrowed, Status);
        }

        if (IsOk)
        {
            var count = node.OutputCount;
            Api.TFE_Execute(Op, slots + node.Output, &count, Status);
        }
    }

    /// <summary>What a condition says: a number that is not zero, a text that is not empty, or any tensor with elements.</summary>
    /// <returns>-1 when it cannot be read; the status says why.</returns>
    public readonly int Truth(IntPtr handle)
    {
        var tensor = Api.TFE_TensorHandleResolve(handle & ~EagerExecutor.Borrowed, Status);
        if (!IsOk)
        {
            return -1;
        }

        var bytes = new ReadOnlySpan<byte>(Api.TF_TensorData(tensor), (int)Math.Min(Api.TF_TensorByteSize(tensor), 16));
        var truth = Api.TF_NumDims(tensor) > 0 ? !bytes.IsEmpty
            : Api.TF_TensorType(tensor) == (int)DType.String ? StringMemory.Decode(Api.TF_TensorData(tensor)).Length > 0
            : bytes.ContainsAnyExcept((byte)0);
        Api.TF_DeleteTensor(tensor);
        return truth ? 1 : 0;
    }
}
