namespace TfRunner.Onnx.Host;

/// <summary>Host kernels of related ops. Each family stands in a file of its own and is named in <see cref="HostRegistry"/>.</summary>
internal interface IHostKernelFamily
{
    /// <summary>Registers the family's kernels.</summary>
    /// <param name="registry">Where to.</param>
    void Register(HostRegistry registry);
}
