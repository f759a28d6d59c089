using System.Runtime.InteropServices;
using TfRunner.TensorFlow.Native;

namespace TfRunner.TensorFlow.Sessions;

/// <summary>One call of a session: its input tensors, its results and its status.</summary>
internal sealed unsafe class GraphCall : INativeCall
{
    private readonly GraphSignature signature;
    private readonly StatusHandle status = new();
    private readonly int inputCount;
    private IntPtr* tensors;

    public GraphCall(GraphSignature signature, ReadOnlySpan<TensorValue> inputs, bool copy)
    {
        this.signature = signature;
        inputCount = inputs.Length;
        tensors = (IntPtr*)NativeMemory.AllocZeroed((nuint)(inputCount + signature.FetchCount + 1), (nuint)sizeof(IntPtr));
        try
        {
            for (var i = 0; i < inputCount; i++)
            {
                tensors[i] = copy || !InputTensor.IsShareable(inputs[i]) ? InputTensor.Copy(inputs[i]) : InputTensor.Share(inputs[i]);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public void Execute()
    {
        signature.Run(tensors, tensors + inputCount, status);
        OutputTensor.Count(tensors + inputCount, signature.FetchCount);
    }

    /// <summary>Hands out the results, or throws what went wrong.</summary>
    public void Take(ReadOnlySpan<TensorValue> inputs, Span<TensorValue> outputs, CancellationToken cancellationToken)
    {
        status.ThrowIfError(ErrorStage.Run, $"signature '{signature.Signature.Name}' failed", null, cancellationToken);

        for (var i = 0; i < outputs.Length; i++)
        {
            outputs[i] = signature.FeedOf[i] >= 0 ? inputs[signature.FeedOf[i]].Clone() : TakeFetched(signature.FetchOf[i]);
        }
    }

    public void Dispose()
    {
        if (tensors == null)
        {
            return;
        }

        for (var i = 0; i < inputCount; i++)
        {
            InputTensor.Delete(tensors[i]);
        }

        OutputTensor.Delete(tensors + inputCount, signature.FetchCount);

        NativeMemory.Free(tensors);
        tensors = null;
        status.Dispose();
    }

    private TensorValue TakeFetched(int index)
    {
        var tensor = tensors[inputCount + index];
        tensors[inputCount + index] = IntPtr.Zero;
        NativeObjects.Deleted();
        return OutputTensor.Take(tensor);
    }
}
