namespace TfRunner.Graphs;

/// <summary>What ops mean for variables, tables and the flow of their handles.</summary>
internal static class OpRoles
{
    /// <summary>Whether an op's output is a variable's handle or, for old ones, the variable itself.</summary>
    /// <param name="op">The op.</param>
    /// <returns>True for variables.</returns>
    public static bool IsVariable(string op) => op is "VarHandleOp" or "VariableV2" or "Variable" or "AutoReloadVariable";

    /// <summary>Whether an op's output is a table's handle.</summary>
    /// <param name="op">The op.</param>
    /// <returns>True for tables.</returns>
    public static bool IsTable(string op) => op.Contains("HashTable", StringComparison.Ordinal) && !op.StartsWith("Initialize", StringComparison.Ordinal);

    /// <summary>Whether an op needs a Python interpreter.</summary>
    /// <param name="op">The op.</param>
    /// <returns>True when nothing outside Python can run it.</returns>
    public static bool NeedsPython(string op) => op is "PyFunc" or "PyFuncStateless" or "EagerPyFunc";

    /// <summary>Whether an op changes the variable that is its first input.</summary>
    /// <param name="op">The op.</param>
    /// <returns>True for assignments, scatters and optimisers' updates.</returns>
    public static bool WritesVariable(string op) =>
        op.StartsWith("Assign", StringComparison.Ordinal)
        || op.StartsWith("ResourceScatter", StringComparison.Ordinal)
        || op.StartsWith("ResourceApply", StringComparison.Ordinal)
        || op.StartsWith("ResourceSparseApply", StringComparison.Ordinal)
        || op.StartsWith("Apply", StringComparison.Ordinal)
        || op.StartsWith("SparseApply", StringComparison.Ordinal)
        || op is "ResourceStridedSliceAssign" or "StridedSliceAssign" or "CountUpTo" or "ResourceCountUpTo"
            or "ScatterUpdate" or "ScatterAdd" or "ScatterSub" or "ScatterMul" or "ScatterDiv" or "ScatterMin" or "ScatterMax"
            or "ScatterNdUpdate" or "ScatterNdAdd" or "ScatterNdSub" or "ScatterNdMin" or "ScatterNdMax"
            or "StatefulStandardNormalV2" or "StatefulUniform" or "StatefulUniformFullInt" or "StatefulUniformInt"
            or "StatefulTruncatedNormal" or "RngSkip" or "RngReadAndSkip" or "DestroyResourceOp";

    /// <summary>Whether an op only overwrites: it does not depend on the variable's value.</summary>
    /// <param name="op">The op.</param>
    /// <returns>True for plain assignments.</returns>
    public static bool Overwrites(string op) => op is "Assign" or "AssignVariableOp" or "DestroyResourceOp";

    /// <summary>Whether an op fills the table that is its first input.</summary>
    /// <param name="op">The op.</param>
    /// <returns>True for initialisers and imports.</returns>
    public static bool FillsTable(string op) =>
        op.StartsWith("InitializeTable", StringComparison.Ordinal)
        || op.StartsWith("LookupTableImport", StringComparison.Ordinal)
        || op.StartsWith("LookupTableInsert", StringComparison.Ordinal);

    /// <summary>The inputs that an output may be, where an op hands its inputs on.</summary>
    /// <param name="op">The op.</param>
    /// <param name="output">The output's number.</param>
    /// <param name="inputs">The number of data inputs.</param>
    /// <returns>The range of inputs; empty where the output is something new.</returns>
    public static Range Passes(string op, int output, int inputs) => op switch
    {
        "Identity" or "RefIdentity" or "Enter" or "RefEnter" or "Exit" or "RefExit" or "NextIteration" or "RefNextIteration"
            or "Switch" or "RefSwitch" or "StopGradient" or "PreventGradient" or "CheckNumerics" or "Snapshot" => inputs > 0 ? 0..1 : 0..0,
        "Merge" or "RefMerge" => ..inputs,
        "Select" or "SelectV2" => Math.Min(1, inputs)..inputs,
        "IdentityN" or "While" or "StatelessWhile" => output < inputs ? output..(output + 1) : 0..0,
        _ => 0..0,
    };
}
