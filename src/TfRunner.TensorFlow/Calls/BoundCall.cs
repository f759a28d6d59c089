using System.Runtime.InteropServices;
using TfRunner.Engines;
using TfRunner.TensorFlow.Native;

namespace TfRunner.TensorFlow.Calls;

/// <summary>A call over settled memory. Makes no managed object per call.</summary>
internal sealed unsafe class BoundCall : IBoundCall
{
    private readonly PreparedSignature signature;
    private readonly TensorValue[] inputs;
    private readonly TensorValue[] outputs;
    private readonly bool[] renewed;
    private readonly StatusHandle status = new();
    private readonly int feedCount;
    private readonly int fetchCount;
    private IntPtr* tensors;

    public BoundCall(PreparedSignature signature, TensorValue[] inputs, TensorValue[] outputs, bool copyInputs)
    {
        if (outputs.FirstOrDefault(static o => o.IsString) is { } text)
        {
            status.Dispose();
            throw new TfRunnerException(
                ErrorCode.InvalidArgument, ErrorStage.Usage, $"a string output ({text}) cannot be bound", "call Predict, which makes a new tensor");
        }

        this.signature = signature;
        this.inputs = inputs;
        this.outputs = outputs;
        feedCount = signature.Wiring.Feeds.Count;
        fetchCount = signature.Wiring.Fetches.Count;

        // Strings are encoded, and memory that TensorFlow does not take is copied, by each call anew.
        renewed = [.. signature.Wiring.FeedInput.ToArray().Select(i => copyInputs || !InputTensor.IsShareable(inputs[i]))];
        tensors = (IntPtr*)NativeMemory.AllocZeroed((nuint)(feedCount + fetchCount + 1), (nuint)sizeof(IntPtr));
        for (var i = 0; i < feedCount; i++)
        {
            tensors[i] = renewed[i] ? IntPtr.Zero : InputTensor.Share(inputs[signature.Wiring.FeedInput[i]]);
        }
    }

    public void Run()
    {
        ObjectDisposedException.ThrowIf(tensors == null, this);
        var results = tensors + feedCount;
        try
        {
            for (var i = 0; i < feedCount; i++)
            {
                if (renewed[i])
                {
                    tensors[i] = InputTensor.Copy(inputs[signature.Wiring.FeedInput[i]]);
                }
            }

            signature.Runner.Run(tensors, results, status, null);
            OutputTensor.Count(results, fetchCount);
            if (!status.IsOk)
            {
                status.ThrowIfError(ErrorStage.Run, $"signature '{signature.Wiring.Signature.Name}' failed");
            }

            for (var i = 0; i < outputs.Length; i++)
            {
                var fetch = signature.Wiring.FetchOf[i];
                if (fetch >= 0)
                {
                    OutputTensor.CopyTo(results[fetch], outputs[i], signature.Wiring.Signature.Outputs[i]);
                }
                else
                {
                    Copy(inputs[signature.Wiring.InputOf[i]], outputs[i], signature.Wiring.Signature.Outputs[i]);
                }
            }
        }
        finally
        {
            OutputTensor.Delete(results, fetchCount);
            for (var i = 0; i < feedCount; i++)
            {
                if (renewed[i])
                {
                    InputTensor.Delete(tensors[i]);
                    tensors[i] = IntPtr.Zero;
                }
            }
        }
    }

    public void Dispose()
    {
        if (tensors == null)
        {
            return;
        }

        OutputTensor.Delete(tensors, feedCount);
        NativeMemory.Free(tensors);
        tensors = null;
        status.Dispose();
    }

    private static void Copy(TensorValue input, TensorValue output, TensorSpec spec)
    {
        if (!input.Dimensions.SequenceEqual(output.Dimensions))
        {
            throw new TfRunnerException(ErrorCode.InvalidArgument, ErrorStage.Data, $"output '{spec.Name}' is {input}, but {output} was bound");
        }

        Buffer.MemoryCopy((void*)input.Pointer, (void*)output.Pointer, output.ByteLength, output.ByteLength);
    }
}
