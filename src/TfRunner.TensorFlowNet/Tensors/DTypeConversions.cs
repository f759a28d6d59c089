using Tensorflow;

namespace TfRunner.TensorFlowNet;

/// <summary>Element types of TfRunner as those of TensorFlow.NET and Keras, and back. All number them as TensorFlow does.</summary>
public static class DTypeConversions
{
    /// <summary>The number above which a type is a reference to the type below it.</summary>
    private const int References = 100;

    /// <summary>The element type as TensorFlow.NET and its Keras take it.</summary>
    /// <param name="dtype">The element type.</param>
    /// <returns>TensorFlow.NET's element type; a number without a name for those that it does not list (8-bit floats).</returns>
    public static TF_DataType ToTensorFlowDType(this DType dtype) => (TF_DataType)(int)dtype;

    /// <summary>TensorFlow.NET's element type as TfRunner's.</summary>
    /// <param name="dtype">The element type; a reference type stands for the type that it refers to.</param>
    /// <returns>The element type.</returns>
    /// <exception cref="TfRunnerException">InvalidArgument for a number that TensorFlow does not have.</exception>
    public static DType ToDType(this TF_DataType dtype)
    {
        var result = (DType)((int)dtype > References ? (int)dtype - References : (int)dtype);
        return Enum.IsDefined(result)
            ? result
            : throw new TfRunnerException(ErrorCode.InvalidArgument, ErrorStage.Usage, $"TensorFlow has no element type {(int)dtype}");
    }

    /// <summary>The element type that Keras calls by a name, such as <c>float32</c>.</summary>
    /// <param name="name">As in a layer's <c>dtype</c>.</param>
    /// <returns>The element type.</returns>
    /// <exception cref="TfRunnerException">InvalidArgument for a name that no element type has, such as a policy's.</exception>
    public static DType FromKerasName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        foreach (var dtype in Enum.GetValues<DType>())
        {
            if (dtype != DType.Invalid && dtype.Name() == name)
            {
                return dtype;
            }
        }

        throw new TfRunnerException(
            ErrorCode.InvalidArgument,
            ErrorStage.Usage,
            $"'{name}' is no element type",
            "a policy such as mixed_bfloat16 names two: use that of the layer's inputs");
    }
}
