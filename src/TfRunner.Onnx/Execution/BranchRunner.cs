using TfRunner.Onnx.Conversion.Programs;
using TfRunner.Onnx.Host.Arrays;

namespace TfRunner.Onnx.Execution;

/// <summary>A conditional that runs on the host; its branches are programs.</summary>
internal sealed class BranchRunner : SlotRunner
{
    private readonly HostStep step;
    private readonly ProgramRunner[] branches;

    public BranchRunner(HostStep step, ProgramRunner[] branches)
    {
        this.step = step;
        this.branches = branches;
    }

    /// <inheritdoc/>
    public override void Run(object?[] slots, CancellationToken cancellationToken)
    {
        var selector = (TensorValue)slots[step.Inputs[0]]!;
        var index = Choose(selector);
        var captures = new object[step.Inputs.Count - 1];
        for (var i = 0; i < captures.Length; i++)
        {
            captures[i] = slots[step.Inputs[i + 1]]!;
        }

        var results = branches[index].Run(captures, cancellationToken);
        for (var i = 0; i < results.Length; i++)
        {
            slots[step.Outputs[i]] = results[i];
        }
    }

    /// <inheritdoc/>
    public override void Dispose() => Array.ForEach(branches, static b => b.Dispose());

    /// <summary>If: the second branch when true (a number: not zero, a string: not empty, else: not empty). Case: the index, the last when out of range.</summary>
    private long Choose(TensorValue selector)
    {
        if (step.Node.Op == "Case")
        {
            var index = ArrayCast.ToLongs(selector)[0];
            return index < 0 || index >= branches.Length ? branches.Length - 1 : index;
        }

        var isTrue = selector.Rank > 0 ? selector.Length > 0
            : selector.IsString ? selector.Strings[0].Length > 0
            : ArrayCast.ToDoubles(selector)[0] != 0;
        return isTrue ? 1 : 0;
    }
}
