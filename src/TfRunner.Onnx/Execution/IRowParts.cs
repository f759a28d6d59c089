namespace TfRunner.Onnx.Execution;

/// <summary>A call in parts that may run in any order and side by side.</summary>
internal interface IRowParts
{
    /// <summary>How many there are.</summary>
    int Count { get; }

    /// <summary>Runs one.</summary>
    /// <param name="part">From 0.</param>
    void Run(int part);
}
