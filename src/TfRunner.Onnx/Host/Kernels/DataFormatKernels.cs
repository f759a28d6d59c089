namespace TfRunner.Onnx.Host.Kernels;

/// <summary>Shapes and axes between the layouts NHWC and NCHW, as layout optimisers write them into graphs.</summary>
internal sealed class DataFormatKernels : IHostKernelFamily
{
    /// <inheritdoc/>
    public void Register(HostRegistry registry)
    {
        registry.Add(Permute, "DataFormatVecPermute");
        registry.Add(Map, "DataFormatDimMap");
    }

    private static (string From, string To) Formats(HostCall call) => (call.Attributes.Text("src_format", "NHWC"), call.Attributes.Text("dst_format", "NCHW"));

    /// <summary>DataFormatVecPermute: a row per letter of the format, or per spatial one, in the other order.</summary>
    private static void Permute(HostCall call)
    {
        var (x, (from, to)) = (call.Tensor(0), Formats(call));
        if (x.Dimensions[0] < from.Length)
        {
            (from, to) = (Spatial(from), Spatial(to));
        }

        if (x.Dimensions[0] != from.Length)
        {
            throw call.Invalid($"1D input must be of size {from.Length}, but got shape {x.Shape}");
        }

        using var order = TensorValue.From(to.Select(c => (long)from.IndexOf(c, StringComparison.Ordinal)).ToArray(), to.Length);
        call.Output(Arrays.ArrayMovement.Gather(x, order, 0));
    }

    private static string Spatial(string format) => string.Concat(format.Where(static c => c is not ('N' or 'C')));

    /// <summary>DataFormatDimMap: each axis's place in the other format.</summary>
    private static void Map(HostCall call)
    {
        var (from, to) = Formats(call);
        call.Output(0, Array.ConvertAll(call.Ints(0), a => (long)to.IndexOf(from[(int)(a < 0 ? a + from.Length : a)], StringComparison.Ordinal)), call.Tensor(0).Dimensions);
    }
}
