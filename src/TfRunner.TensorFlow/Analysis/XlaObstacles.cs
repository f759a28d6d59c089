using TfRunner.SavedModels.Protos;

namespace TfRunner.TensorFlow.Analysis;

/// <summary>
/// What XLA is known to compile on no device, found without compiling. What else it refuses comes out of the first call
/// with XLA's reason.
/// </summary>
internal static class XlaObstacles
{
    private const string Hint = "use --mode function or --mode graph";

    public static IEnumerable<Obstacle> Find(Signature signature, IReadOnlyList<ReachedNode> reached)
    {
        foreach (var input in signature.Inputs.Where(static i => i.DType == DType.String))
        {
            yield return new(string.Empty, $"XLA takes no strings, and input '{input.Name}' is a string tensor", Hint);
        }

        foreach (var output in signature.Outputs.Where(static o => o.DType == DType.String))
        {
            yield return new(string.Empty, $"XLA gives no strings, and output '{output.Name}' is a string tensor", Hint);
        }

        foreach (var node in reached.Where(static n => IsRefused(n.Node)).DistinctBy(static n => n.Node.Op))
        {
            yield return new(node.Node.Op, $"XLA does not compile op {node.Node.Op} ({node.Place})", Hint);
        }
    }

    private static bool IsRefused(NodeDef node) =>
        node.Op is "Merge" or "Enter" or "RefEnter" or "RefMerge" or "ReadFile" or "DecodeJpeg" or "DecodePng" or "DecodeImage" or "StringSplitV2"
            or "StaticRegexReplace" or "RegexReplace" or "StringLower" or "StringUpper" or "StringJoin" or "AsString" or "StringToNumber"
            or "ParseExample" or "ParseExampleV2" or "ParseSingleExample"
        || node.Op.StartsWith("LookupTable", StringComparison.Ordinal)
        || (node.Op == "ReadVariableOp" && node.Attr.TryGetValue("dtype", out var type) && type.Type == DataType.DtString);
}
