using Microsoft.ML.OnnxRuntime;
using TfRunner.Onnx.Execution;

namespace TfRunner.Onnx;

/// <summary>Runs written ONNX models, to see that they are what they should be.</summary>
public static class OnnxFile
{
    /// <summary>Runs a model once.</summary>
    /// <param name="path">The model.</param>
    /// <param name="signature">The signature that it was converted from; names inputs and outputs.</param>
    /// <param name="inputs">One tensor per input, in the signature's order.</param>
    /// <returns>One tensor per output; the caller disposes them.</returns>
    /// <exception cref="TfRunnerException">ONNX Runtime refuses the model, or it fails.</exception>
    public static IReadOnlyList<TensorValue> Run(string path, Signature signature, IReadOnlyList<TensorValue> inputs)
    {
        ArgumentNullException.ThrowIfNull(signature);
        ArgumentNullException.ThrowIfNull(inputs);
        var values = new List<OrtValue>();
        try
        {
            _ = OrtEnvironment.HasSharedThreads; // Ours is made first: a session would make an environment without a shared pool.
            using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
            using var session = new InferenceSession(path, options);
            using var run = new RunOptions();
            values.AddRange(inputs.Select(OrtTensors.Wrap));
            var results = session.Run(run, [.. signature.Inputs.Select(static i => i.Name)], values, session.OutputNames);
            return [.. results.Select(OrtTensors.Own)];
        }
        catch (OnnxRuntimeException e)
        {
            throw OrtErrors.Translate(e, ErrorStage.Run, path);
        }
        finally
        {
            values.ForEach(static v => v.Dispose());
        }
    }
}
