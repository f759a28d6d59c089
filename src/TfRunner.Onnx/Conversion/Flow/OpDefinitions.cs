using TfRunner.Graphs;
using TfRunner.SavedModels.Protos;

namespace TfRunner.Onnx.Conversion.Flow;

/// <summary>What the model's own list of ops says about their arguments: how many outputs a node has, and of which dtypes.</summary>
internal sealed class OpDefinitions
{
    private readonly Dictionary<string, OpDef> byName = new(StringComparer.Ordinal);

    public OpDefinitions(MetaGraphDef metaGraph)
    {
        foreach (var op in metaGraph.MetaInfoDef?.StrippedOpList?.Op ?? [])
        {
            byName.TryAdd(op.Name, op);
        }

        foreach (var function in metaGraph.GraphDef?.Library?.Function ?? [])
        {
            byName.TryAdd(function.Signature.Name, function.Signature);
        }
    }

    /// <summary>Finds a definition: the model's own, or what is known here of the op's outputs.</summary>
    /// <param name="op">The op.</param>
    /// <returns>The definition, or null.</returns>
    public OpDef? Find(string op) => byName.GetValueOrDefault(op) ?? OpOutputs.Find(op);

    /// <summary>The dtypes of a node's outputs.</summary>
    /// <param name="op">The node's op.</param>
    /// <param name="attributes">The node's attributes.</param>
    /// <returns>One dtype per output; null when nothing is known of the op.</returns>
    public IReadOnlyList<DType>? OutputTypes(string op, NodeAttributes attributes)
    {
        if (Find(op) is not { } definition)
        {
            return null;
        }

        var types = new List<DType>();
        foreach (var argument in definition.OutputArg)
        {
            AddTypes(argument, attributes, types);
        }

        return types;
    }

    /// <summary>Which output of a node a function body means by <c>name:argument:index</c>.</summary>
    /// <param name="op">The node's op.</param>
    /// <param name="attributes">The node's attributes.</param>
    /// <param name="argument">The output argument's name.</param>
    /// <param name="index">The index in the argument, for lists.</param>
    /// <returns>The output's number.</returns>
    public int OutputNumber(string op, NodeAttributes attributes, string argument, int index)
    {
        var types = new List<DType>();
        foreach (var output in Find(op)?.OutputArg ?? [])
        {
            if (output.Name == argument)
            {
                return types.Count + index;
            }

            AddTypes(output, attributes, types);
        }

        return index;
    }

    private static void AddTypes(OpDef.Types.ArgDef argument, NodeAttributes attributes, List<DType> types)
    {
        if (argument.TypeListAttr.Length > 0)
        {
            types.AddRange(attributes.DTypes(argument.TypeListAttr));
            return;
        }

        var dtype = argument.TypeAttr.Length > 0 ? attributes.DType(argument.TypeAttr) : NodeAttributes.Plain((DType)argument.Type);
        var count = argument.NumberAttr.Length > 0 ? attributes.Int(argument.NumberAttr) : 1;
        for (var i = 0; i < count; i++)
        {
            types.Add(dtype);
        }
    }
}
