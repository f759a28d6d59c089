using TfRunner.Onnx.Host.Arrays;

namespace TfRunner.Onnx.Host.Kernels;

/// <summary>Lookups in tables whose contents are known.</summary>
internal sealed class TableKernels : IHostKernelFamily
{
    /// <inheritdoc/>
    public void Register(HostRegistry registry)
    {
        registry.Add(Find, "LookupTableFindV2", "LookupTableFind");
        registry.Add(Export, "LookupTableExportV2", "LookupTableExport");
        registry.Add(
            static call =>
            {
                using var size = TensorValue.FromScalar(call.Object<HostTable>(0).Keys.Length);
                call.Output(ArrayCast.Cast(size, call.OutputType()));
            },
            "LookupTableSizeV2",
            "LookupTableSize");
    }

    private static void Export(HostCall call)
    {
        var table = call.Object<HostTable>(0);
        call.Output(0, table.Keys.Clone());
        call.Output(1, table.Values.Clone());
    }

    /// <summary>LookupTableFindV2: the value of each key, which may be a vector, or the default.</summary>
    private static void Find(HostCall call)
    {
        var table = call.Object<HostTable>(0);
        var keys = call.Tensor(1);
        var otherwise = call.Tensor(2);
        var inner = table.Values.Dimensions[1..];
        var run = Strides.Count(inner);
        var result = TensorValue.Zeros(table.Values.DType, [.. keys.Dimensions, .. inner]);
        var found = table.Find(keys);
        for (var i = 0; i < found.Length; i++)
        {
            if (found[i] >= 0)
            {
                ArrayMovement.CopyElements(table.Values, found[i] * run, result, i * run, run);
            }
            else
            {
                ArrayMovement.CopyElements(otherwise, 0, result, i * run, run);
            }
        }

        call.Output(result);
    }
}
