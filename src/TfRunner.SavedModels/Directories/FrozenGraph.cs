using Google.Protobuf;
using TfRunner.SavedModels.Protos;
using TfRunner.TextFormat;

namespace TfRunner.Directories;

/// <summary>
/// A bare GraphDef, as freezing scripts of TensorFlow 1 write it: its variables are constants, and it has neither signatures
/// nor tags. It is read as a SavedModel with that graph and nothing else.
/// </summary>
internal static class FrozenGraph
{
    /// <summary>Reads a file's contents as a bare graph.</summary>
    /// <param name="contents">The whole file, binary.</param>
    /// <returns>A SavedModel around the graph; null when the contents are no graph.</returns>
    public static SavedModels.Protos.SavedModel? Read(byte[] contents) => LooksLikeGraph(contents) ? Parse(contents) : null;

    /// <summary>Reads a text that holds no meta graph as a bare graph, as <c>tf.io.write_graph</c> writes it.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="text">The whole file.</param>
    /// <returns>A SavedModel around the graph; null when the text holds no node.</returns>
    /// <exception cref="TfRunnerException">DataLoss, naming file, offset, line and column, for a graph's text that is damaged.</exception>
    public static SavedModels.Protos.SavedModel? ReadText(string path, byte[] text) => Parse(TextFormatReader.ToBinary(path, text, GraphDef.Descriptor));

    private static SavedModels.Protos.SavedModel? Parse(byte[] contents)
    {
        try
        {
            var graph = GraphDef.Parser.ParseFrom(contents);
            return graph.Node.Count > 0 && graph.Node.All(static n => n.Name.Length > 0 && n.Op.Length > 0)
                ? new() { MetaGraphs = { new MetaGraphDef { GraphDef = graph } } }
                : null;
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or ArgumentException or OverflowException or InvalidOperationException)
        {
            // Damaged, or something else; read as a SavedModel it gets an error that says where.
            return null;
        }
    }

    // A GraphDef begins with a node (field 1 as bytes); a SavedModel's field 1 is a number.
    private static bool LooksLikeGraph(ReadOnlySpan<byte> contents) => contents.Length > 2 && contents[0] == 0x0a;
}
