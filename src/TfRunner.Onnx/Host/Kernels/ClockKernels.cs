namespace TfRunner.Onnx.Host.Kernels;

/// <summary>The time of day.</summary>
internal sealed class ClockKernels : IHostKernelFamily
{
    /// <inheritdoc/>
    public void Register(HostRegistry registry) =>
        registry.Add(static call => call.Output(TensorValue.FromScalar((TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds)), "Timestamp");
}
