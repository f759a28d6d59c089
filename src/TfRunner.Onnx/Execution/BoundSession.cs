using Microsoft.ML.OnnxRuntime;
using TfRunner.Engines;

namespace TfRunner.Onnx.Execution;

/// <summary>
/// A bound call of a program that is one session: inputs and outputs are bound to the tensors' memory once, in parts where
/// a large batch is computed in parts. Output strings are copied, those that changed since the last call.
/// </summary>
internal sealed class BoundSession : IBoundCall, IRowParts
{
    private readonly SessionRunner runner;
    private readonly RunOptions run = new();
    private readonly List<OrtIoBinding> bindings = [];
    private readonly List<OrtValue> values = [];
    private readonly List<(OrtValue Value, TensorValue Tensor)> strings = [];
    private readonly TensorValue[] inputs;
    private readonly TensorValue[] outputs;
    private readonly InferenceSession session;
    private readonly int cores = 1;

    /// <summary>Binds.</summary>
    /// <param name="runner">The session.</param>
    /// <param name="inputs">One tensor per input of the session.</param>
    /// <param name="outputs">One tensor per output.</param>
    public BoundSession(SessionRunner runner, TensorValue[] inputs, TensorValue[] outputs)
    {
        (this.runner, this.inputs, this.outputs) = (runner, inputs, outputs);
        if (runner.PlanOf(inputs) is not { } plan || !Array.TrueForAll(outputs, o => o.Rank > 0 && o.Dimensions[0] == plan.Rows))
        {
            session = runner.Session;
            Bind(0, -1);
            return;
        }

        (session, cores) = (runner.SessionOf(plan), plan.Cores);
        for (var part = 0; part < plan.Parts; part++)
        {
            Bind(plan.First(part), plan.Count(part));
        }
    }

    /// <inheritdoc/>
    public int Count => bindings.Count;

    /// <inheritdoc/>
    public void Run()
    {
        if (bindings.Count == 1)
        {
            Run(0);
        }
        else
        {
            runner.RunParts(this, cores);
        }

        foreach (var (value, tensor) in strings)
        {
            OrtTensors.CopyStrings(value, tensor);
        }

        GC.KeepAlive(inputs);
        GC.KeepAlive(outputs);
    }

    /// <inheritdoc/>
    public void Run(int part)
    {
        try
        {
            session.RunWithBinding(run, bindings[part]);
        }
        catch (OnnxRuntimeException e)
        {
            throw OrtErrors.Translate(e, ErrorStage.Run, $"signature '{runner.Signature}'");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        bindings.ForEach(static b => b.Dispose());
        run.Dispose();
        values.ForEach(static v => v.Dispose());
        values.Clear();
    }

    private void Bind(long first, long count)
    {
        var binding = session.CreateIoBinding();
        bindings.Add(binding);
        for (var i = 0; i < inputs.Length; i++)
        {
            binding.BindInput(runner.InputNames[i], Wrap(inputs[i], first, count < 0 || !runner.Split!.Inputs[i] ? -1 : count));
        }

        for (var i = 0; i < outputs.Length; i++)
        {
            var value = Wrap(outputs[i], first, count);
            binding.BindOutput(runner.OutputNames[i], value);
            if (outputs[i].IsString)
            {
                // Strings have no memory of ours that ONNX Runtime could write to.
                strings.Add((value, outputs[i]));
            }
        }
    }

    private OrtValue Wrap(TensorValue tensor, long first, long count)
    {
        var value = count < 0 ? OrtTensors.Wrap(tensor) : OrtTensors.WrapRows(tensor, first, count);
        values.Add(value);
        return value;
    }
}
