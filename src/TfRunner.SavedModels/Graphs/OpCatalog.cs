using System.Collections.Concurrent;
using Google.Protobuf.Collections;
using TfRunner.SavedModels.Protos;

namespace TfRunner.Graphs;

/// <summary>The definitions of ops that a model carries with it, and its functions, which are called as ops are.</summary>
internal sealed class OpCatalog
{
    // What no attribute of a real node exceeds; keeps sums of hostile ones from overflowing.
    private const int MaxOutputs = 1 << 20;

    // Real ops have a handful of output arguments; only generated functions have many, and those have one tensor each.
    private const int MaxArgumentLists = 1024;

    private readonly Dictionary<string, OpDef> definitions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Dictionary<string, int>> positions = new(StringComparer.Ordinal);

    /// <summary>Collects the definitions.</summary>
    /// <param name="metaGraph">The meta graph.</param>
    public OpCatalog(MetaGraphDef metaGraph)
    {
        foreach (var op in metaGraph.MetaInfoDef?.StrippedOpList?.Op ?? [])
        {
            definitions.TryAdd(op.Name, op);
        }

        foreach (var function in metaGraph.GraphDef?.Library?.Function ?? [])
        {
            if (function.Signature is { } signature)
            {
                definitions.TryAdd(signature.Name, signature);
            }
        }
    }

    /// <summary>Finds a definition.</summary>
    /// <param name="op">The op, or a function's name.</param>
    /// <returns>The definition, or null.</returns>
    public OpDef? Find(string op) => definitions.GetValueOrDefault(op);

    /// <summary>Whether the op keeps state, so that a function runs it even when nothing reads its outputs.</summary>
    /// <param name="op">The op.</param>
    /// <returns>False also for ops that the model does not define.</returns>
    public bool IsStateful(string op) => Find(op)?.IsStateful ?? false;

    /// <summary>The number of the first output that belongs to an output argument.</summary>
    /// <param name="node">The node.</param>
    /// <param name="outputArg">The argument's name.</param>
    /// <returns>The number; null when the op's definition is missing or has no such argument.</returns>
    public int? OutputOffset(NodeDef node, string outputArg)
    {
        if (Outputs(node.Op) is not { } definition
            || !positions.GetOrAdd(node.Op, static (_, d) => Positions(d), definition).TryGetValue(outputArg, out var position))
        {
            return null;
        }

        if (position >= 0)
        {
            return position;
        }

        var offset = 0;
        foreach (var arg in definition.OutputArg)
        {
            if (arg.Name == outputArg)
            {
                return offset;
            }

            offset = Math.Min(MaxOutputs, offset + Length(node, arg));
        }

        return null;
    }

    // Where each argument is one tensor, positions are the same at every node and are looked up, as a function may have
    // thousands. Arguments that are lists are marked with -1 and summed at the node.
    private static Dictionary<string, int> Positions(OpDef definition)
    {
        var hasLists = definition.OutputArg.Any(static a => a.NumberAttr.Length > 0 || a.TypeListAttr.Length > 0);
        var found = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < definition.OutputArg.Count && (!hasLists || i < MaxArgumentLists); i++)
        {
            found.TryAdd(definition.OutputArg[i].Name, hasLists ? -1 : i);
        }

        return found;
    }

    /// <summary>The number of outputs.</summary>
    /// <param name="node">The node.</param>
    /// <returns>The number, or null when the op's definition is missing.</returns>
    public int? OutputCount(NodeDef node) => Outputs(node.Op) is { } definition ? Sum(node, definition.OutputArg) : null;

    /// <summary>The dtype of an output.</summary>
    /// <param name="node">The node.</param>
    /// <param name="output">The output's number.</param>
    /// <returns>The dtype, without the mark of a reference; null when the op's definition is missing or has no such output.</returns>
    public DType? OutputType(NodeDef node, int output)
    {
        var rest = output;
        foreach (var arg in Outputs(node.Op)?.OutputArg ?? [])
        {
            var length = Length(node, arg);
            if (rest < length)
            {
                var type = arg.TypeListAttr.Length > 0 ? node.Attr.GetValueOrDefault(arg.TypeListAttr)?.List?.Type.ElementAtOrDefault(rest)
                    : arg.TypeAttr.Length > 0 ? node.Attr.TryGetValue(arg.TypeAttr, out var given) ? given.Type : DefaultType(node.Op, arg.TypeAttr)
                    : arg.Type;
                return type is null or DataType.DtInvalid ? null : (DType)((int)type.Value % 100);
            }

            rest -= length;
        }

        return null;
    }

    /// <summary>What is known of an op's outputs. A model lists the ops of its main graph, but often not those that only its functions use.</summary>
    private OpDef? Outputs(string op) => Find(op) ?? OpOutputs.Find(op);

    /// <summary>Exporters leave attributes away that have their default.</summary>
    private DataType? DefaultType(string op, string attribute) => Outputs(op)?.Attr.FirstOrDefault(a => a.Name == attribute)?.DefaultValue?.Type;

    private static int Sum(NodeDef node, RepeatedField<OpDef.Types.ArgDef> args)
    {
        var sum = 0;
        foreach (var arg in args)
        {
            sum = Math.Min(MaxOutputs, sum + Length(node, arg));
        }

        return sum;
    }

    private static int Length(NodeDef node, OpDef.Types.ArgDef arg)
    {
        var length = arg.NumberAttr.Length > 0 ? node.Attr.GetValueOrDefault(arg.NumberAttr)?.I ?? 1
            : arg.TypeListAttr.Length > 0 ? node.Attr.GetValueOrDefault(arg.TypeListAttr)?.List?.Type.Count ?? 1
            : 1;
        return (int)Math.Clamp(length, 0, MaxOutputs);
    }
}
