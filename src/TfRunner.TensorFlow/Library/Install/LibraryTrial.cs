using Google.Protobuf;
using TfRunner.SavedModels.Protos;

namespace TfRunner.TensorFlow.Library.Install;

/// <summary>
/// Tries a library by a model small enough to be made here: y = x W + b. Goes the way of every prediction (finding, required
/// symbols, version, loading, running), so what passes will work. Runs in a process of its own: a process can load one
/// TensorFlow only, and a build for another processor ends its process.
/// </summary>
internal static class LibraryTrial
{
    /// <summary>Tries the library in a folder. The process can use no other afterwards.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="scratch">Where the model is written; the caller removes it.</param>
    /// <returns>The library's version.</returns>
    /// <exception cref="TfRunnerException">What keeps it from working, or Internal when it computes something else.</exception>
    public static string Run(string directory, string scratch)
    {
        File.WriteAllBytes(Path.Combine(scratch, "saved_model.pb"), Model().ToByteArray());
        using var model = TfRunner.Model.Load(scratch, new() { Engine = "tensorflow", EngineOptions = new() { TensorFlowDirectory = directory } });
        using var predictor = model.Predictor();
        using var input = TensorValue.From<float>([1, 2, 3, 4], 2, 2);
        using var output = predictor.Predict([input])[0];
        float[] expected = [8.5f, 10.5f, 16.5f, 22.5f];
        return output.AsSpan<float>().SequenceEqual(expected)
            ? model.EngineVersion
            : throw InstallErrors.Error(
                ErrorCode.Internal, $"the library in {directory} computes {string.Join(", ", output.AsSpan<float>().ToArray())} where {string.Join(", ", expected)} is right");
    }

    private static SavedModels.Protos.SavedModel Model()
    {
        var graph = new GraphDef { Versions = new() { Producer = 1000, MinConsumer = 12 } };
        graph.Node.Add(Node("x", "Placeholder", ("dtype", Type()), ("shape", new() { Shape = Shape(-1, 2) })));
        graph.Node.Add(Constant("W", [2, 2], 1, 2, 3, 4));
        graph.Node.Add(Constant("b", [2], 1.5f, 0.5f));
        graph.Node.Add(Node("xW", "MatMul", ["x", "W"], ("T", Type()), ("transpose_a", new() { B = false }), ("transpose_b", new() { B = false })));
        graph.Node.Add(Node("y", "AddV2", ["xW", "b"], ("T", Type())));
        var meta = new MetaGraphDef { MetaInfoDef = new() { Tags = { "serve" } }, GraphDef = graph };
        meta.SignatureDef[Signature.DefaultName] = new()
        {
            Inputs = { ["x"] = new() { Name = "x:0", Dtype = DataType.DtFloat, TensorShape = Shape(-1, 2) } },
            Outputs = { ["y"] = new() { Name = "y:0", Dtype = DataType.DtFloat, TensorShape = Shape(-1, 2) } },
            MethodName = "tensorflow/serving/predict",
        };
        return new() { SavedModelSchemaVersion = 1, MetaGraphs = { meta } };
    }

    private static AttrValue Type() => new() { Type = DataType.DtFloat };

    private static TensorShapeProto Shape(params long[] dimensions) => new() { Dim = { dimensions.Select(static d => new TensorShapeProto.Types.Dim { Size = d }) } };

    private static NodeDef Constant(string name, long[] dimensions, params float[] values) => Node(
        name,
        "Const",
        ("dtype", Type()),
        ("value", new() { Tensor = new() { Dtype = DataType.DtFloat, TensorShape = Shape(dimensions), FloatVal = { values } } }));

    private static NodeDef Node(string name, string op, params (string Name, AttrValue Value)[] attributes) => Node(name, op, [], attributes);

    private static NodeDef Node(string name, string op, string[] inputs, params (string Name, AttrValue Value)[] attributes)
    {
        var node = new NodeDef { Name = name, Op = op, Input = { inputs } };
        foreach (var (key, value) in attributes)
        {
            node.Attr[key] = value;
        }

        return node;
    }
}
