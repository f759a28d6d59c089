using System.Text;
using Google.Protobuf;
using TfRunner.SavedModels.Protos;
using TfRunner.TensorFlow.Analysis;

namespace TfRunner.TensorFlow.Native;

/// <summary>TF_Graph.</summary>
internal sealed unsafe class GraphHandle() : NativeHandle(TensorFlowApi.Loaded.TF_NewGraph())
{
    /// <summary>Finds an operation.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The operation, which lives as long as the graph; zero when there is none.</returns>
    public IntPtr Operation(string name)
    {
        fixed (byte* text = Name(name))
        {
            return TensorFlowApi.Loaded.TF_GraphOperationByName(Pointer, text);
        }
    }

    /// <summary>Adds nodes and functions.</summary>
    /// <param name="addition">The nodes, whose names must be new, and functions, which may be there already.</param>
    /// <param name="outside">The inputs of the nodes that are tensors of this graph; with index -1 they are nodes to wait for.</param>
    /// <param name="doing">What it is done for, for the error.</param>
    /// <exception cref="TfRunnerException">The nodes are refused.</exception>
    public void Import(GraphDef addition, IEnumerable<TensorName> outside, string doing)
    {
        var api = TensorFlowApi.Loaded;
        using var status = new StatusHandle();
        var options = api.TF_NewImportGraphDefOptions();
        try
        {
            foreach (var tensor in outside)
            {
                fixed (byte* text = Name(tensor.Node))
                {
                    if (tensor.Index < 0)
                    {
                        api.TF_ImportGraphDefOptionsRemapControlDependency(options, text, Operation(tensor.Node));
                    }
                    else
                    {
                        api.TF_ImportGraphDefOptionsAddInputMapping(options, text, tensor.Index, new(Operation(tensor.Node), tensor.Index));
                    }
                }
            }

            // Read where it is: a graph with its weights in it can be large.
            fixed (byte* bytes = addition.ToByteArray())
            {
                var buffer = new NativeBuffer { Data = bytes, Length = (nuint)addition.CalculateSize() };
                api.TF_GraphImportGraphDef(Pointer, &buffer, options, status.Pointer);
            }
        }
        finally
        {
            api.TF_DeleteImportGraphDefOptions(options);
        }

        status.ThrowIfError(ErrorStage.Load, doing);
    }

    protected override void Delete(IntPtr pointer) => TensorFlowApi.Loaded.TF_DeleteGraph(pointer);

    private static byte[] Name(string name) => Encoding.UTF8.GetBytes(name + '\0');
}
