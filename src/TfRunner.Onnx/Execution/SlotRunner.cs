namespace TfRunner.Onnx.Execution;

/// <summary>Runs one step of a program over the program's slots. May be called from many threads.</summary>
internal abstract class SlotRunner : IDisposable
{
    /// <summary>Reads slots, computes, writes slots.</summary>
    /// <param name="slots">The program's values.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    public abstract void Run(object?[] slots, CancellationToken cancellationToken);

    /// <summary>Frees what the step holds.</summary>
    public abstract void Dispose();
}
