using Google.Protobuf;
using TfRunner.SavedModels.Protos;

namespace TfRunner.SavedModels.Tests;

/// <summary>Writes small SavedModels, as no exporter would write them.</summary>
internal sealed class ModelBuilder
{
    public MetaGraphDef Meta { get; } = new()
    {
        MetaInfoDef = new() { Tags = { "serve" }, TensorflowVersion = "2.21.0", StrippedOpList = new() },
        GraphDef = new() { Library = new() },
    };

    public ModelBuilder Node(string name, string op, params string[] inputs) => Call(name, op, null, inputs);

    public ModelBuilder Call(string name, string op, string? function, params string[] inputs)
    {
        Meta.GraphDef.Node.Add(NewNode(name, op, function, inputs));
        return this;
    }

    public ModelBuilder Function(string name, string[] arguments, string[] results, params NodeDef[] nodes)
    {
        var function = new FunctionDef { Signature = new() { Name = name } };
        function.Signature.InputArg.AddRange(arguments.Select(static a => new OpDef.Types.ArgDef { Name = a }));
        for (var i = 0; i < results.Length; i++)
        {
            function.Ret.Add(FormattableString.Invariant($"r{i}"), results[i]);
        }

        function.NodeDef.AddRange(nodes);
        Meta.GraphDef.Library.Function.Add(function);
        return this;
    }

    public ModelBuilder Signature(string name, string? input, string output)
    {
        var signature = new SignatureDef();
        if (input is not null)
        {
            signature.Inputs["x"] = new() { Name = input, Dtype = DataType.DtFloat, TensorShape = new() };
        }

        signature.Outputs["y"] = new() { Name = output, Dtype = DataType.DtFloat, TensorShape = new() };
        Meta.SignatureDef[name] = signature;
        return this;
    }

    public static NodeDef NewNode(string name, string op, string? function, params string[] inputs)
    {
        var node = new NodeDef { Name = name, Op = op, Input = { inputs } };
        if (function is not null)
        {
            node.Attr["f"] = new() { Func = new() { Name = function } };
        }

        return node;
    }

    public string Write(ScratchFolder scratch, string folder = "model", params MetaGraphDef[] others)
    {
        var model = new TfRunner.SavedModels.Protos.SavedModel { SavedModelSchemaVersion = 1, MetaGraphs = { Meta } };
        model.MetaGraphs.AddRange(others);
        scratch.Write(Path.Combine(folder, "saved_model.pb"), model.ToByteArray());
        return Path.Combine(scratch.Path, folder);
    }
}
