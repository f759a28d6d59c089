namespace TfRunner.TensorFlow.Analysis;

/// <summary>
/// Whether a signature can keep its inputs beyond a call: in a variable, a queue, a list. TensorFlow then shares the
/// memory that it was given, so such inputs are copied; all others stay where they are.
/// </summary>
internal static class InputRetention
{
    // Stateful ops that hold no input tensor after the call. Everything else that is stateful counts as keeping.
    private static readonly HashSet<string> Harmless = new(StringComparer.Ordinal)
    {
        "VarHandleOp", "ReadVariableOp", "VarIsInitializedOp", "VariableShape", "Variable", "VariableV2", "ResourceGather", "ResourceGatherNd",
        "HashTable", "HashTableV2", "MutableHashTableV2", "LookupTableFind", "LookupTableFindV2", "LookupTableSize", "LookupTableSizeV2",
        "PartitionedCall", "StatefulPartitionedCall", "If", "While", "Case", "For", "Assert", "Print", "PrintV2",
        "RandomUniform", "RandomUniformInt", "RandomStandardNormal", "TruncatedNormal", "Multinomial", "RandomShuffle", "RandomGamma",
        "StatefulUniform", "StatefulStandardNormalV2", "StatefulUniformFullInt", "StatefulUniformInt", "RngSkip", "RngReadAndSkip",
        "Placeholder", "AudioSpectrogram", "PyFunc", "EagerPyFunc", "StringFormat", "Timestamp",
        "WholeFileReaderV2", "ReadFile", "DecodeCSV", "ParseExample", "TensorArrayV3", "TensorArrayReadV3", "TensorArrayWriteV3",
        "TensorArrayGatherV3", "TensorArrayScatterV3", "TensorArraySizeV3", "TensorArrayCloseV3",
    };

    public static bool KeepsInputs(IEnumerable<ReachedNode> reached, OpCatalog ops) =>
        reached.Any(n => !Harmless.Contains(n.Node.Op) && (ops.Find(n.Node.Op)?.IsStateful ?? n.Node.Op.Contains("Assign", StringComparison.Ordinal))
            || n.Node.Op is "Assign" or "AssignAdd" or "AssignSub");
}
