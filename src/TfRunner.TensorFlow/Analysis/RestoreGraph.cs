using System.Globalization;
using Google.Protobuf;
using TfRunner.SavedModels.Protos;

namespace TfRunner.TensorFlow.Analysis;

/// <summary>Nodes that restore variables, for a graph that has none for them.</summary>
internal static class RestoreGraph
{
    /// <summary>Makes the nodes.</summary>
    /// <param name="root">The name of the node that runs all; the others stand under it.</param>
    /// <param name="variables">The nodes that make the variables, and where their values are.</param>
    /// <param name="prefix">The checkpoint.</param>
    public static GraphDef Build(string root, IReadOnlyList<(NodeDef Node, RestoreSource Source)> variables, string prefix)
    {
        var graph = new GraphDef();
        graph.Node.Add(Text(root + "/prefix", [prefix], isScalar: true));
        graph.Node.Add(Text(root + "/keys", variables.Select(static v => v.Source.Key), isScalar: false));
        graph.Node.Add(Text(root + "/slices", variables.Select(static v => v.Source.Slice), isScalar: false));
        var types = new AttrValue { List = new() };
        types.List.Type.AddRange(variables.Select(static v => (DataType)v.Source.Type));
        graph.Node.Add(new NodeDef
        {
            Name = root + "/restore",
            Op = "RestoreV2",
            Input = { root + "/prefix", root + "/keys", root + "/slices" },
            Attr = { ["dtypes"] = types },
        });
        var all = new NodeDef { Name = root, Op = "NoOp" };
        for (var i = 0; i < variables.Count; i++)
        {
            // A handle of the same shared name is the same variable.
            var handle = variables[i].Node.Clone();
            handle.Name = string.Create(CultureInfo.InvariantCulture, $"{root}/variable_{i}");
            handle.Attr.Remove("_class");
            var assign = string.Create(CultureInfo.InvariantCulture, $"{root}/assign_{i}");
            graph.Node.Add(handle);
            graph.Node.Add(new NodeDef
            {
                Name = assign,
                Op = "AssignVariableOp",
                Input = { handle.Name, string.Create(CultureInfo.InvariantCulture, $"{root}/restore:{i}") },
                Attr = { ["dtype"] = handle.Attr["dtype"] },
            });
            all.Input.Add("^" + assign);
        }

        graph.Node.Add(all);
        return graph;
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
