using System.Text;
using Google.Protobuf;
using TfRunner.SavedModels.Protos;

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

    /// <summary>Whether graphs can be added to.</summary>
    public static bool CanImport => TensorFlowApi.Loaded.TF_GraphImportGraphDef != null
        && TensorFlowApi.Loaded.TF_NewImportGraphDefOptions != null && TensorFlowApi.Loaded.TF_DeleteImportGraphDefOptions != null;

    /// <summary>Adds nodes.</summary>
    /// <param name="addition">The nodes; their names must be new.</param>
    /// <param name="doing">What it is done for, for the error.</param>
    /// <exception cref="TfRunnerException">The nodes are refused.</exception>
    public void Import(GraphDef addition, string doing)
    {
        var api = TensorFlowApi.Loaded;
        using var status = new StatusHandle();
        using var buffer = BufferHandle.Of(addition.ToByteArray());
        var options = api.TF_NewImportGraphDefOptions();
        api.TF_GraphImportGraphDef(Pointer, buffer.Pointer, options, status.Pointer);
        api.TF_DeleteImportGraphDefOptions(options);
        status.ThrowIfError(ErrorStage.Load, doing);
    }

    protected override void Delete(IntPtr pointer) => TensorFlowApi.Loaded.TF_DeleteGraph(pointer);
}
