using TfRunner.Engines;
using TfRunner.Onnx.Execution.Profiling;

namespace TfRunner.Onnx.Execution;

/// <summary>A converted signature, ready to run.</summary>
internal sealed class OnnxPrepared : IPreparedSignature, IProfiledSignature
{
    private readonly ProgramRunner runner;

    private readonly Func<ProfileCollector, ProgramRunner> profiled;

    /// <summary>Takes a runner.</summary>
    /// <param name="runner">Runs the program; disposed with this.</param>
    /// <param name="profiled">Makes a runner whose ops are timed.</param>
    public OnnxPrepared(ProgramRunner runner, Func<ProfileCollector, ProgramRunner> profiled)
    {
        this.runner = runner;
        this.profiled = profiled;
    }

    /// <inheritdoc/>
    public void Run(ReadOnlySpan<TensorValue> inputs, Span<TensorValue> outputs, CancellationToken cancellationToken)
    {
        var values = new object[inputs.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = inputs[i];
        }

        var results = runner.Run(values, cancellationToken);
        for (var i = 0; i < outputs.Length; i++)
        {
            outputs[i] = (TensorValue)results[i];
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<OpTime> Profile(ReadOnlySpan<TensorValue> inputs) => ProgramProfile.Run(profiled, [.. inputs.ToArray()]);

    /// <inheritdoc/>
    public IBoundCall Bind(ReadOnlySpan<TensorValue> inputs, ReadOnlySpan<TensorValue> outputs)
    {
        var (program, given, taken) = (runner.Program, inputs.ToArray(), outputs.ToArray());
        var copied = new CopiedCall(runner, given, taken);
        return runner.Steps switch
        {
            [SessionRunner only] when IsAll(only.OutputSlots) && !given.Any(static t => t.IsString) => new BoundSession(only, Inputs(only.InputSlots), Outputs(only.OutputSlots)),
            [EagerRunner only] when IsAll(only.OutputSlots) => new BoundEager(only, Inputs(only.InputSlots), Outputs(only.OutputSlots), copied),
            _ => copied,
        };

        bool IsAll(IReadOnlyList<int> slots) => program.Constants.Count == 0 && program.Outputs.Select(static o => o.Slot).Order().SequenceEqual(slots.Order());
        TensorValue[] Inputs(IReadOnlyList<int> slots) => [.. slots.Select(slot => given[program.Inputs.FindIndex(p => p.Slot == slot)])];
        TensorValue[] Outputs(IReadOnlyList<int> slots) => [.. slots.Select(slot => taken[program.Outputs.FindIndex(p => p.Slot == slot)])];
    }

    /// <inheritdoc/>
    public void Dispose() => runner.Dispose();
}
