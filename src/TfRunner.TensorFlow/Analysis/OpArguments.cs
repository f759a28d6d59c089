using TfRunner.SavedModels.Protos;

namespace TfRunner.TensorFlow.Analysis;

/// <summary>One tensor that a node takes or gives.</summary>
/// <param name="Argument">The op's name for the argument it belongs to.</param>
/// <param name="Index">Its position in that argument; 0 unless the argument is a list.</param>
/// <param name="Type">Its element type, as a number of DataType.</param>
/// <param name="IsReference">Whether it is a reference to a variable of TensorFlow 1.</param>
internal readonly record struct OpArgument(string Argument, int Index, DataType Type, bool IsReference);

/// <summary>Spreads the arguments of an op over the tensors of one node, by the node's attributes.</summary>
internal static class OpArguments
{
    public static List<OpArgument> Inputs(NodeDef node, OpDef op) => Spread(node, op.InputArg);

    public static List<OpArgument> Outputs(NodeDef node, OpDef op) => Spread(node, op.OutputArg);

    private static List<OpArgument> Spread(NodeDef node, IEnumerable<OpDef.Types.ArgDef> arguments)
    {
        var spread = new List<OpArgument>();
        foreach (var argument in arguments)
        {
            if (argument.TypeListAttr.Length > 0)
            {
                var types = node.Attr[argument.TypeListAttr].List?.Type ?? [];
                for (var i = 0; i < types.Count; i++)
                {
                    spread.Add(new(argument.Name, i, types[i], argument.IsRef));
                }

                continue;
            }

            var type = argument.Type != DataType.DtInvalid ? argument.Type
                : argument.TypeAttr.Length > 0 ? node.Attr[argument.TypeAttr].Type
                : DataType.DtInvalid;
            var count = argument.NumberAttr.Length > 0 ? node.Attr[argument.NumberAttr].I : 1;
            for (var i = 0; i < count; i++)
            {
                spread.Add(new(argument.Name, i, type, argument.IsRef));
            }
        }

        return spread;
    }
}
