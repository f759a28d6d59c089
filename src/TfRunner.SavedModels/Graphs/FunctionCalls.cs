using TfRunner.SavedModels.Protos;

namespace TfRunner.Graphs;

/// <summary>Which functions a node calls, and which of its inputs become which of their arguments.</summary>
internal static class FunctionCalls
{
    /// <summary>The argument offset of calls whose inputs cannot be followed one by one: any input may be any argument.</summary>
    public const int Unknown = int.MinValue;

    /// <summary>Lists the calls of a node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="isFunction">Whether a name is that of a function.</param>
    /// <returns>Each function with the number of the input that becomes its first argument.</returns>
    public static IEnumerable<(string Function, int FirstInput)> Of(NodeDef node, Predicate<string> isFunction)
    {
        if (isFunction(node.Op))
        {
            yield return (node.Op, 0);
        }

        var first = node.Op switch
        {
            "PartitionedCall" or "StatefulPartitionedCall" or "While" or "StatelessWhile" or "SymbolicGradient" => 0,
            "If" or "StatelessIf" or "Case" or "StatelessCase" or "RemoteCall" => 1,
            "For" => 2,
            _ => Unknown,
        };
        foreach (var attribute in node.Attr.Values)
        {
            if (attribute.ValueCase == AttrValue.ValueOneofCase.Func && isFunction(attribute.Func.Name))
            {
                yield return (attribute.Func.Name, first);
            }
            else if (attribute.ValueCase == AttrValue.ValueOneofCase.List)
            {
                foreach (var function in attribute.List.Func)
                {
                    if (isFunction(function.Name))
                    {
                        yield return (function.Name, first);
                    }
                }
            }
        }
    }
}
