namespace TfRunner.TensorFlow.Analysis;

/// <summary>What replaces the ops of TensorFlow 1 that pass references, which functions and the eager runtime do not take.</summary>
internal static class LegacyOps
{
    /// <summary>Tables: the same op with a handle instead of a reference to a string.</summary>
    private static readonly Dictionary<string, string> Tables = new(StringComparer.Ordinal)
    {
        ["HashTable"] = "HashTableV2",
        ["MutableHashTable"] = "MutableHashTableV2",
        ["MutableHashTableOfTensors"] = "MutableHashTableOfTensorsV2",
        ["MutableDenseHashTable"] = "MutableDenseHashTableV2",
        ["InitializeTable"] = "InitializeTableV2",
        ["InitializeTableFromTextFile"] = "InitializeTableFromTextFileV2",
        ["LookupTableFind"] = "LookupTableFindV2",
        ["LookupTableInsert"] = "LookupTableInsertV2",
        ["LookupTableSize"] = "LookupTableSizeV2",
        ["LookupTableExport"] = "LookupTableExportV2",
        ["LookupTableImport"] = "LookupTableImportV2",
    };

    /// <summary>Ops that write through a reference, and those that write through a handle.</summary>
    private static readonly Dictionary<string, string> Writers = new(StringComparer.Ordinal)
    {
        ["Assign"] = "AssignVariableOp",
        ["AssignAdd"] = "AssignAddVariableOp",
        ["AssignSub"] = "AssignSubVariableOp",
        ["ScatterUpdate"] = "ResourceScatterUpdate",
        ["ScatterAdd"] = "ResourceScatterAdd",
        ["ScatterSub"] = "ResourceScatterSub",
    };

    public static bool IsVariable(string op) => op is "VariableV2" or "Variable";

    public static string Table(string op) => Tables.GetValueOrDefault(op, op);

    public static string? Writer(string op) => Writers.GetValueOrDefault(op);
}
