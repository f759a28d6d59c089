using TfRunner.Engines;
using TfRunner.Onnx.Host.Arrays;

namespace TfRunner.Onnx.Execution;

/// <summary>A bound call of a program with several steps: runs it and copies what came out.</summary>
internal sealed class CopiedCall : IBoundCall
{
    private readonly ProgramRunner runner;
    private readonly object[] inputs;
    private readonly TensorValue[] outputs;

    public CopiedCall(ProgramRunner runner, TensorValue[] inputs, TensorValue[] outputs)
    {
        this.runner = runner;
        this.inputs = [.. inputs];
        this.outputs = outputs;
    }

    /// <inheritdoc/>
    public void Run()
    {
        var results = runner.Run(inputs, CancellationToken.None);
        for (var i = 0; i < outputs.Length; i++)
        {
            using var result = (TensorValue)results[i];
            if (!result.Dimensions.SequenceEqual(outputs[i].Dimensions))
            {
                throw new TfRunnerException(
                    ErrorCode.InvalidArgument, ErrorStage.Run, $"output {i} has shape {result.Shape}, and {outputs[i].Shape} is bound", "bind an output of that shape");
            }

            ArrayMovement.CopyElements(result, 0, outputs[i], 0, result.Length);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
