using Tensorflow;
using TfRunner.TensorFlow.Native;
using TfRunner.TensorFlowNet.Library;

namespace TfRunner.TensorFlowNet.Sessions;

/// <summary>A graph that somebody else has loaded and deletes, as a graph of TensorFlow.NET.</summary>
internal sealed class LoadedGraph : Graph
{
    /// <param name="graph">The graph; outlives this.</param>
    public LoadedGraph(GraphHandle graph)
    {
        _handle.Dispose();
        _handle = BorrowedHandle.Of(new SafeGraphHandle(graph.Pointer));
    }

    /// <summary>A tensor of the graph, ready to be used from many threads.</summary>
    /// <param name="output">Operation and index, known to exist.</param>
    public Tensor Find(NativeOutput output)
    {
        var operation = new Operation(output.Operation, this);
        var tensor = operation.outputs[output.Index];

        // Computed at the first use and kept; two threads must not do so at once.
        _ = tensor._as_tf_output();
        return tensor;
    }
}
