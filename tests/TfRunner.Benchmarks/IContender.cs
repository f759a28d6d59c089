namespace TfRunner.Benchmarks;

/// <summary>One way of computing a signature, with inputs and outputs settled. One thread at a time.</summary>
internal interface IContender : IDisposable
{
    /// <summary>What it is called in the results.</summary>
    string Name { get; }

    /// <summary>The outputs of the last call, in the signature's order.</summary>
    IReadOnlyList<TensorValue> Outputs { get; }

    /// <summary>Reads the inputs, computes, writes the outputs.</summary>
    void Call();
}
