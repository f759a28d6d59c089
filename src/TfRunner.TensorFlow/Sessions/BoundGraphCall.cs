using System.Runtime.InteropServices;
using TfRunner.Engines;
using TfRunner.TensorFlow.Native;

namespace TfRunner.TensorFlow.Sessions;

/// <summary>A session call over settled memory. Makes no managed object per call.</summary>
internal sealed unsafe class BoundGraphCall : IBoundCall
{
    private readonly GraphSignature signature;
    private readonly TensorValue[] inputs;
    private readonly TensorValue[] outputs;
    private readonly bool[] renewed;
    private readonly StatusHandle status = new();
    private IntPtr* tensors;

    public BoundGraphCall(GraphSignature signature, TensorValue[] inputs, TensorValue[] outputs, bool copyInputs)
    {
        this.signature = signature;
        this.inputs = inputs;
        this.outputs = outputs;
        foreach (var output in outputs.Where(static o => o.IsString))
        {
            throw new TfRunnerException(
                ErrorCode.InvalidArgument, ErrorStage.Usage, $"a string output ({output}) cannot be bound", "call Predict, which makes a new tensor");
        }

        // Strings are encoded, and memory that TensorFlow does not take is copied, by each call anew.
        renewed = [.. inputs.Select(i => copyInputs || !InputTensor.IsShareable(i))];
        tensors = (IntPtr*)NativeMemory.AllocZeroed((nuint)(inputs.Length + signature.FetchCount + 1), (nuint)sizeof(IntPtr));
        for (var i = 0; i < inputs.Length; i++)
        {
            tensors[i] = renewed[i] ? IntPtr.Zero : InputTensor.Share(inputs[i]);
        }
    }

    public void Run()
    {
        var results = tensors + inputs.Length;
        try
        {
            for (var i = 0; i < inputs.Length; i++)
            {
                if (renewed[i])
                {
                    tensors[i] = InputTensor.Copy(inputs[i]);
                }
            }

            signature.Run(tensors, results, status);
            OutputTensor.Count(results, signature.FetchCount);
            if (!status.IsOk)
            {
                status.ThrowIfError(ErrorStage.Run, $"signature '{signature.Signature.Name}' failed");
            }

            for (var i = 0; i < outputs.Length; i++)
            {
                var fetch = signature.FetchOf[i];
                if (fetch >= 0)
                {
                    OutputTensor.CopyTo(results[fetch], outputs[i], signature.Signature.Outputs[i]);
                }
                else
                {
                    Copy(inputs[signature.FeedOf[i]], outputs[i], signature.Signature.Outputs[i]);
                }
            }
        }
        finally
        {
            OutputTensor.Delete(results, signature.FetchCount);
            for (var i = 0; i < inputs.Length; i++)
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

        for (var i = 0; i < inputs.Length; i++)
        {
            InputTensor.Delete(tensors[i]);
        }

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
