namespace TfRunner.TensorFlow.Native;

/// <summary>Takes TensorFlow's results out, without a copy where nobody shares their memory.</summary>
internal static unsafe class OutputTensor
{
    /// <summary>Outputs up to this size are copied: that is cheaper than an owner that must be finalized when it is forgotten.</summary>
    private const long SmallBytes = 4096;

    /// <summary>Makes a tensor of a result and takes over the result.</summary>
    /// <param name="tensor">A TF_Tensor; owned by this method from here on.</param>
    /// <returns>The tensor; the caller disposes it.</returns>
    public static TensorValue Take(IntPtr tensor)
    {
        var api = TensorFlowApi.Loaded;
        var handle = new TensorHandle(tensor);
        try
        {
            var dtype = (DType)api.TF_TensorType(tensor);
            Span<long> dimensions = stackalloc long[api.TF_NumDims(tensor)];
            for (var i = 0; i < dimensions.Length; i++)
            {
                dimensions[i] = api.TF_Dim(tensor, i);
            }

            var data = api.TF_TensorData(tensor);
            if (dtype == DType.String)
            {
                var result = TensorValue.Allocate(dtype, dimensions);
                for (var i = 0; i < result.Strings.Length; i++)
                {
                    result.Strings[i] = StringMemory.Decode(data + ((long)i * StringMemory.ElementSize));
                }

                return result;
            }

            // A result can share memory with a constant, a variable or an input; writing to such a tensor would change them.
            var length = (long)api.TF_TensorByteSize(tensor);
            if (length > SmallBytes && api.TF_TensorMaybeMove != null && api.TF_TensorMaybeMove(tensor) != IntPtr.Zero)
            {
                var owner = handle;
                handle = null;
                return TensorValue.Wrap(dtype, (IntPtr)data, length, owner, dimensions);
            }

            var copy = TensorValue.Allocate(dtype, dimensions);
            Buffer.MemoryCopy(data, (void*)copy.Pointer, copy.ByteLength, copy.ByteLength);
            return copy;
        }
        finally
        {
            handle?.Dispose();
        }
    }

    /// <summary>Copies a result into a tensor that was settled before. The result stays the caller's. Allocates nothing.</summary>
    /// <param name="tensor">A TF_Tensor.</param>
    /// <param name="target">Where it goes.</param>
    /// <param name="spec">The output, for the error.</param>
    /// <exception cref="TfRunnerException">InvalidArgument when dtype or shape differ.</exception>
    public static void CopyTo(IntPtr tensor, TensorValue target, TensorSpec spec)
    {
        var api = TensorFlowApi.Loaded;
        var rank = api.TF_NumDims(tensor);
        var fits = api.TF_TensorType(tensor) == (int)target.DType && rank == target.Rank;
        for (var i = 0; fits && i < rank; i++)
        {
            fits = api.TF_Dim(tensor, i) == target.Dimensions[i];
        }

        if (!fits)
        {
            throw WrongShape(tensor, target, spec);
        }

        Buffer.MemoryCopy(api.TF_TensorData(tensor), (void*)target.Pointer, target.ByteLength, target.ByteLength);
    }

    /// <summary>Counts results that a call has just made.</summary>
    public static void Count(IntPtr* tensors, int count)
    {
        for (var i = 0; i < count; i++)
        {
            NativeObjects.Created(tensors[i] == IntPtr.Zero ? 0 : 1);
        }
    }

    /// <summary>Deletes the results that nobody took.</summary>
    public static void Delete(IntPtr* tensors, int count)
    {
        for (var i = 0; i < count; i++)
        {
            InputTensor.Delete(tensors[i]);
            tensors[i] = IntPtr.Zero;
        }
    }

    private static TfRunnerException WrongShape(IntPtr tensor, TensorValue target, TensorSpec spec)
    {
        var api = TensorFlowApi.Loaded;
        var dimensions = new long[api.TF_NumDims(tensor)];
        for (var i = 0; i < dimensions.Length; i++)
        {
            dimensions[i] = api.TF_Dim(tensor, i);
        }

        return new(
            ErrorCode.InvalidArgument,
            ErrorStage.Data,
            $"output '{spec.Name}' is {((DType)api.TF_TensorType(tensor)).Name()} {TensorShape.Format(dimensions)}, but {target} was bound");
    }
}
