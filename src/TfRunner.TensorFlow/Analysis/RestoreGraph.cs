using System.Globalization;
using Google.Protobuf;
using TfRunner.SavedModels.Protos;

namespace TfRunner.TensorFlow.Analysis;

/// <summary>Nodes that restore chosen variables in a session. A model's own restore op reads the whole checkpoint.</summary>
internal static class RestoreGraph
{
    /// <summary>Makes the nodes.</summary>
    /// <param name="root">The name of the node that runs all; the others stand under it.</param>
    /// <param name="variables">The nodes that make the variables, which take them in as they are, and where their values are.</param>
    /// <param name="prefix">The checkpoint.</param>
    public static IReadOnlyList<NodeDef> Build(string root, IReadOnlyList<(NodeDef Node, RestoreSource Source)> variables, string prefix)
    {
        var nodes = new List<NodeDef>();
        nodes.Add(Text(root + "/prefix", [prefix], isScalar: true));
        nodes.Add(Text(root + "/keys", variables.Select(static v => v.Source.Key), isScalar: false));
        nodes.Add(Text(root + "/slices", variables.Select(static v => v.Source.Slice), isScalar: false));
        var types = new AttrValue { List = new() };
        types.List.Type.AddRange(variables.Select(static v => (DataType)v.Source.Type));
        nodes.Add(new NodeDef
        {
            Name = root + "/restore",
            Op = "RestoreV2",
            Input = { root + "/prefix", root + "/keys", root + "/slices" },
            Attr = { ["dtypes"] = types },
        });
        var all = new NodeDef { Name = root, Op = "NoOp" };
        for (var i = 0; i < variables.Count; i++)
        {
            var variable = variables[i].Node;
            var assign = string.Create(CultureInfo.InvariantCulture, $"{root}/assign_{i}");
            nodes.Add(new NodeDef
            {
                Name = assign,
                Op = LegacyOps.IsVariable(variable.Op) ? "Assign" : "AssignVariableOp",
                Input = { variable.Name, string.Create(CultureInfo.InvariantCulture, $"{root}/restore:{i}") },
                Attr = { [LegacyOps.IsVariable(variable.Op) ? "T" : "dtype"] = variable.Attr["dtype"] },
            });
            all.Input.Add("^" + assign);
        }

        nodes.Add(all);
        return nodes;
    }

    private static NodeDef Text(string name, IEnumerable<string> values, bool isScalar)
    {
        var tensor = new TensorProto { Dtype = DataType.DtString, TensorShape = new() };
        tensor.StringVal.AddRange(values.Select(ByteString.CopyFromUtf8));
        if (!isScalar)
        {
            tensor.TensorShape.Dim.Add(new TensorShapeProto.Types.Dim { Size = tensor.StringVal.Count });
        }

        return new()
        {
            Name = name,
            Op = "Const",
            Attr = { ["dtype"] = new() { Type = DataType.DtString }, ["value"] = new() { Tensor = tensor } },
        };
    }
}
