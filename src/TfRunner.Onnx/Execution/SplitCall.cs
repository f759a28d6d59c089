using Microsoft.ML.OnnxRuntime;

namespace TfRunner.Onnx.Execution;

/// <summary>One call of a session in parts: outputs are made for the whole batch, and every part writes its rows.</summary>
internal sealed class SplitCall : IRowParts
{
    private readonly SessionRunner runner;
    private readonly RunOptions run;
    private readonly TensorValue[] inputs;
    private readonly TensorValue[] outputs;
    private readonly CancellationToken cancellationToken;
    private readonly long rows;
    private readonly long part;

    /// <summary>Makes the outputs.</summary>
    /// <param name="runner">The session; its outputs' rows are known.</param>
    /// <param name="run">The options of the call.</param>
    /// <param name="inputs">The inputs.</param>
    /// <param name="rows">How many rows they have.</param>
    /// <param name="cancellationToken">Ends the call between two parts.</param>
    public SplitCall(SessionRunner runner, RunOptions run, TensorValue[] inputs, long rows, CancellationToken cancellationToken)
    {
        (this.runner, this.run, this.inputs, this.rows, this.cancellationToken) = (runner, run, inputs, rows, cancellationToken);
        Cores = runner.Split!.Cores(rows, runner.Cores);
        part = runner.Split.RowsOfPart(rows, Cores);
        outputs = [.. runner.OutputTypes.Select((type, i) => TensorValue.Allocate(type, [rows, .. runner.Split.OutputRows[i]!]))];
    }

    /// <summary>How many cores should work on the parts.</summary>
    public int Cores { get; }

    /// <inheritdoc/>
    public int Count => (int)((rows + part - 1) / part);

    /// <summary>The outputs; whole when all parts have run.</summary>
    public TensorValue[] Outputs => outputs;

    /// <inheritdoc/>
    public void Run(int part)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var first = part * this.part;
        var count = Math.Min(this.part, rows - first);
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
            runner.Session.Run(run, runner.InputNames, given!, runner.OutputNames, taken);
        }
        finally
        {
            values.ForEach(static v => v.Dispose());
        }
    }
}
