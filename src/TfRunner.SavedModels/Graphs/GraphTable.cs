using TfRunner.SavedModels.Protos;

namespace TfRunner.Graphs;

/// <summary>A lookup table of the graph and what fills it.</summary>
/// <param name="Node">The node that makes it, such as a <c>HashTableV2</c>.</param>
/// <param name="Definition">The node itself: its attributes have the dtypes of keys and values.</param>
/// <param name="Initializer">The op that fills it when the model is initialised; null for one that starts empty or is restored.</param>
/// <param name="InitializerBody">The body in which the initialiser stands, to look up its inputs; null without one.</param>
/// <param name="Asset">The file that it is filled from; null when it is filled from constants.</param>
/// <param name="CheckpointKeys">The tensors of the checkpoint (keys, then values) that restoring imports; empty for others.</param>
internal sealed record GraphTable(
    NodePlace Node, NodeDef Definition, NodePlace? Initializer, GraphBody? InitializerBody, SavedModelAsset? Asset, IReadOnlyList<string> CheckpointKeys);
