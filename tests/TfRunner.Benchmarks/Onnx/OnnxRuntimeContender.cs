using System.Text;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace TfRunner.Benchmarks.Onnx;

/// <summary>
/// ONNX Runtime on an <c>.onnx</c> file as it is, called in the cheapest way it offers: everything bound once, or, where an
/// output holds strings, inputs wrapped once.
/// </summary>
internal sealed class OnnxRuntimeContender : IContender
{
    private readonly SessionOptions sessionOptions = new();
    private readonly RunOptions runOptions = new();
    private readonly InferenceSession session;
    private readonly OrtIoBinding? binding;
    private readonly OrtValue[] inputValues;
    private readonly OrtValue[] outputValues;
    private readonly int[] outputPlaces;
    private readonly TensorValue[] outputs;

    /// <summary>Loads the file and binds.</summary>
    /// <param name="file">The <c>.onnx</c> file.</param>
    /// <param name="signature">The signature that the file was made from.</param>
    /// <param name="inputs">One tensor per input, in the signature's order; stay the caller's.</param>
    /// <param name="expected">Tensors of the outputs' dtypes and shapes, in the signature's order.</param>
    /// <param name="options">Threads and spinning.</param>
    public OnnxRuntimeContender(
        string file, Signature signature, IReadOnlyList<TensorValue> inputs, IReadOnlyList<TensorValue> expected, BenchmarkOptions options)
    {
        sessionOptions.IntraOpNumThreads = options.Threads;
        sessionOptions.GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL;
        sessionOptions.LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR;
        sessionOptions.AddSessionConfigEntry("session.intra_op.allow_spinning", options.Spinning ? "1" : "0");
        session = new(file, sessionOptions);
        inputValues = [.. session.InputNames.Select(n => Value(inputs[Place(signature.Inputs, n)]))];
        outputPlaces = [.. session.OutputNames.Select(n => Place(signature.Outputs, n))];
        outputs = [.. expected.Select(static e => TensorValue.Allocate(e.DType, e.Dimensions))];
        if (outputs.Any(static o => o.IsString))
        {
            outputValues = [];
            return;
        }

        outputValues = [.. outputPlaces.Select(p => Value(outputs[p]))];
        binding = session.CreateIoBinding();
        for (var i = 0; i < inputValues.Length; i++)
        {
            binding.BindInput(session.InputNames[i], inputValues[i]);
        }

        for (var i = 0; i < outputValues.Length; i++)
        {
            binding.BindOutput(session.OutputNames[i], outputValues[i]);
        }
    }

    /// <inheritdoc/>
    public string Name => "tf2onnx";

    /// <inheritdoc/>
    public IReadOnlyList<TensorValue> Outputs => outputs;

    /// <inheritdoc/>
    public void Call()
    {
        if (binding is not null)
        {
            session.RunWithBinding(runOptions, binding);
            return;
        }

        using var results = session.Run(runOptions, session.InputNames, inputValues, session.OutputNames);
        for (var i = 0; i < results.Count; i++)
        {
            var output = outputs[outputPlaces[i]];
            if (output.IsString)
            {
                Array.ConvertAll(results[i].GetStringTensorAsArray(), Encoding.UTF8.GetBytes).CopyTo(output.Strings, 0);
            }
            else
            {
                results[i].GetTensorMutableRawData().CopyTo(output.Bytes);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        binding?.Dispose();
        Array.ForEach(inputValues, static v => v.Dispose());
        Array.ForEach(outputValues, static v => v.Dispose());
        session.Dispose();
        runOptions.Dispose();
        sessionOptions.Dispose();
        Array.ForEach(outputs, static o => o.Dispose());
    }

    private static int Place(IReadOnlyList<TensorSpec> specs, string name)
    {
        for (var i = 0; i < specs.Count; i++)
        {
            if (specs[i].Name == name || specs[i].Name + ":0" == name)
            {
                return i;
            }
        }

        throw new ArgumentException($"the converted model has '{name}', the signature has {string.Join(", ", specs.Select(static s => s.Name))}");
    }

    private static OrtValue Value(TensorValue tensor)
    {
        var type = tensor.DType switch
        {
            DType.Float32 => TensorElementType.Float,
            DType.Float64 => TensorElementType.Double,
            DType.Int32 => TensorElementType.Int32,
            DType.Int64 => TensorElementType.Int64,
            DType.Bool => TensorElementType.Bool,
            _ => throw new ArgumentException($"no model to compare with has a {tensor.DType.Name()} tensor"),
        };
        return OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, type, tensor.Dimensions.ToArray(), tensor.Pointer, tensor.ByteLength);
    }
}
