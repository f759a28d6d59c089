using Microsoft.ML.OnnxRuntime;
using TfRunner.Engines;

namespace TfRunner.Onnx.Execution;

/// <summary>A bound call of a program that is one session: inputs and outputs are bound to the tensors' memory once.</summary>
internal sealed class BoundSession : IBoundCall
{
    private readonly InferenceSession session;
    private readonly OrtIoBinding binding;
    private readonly RunOptions run = new();
    private readonly List<OrtValue> values = [];
    private readonly TensorValue[] tensors;
    private readonly string signature;

    /// <summary>Binds.</summary>
    /// <param name="session">The session.</param>
    /// <param name="inputs">Names and tensors of the inputs.</param>
    /// <param name="outputs">Names and tensors of the outputs.</param>
    /// <param name="signature">Named in errors.</param>
    public BoundSession(InferenceSession session, IEnumerable<(string Name, TensorValue Tensor)> inputs, IEnumerable<(string Name, TensorValue Tensor)> outputs, string signature)
    {
        this.session = session;
        this.signature = signature;
        binding = session.CreateIoBinding();
        var bound = new List<TensorValue>();
        foreach (var (name, tensor) in inputs)
        {
            binding.BindInput(name, Wrap(tensor));
            bound.Add(tensor);
        }

        foreach (var (name, tensor) in outputs)
        {
            binding.BindOutput(name, Wrap(tensor));
            bound.Add(tensor);
        }

        tensors = [.. bound];
    }

    /// <inheritdoc/>
    public void Run()
    {
        try
        {
            session.RunWithBinding(run, binding);
        }
        catch (OnnxRuntimeException e)
        {
            throw OrtErrors.Translate(e, ErrorStage.Run, $"signature '{signature}'");
        }

        GC.KeepAlive(tensors);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        binding.Dispose();
        run.Dispose();
        values.ForEach(static v => v.Dispose());
        values.Clear();
    }

    private OrtValue Wrap(TensorValue tensor)
    {
        var value = OrtTensors.Wrap(tensor);
        values.Add(value);
        return value;
    }
}
