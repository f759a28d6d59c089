using Microsoft.ML.OnnxRuntime;
using TfRunner.Onnx.Conversion.Rows;

namespace TfRunner.Onnx.Execution;

/// <summary>One call of a session in parts: outputs are made for the whole batch, and every part writes its rows.</summary>
internal sealed class SplitCall : IRowParts
{
    private readonly SessionRunner runner;
    private readonly RunOptions run;
    private readonly TensorValue[] inputs;
    private readonly TensorValue[] outputs;
    private readonly CancellationToken cancellationToken;
    private readonly RowPlan plan;
    private readonly InferenceSession session;

    /// <summary>Makes the outputs.</summary>
    /// <param name="runner">The session; its outputs' rows are known.</param>
    /// <param name="run">The options of the call.</param>
    /// <param name="inputs">The inputs.</param>
    /// <param name="plan">The parts.</param>
    /// <param name="cancellationToken">Ends the call between two parts.</param>
    public SplitCall(SessionRunner runner, RunOptions run, TensorValue[] inputs, RowPlan plan, CancellationToken cancellationToken)
    {
        (this.runner, this.run, this.inputs, this.plan, this.cancellationToken) = (runner, run, inputs, plan, cancellationToken);
        session = runner.SessionOf(plan);
        outputs = [.. runner.OutputTypes.Select((type, i) => TensorValue.Allocate(type, [plan.Rows, .. runner.Split!.OutputRows[i]!]))];
    }

    /// <inheritdoc/>
    public int Count => plan.Parts;

    /// <summary>The outputs; whole when all parts have run.</summary>
    public TensorValue[] Outputs => outputs;

    /// <inheritdoc/>
    public void Run(int part)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var (first, count) = (plan.First(part), plan.Count(part));
        var values = new List<OrtValue>();
        try
        {
            var given = Array.ConvertAll(inputs, static _ => (OrtValue?)null);
            for (var i = 0; i < given.Length; i++)
            {
                values.Add(given[i] = runner.Split!.Inputs[i] ? OrtTensors.WrapRows(inputs[i], first, count) : OrtTensors.Wrap(inputs[i]));
            }

            var taken = Array.ConvertAll(outputs, o => OrtTensors.WrapRows(o, first, count));
            values.AddRange(taken);
            session.Run(run, runner.InputNames, given!, runner.OutputNames, taken);
        }
        finally
        {
            values.ForEach(static v => v.Dispose());
        }
    }
}
