using TfRunner.Onnx.Conversion.Programs;

namespace TfRunner.Onnx.Execution;

/// <summary>Runs a program. May be called from many threads.</summary>
internal sealed class ProgramRunner : IDisposable
{
    private readonly ConvertedProgram program;
    private readonly SlotRunner[] steps;
    private readonly int[][] released;

    public ProgramRunner(ConvertedProgram program, SlotRunner[] steps)
    {
        this.program = program;
        this.steps = steps;
        released = LastUses(program);
    }

    public IReadOnlyList<SlotRunner> Steps => steps;

    public ConvertedProgram Program => program;

    /// <summary>Runs the program once.</summary>
    /// <param name="inputs">One value per input.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <returns>One new value per output; the caller disposes those that are tensors.</returns>
    public object[] Run(ReadOnlySpan<object> inputs, CancellationToken cancellationToken)
    {
        var slots = new object?[program.SlotCount];
        for (var i = 0; i < inputs.Length; i++)
        {
            slots[program.Inputs[i].Slot] = inputs[i];
        }

        foreach (var (slot, constant) in program.Constants)
        {
            slots[slot] = constant;
        }

        for (var i = 0; i < steps.Length; i++)
        {
            steps[i].Run(slots, cancellationToken);
            foreach (var slot in released[i])
            {
                Release(slots, slot);
            }
        }

        var outputs = new object[program.Outputs.Count];
        for (var i = 0; i < outputs.Length; i++)
        {
            var value = slots[program.Outputs[i].Slot]!;
            var isShared = inputs.Contains(value) || program.Constants.ContainsValue(value) || outputs.AsSpan(0, i).Contains(value);
            outputs[i] = isShared && value is TensorValue tensor ? tensor.Clone() : value;
        }

        return outputs;
    }

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(steps, static s => s.Dispose());

    private static void Release(object?[] slots, int slot)
    {
        if (slots[slot] is not TensorValue tensor)
        {
            return;
        }

        slots[slot] = null;
        if (!slots.Contains(tensor))
        {
            tensor.Dispose();
        }
    }

    /// <summary>Per step, the slots that nothing after it reads. Inputs and constants are not the program's to free.</summary>
    private static int[][] LastUses(ConvertedProgram program)
    {
        var kept = program.Inputs.Select(static i => i.Slot).Concat(program.Outputs.Select(static o => o.Slot)).Concat(program.Constants.Keys).ToHashSet();
        var last = new Dictionary<int, int>();
        for (var i = 0; i < program.Steps.Count; i++)
        {
            foreach (var slot in program.Steps[i].Inputs.Concat(program.Steps[i].Outputs))
            {
                last[slot] = i;
            }
        }

        return [.. Enumerable.Range(0, program.Steps.Count).Select(i => last.Where(l => l.Value == i && !kept.Contains(l.Key)).Select(static l => l.Key).ToArray())];
    }
}
