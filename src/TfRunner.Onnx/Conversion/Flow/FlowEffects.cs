namespace TfRunner.Onnx.Conversion.Flow;

/// <summary>Ops that run for what they do to the world rather than for what they give.</summary>
internal static class FlowEffects
{
    private static readonly HashSet<string> Writes = new(StringComparer.Ordinal)
    {
        "Assign", "AssignAdd", "AssignSub", "AssignVariableOp", "AssignAddVariableOp", "AssignSubVariableOp", "ScatterUpdate",
        "ScatterAdd", "ScatterSub", "ScatterNdUpdate", "ScatterNdAdd", "ResourceScatterUpdate", "ResourceScatterAdd",
        "ResourceScatterSub", "ResourceScatterNdUpdate", "ResourceScatterNdAdd", "ResourceStridedSliceAssign", "StridedSliceAssign",
        "CountUpTo", "ResourceCountUpTo", "LookupTableInsertV2", "LookupTableRemoveV2", "LookupTableInsert",
        "StatefulStandardNormalV2", "StatefulUniform", "StatefulUniformInt", "StatefulUniformFullInt", "StatefulTruncatedNormal",
        "RngSkip", "RngReadAndSkip",
    };

    /// <summary>Whether an op changes a variable or table that later calls see.</summary>
    /// <param name="op">The op.</param>
    /// <returns>True for writes.</returns>
    public static bool IsWrite(string op) =>
        Writes.Contains(op) || op.StartsWith("ResourceApply", StringComparison.Ordinal) || op.StartsWith("Apply", StringComparison.Ordinal);

    /// <summary>Whether a node is run although nothing may use its outputs.</summary>
    /// <param name="node">The node.</param>
    /// <returns>True for assertions, writes and initialisers.</returns>
    public static bool IsEffect(FlowNode node) => node.Op is "Assert" || IsWrite(node.Op) || IsTableInitializer(node.Op);

    /// <summary>Whether an op fills a table.</summary>
    /// <param name="op">The op.</param>
    /// <returns>True for the initialisers of hash tables.</returns>
    public static bool IsTableInitializer(string op) => op is "LookupTableImportV2" or "LookupTableImport"
        or "InitializeTableV2" or "InitializeTable" or "InitializeTableFromTextFileV2" or "InitializeTableFromTextFile";
}
