using System.Text;

namespace TfRunner.TensorFlow.Native;

/// <summary>TF_Graph.</summary>
internal sealed unsafe class GraphHandle() : NativeHandle(TensorFlowApi.Loaded.TF_NewGraph())
{
    /// <summary>Finds an operation.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The operation, which lives as long as the graph; zero when there is none.</returns>
    public IntPtr Operation(string name)
    {
        fixed (byte* text = Encoding.UTF8.GetBytes(name + '\0'))
        {
            return TensorFlowApi.Loaded.TF_GraphOperationByName(Pointer, text);
        }
    }

    protected override void Delete(IntPtr pointer) => TensorFlowApi.Loaded.TF_DeleteGraph(pointer);
}
