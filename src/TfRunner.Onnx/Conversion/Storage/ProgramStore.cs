using Google.Protobuf;
using TfRunner.Onnx.Conversion.Building;
using TfRunner.Onnx.Conversion.Flow;
using TfRunner.Onnx.Conversion.Programs;
using TfRunner.Onnx.Host;
using TfRunner.Onnx.Protos;
using TfRunner.SavedModels.Protos;

namespace TfRunner.Onnx.Conversion.Storage;

/// <summary>Writes a program into a folder, and reads it back: <c>program.bin</c>, one <c>.onnx</c> per part, <c>weights.bin</c>.</summary>
internal static class ProgramStore
{
    private const string ProgramFile = "program.bin";
    private const string WeightsName = "weights.bin";

    /// <summary>Writes a program.</summary>
    /// <param name="program">The program.</param>
    /// <param name="folder">An empty folder.</param>
    /// <param name="opset">The opset it was made for.</param>
    public static void Write(ConvertedProgram program, string folder, int opset)
    {
        using var weights = new WeightsFile(Path.Combine(folder, WeightsName));
        var parts = 0;
        var stored = Write(program, folder, opset, weights, ref parts);
        stored.WeightsLength = weights.Length;
        using var stream = File.Create(Path.Combine(folder, ProgramFile));
        stored.WriteTo(stream);
    }

    /// <summary>Reads a program.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>The program; null where the folder has none that is whole.</returns>
    public static ConvertedProgram? Read(string folder)
    {
        var file = Path.Combine(folder, ProgramFile);
        if (!File.Exists(file))
        {
            return null;
        }

        try
        {
            using var stream = File.OpenRead(file);
            var stored = StoredProgram.Parser.ParseFrom(stream);
            return new FileInfo(Path.Combine(folder, WeightsName)).Length == stored.WeightsLength ? Read(stored, folder, stored.WeightsLength) : null;
        }
        catch (Exception e) when (e is IOException or InvalidProtocolBufferException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static StoredProgram Write(ConvertedProgram program, string folder, int opset, WeightsFile weights, ref int parts)
    {
        var stored = new StoredProgram { SlotCount = program.SlotCount };
        stored.Inputs.AddRange(program.Inputs.Select(Port));
        stored.Outputs.AddRange(program.Outputs.Select(Port));
        stored.Constants.AddRange(program.Constants.Select(static c => Constant(c.Key, c.Value)));
        foreach (var step in program.Steps)
        {
            var target = new StoredStep();
            target.Inputs.AddRange(step.Inputs);
            target.Outputs.AddRange(step.Outputs);
            if (step is OnnxStep onnx)
            {
                var name = FormattableString.Invariant($"part{parts++}.onnx");
                var bytes = new ModelWriter(weights.Add).Write(onnx.Graph, opset).ToByteArray();
                File.WriteAllBytes(Path.Combine(folder, name), bytes);
                target.Onnx = new() { File = name, Length = bytes.Length };
                target.Onnx.Inputs.AddRange(onnx.Graph.Inputs.Select(static i => i.Name));
                target.Onnx.Outputs.AddRange(onnx.Graph.Outputs.Select(static o => o.Name));
                target.Onnx.Split = StoredSplits.Write(onnx.Split);
            }
            else if (step is HostStep host)
            {
                target.Host = new() { Name = host.Node.Name, Op = host.Node.Op, NodeDef = host.Node.Attributes.ToNode().ToByteString() };
                target.Host.OutputTypes.AddRange(host.Node.OutputTypes.Select(static t => (int)t));
                foreach (var graph in host.Graphs)
                {
                    target.Host.Graphs.Add(Write(graph, folder, opset, weights, ref parts));
                }
            }

            stored.Steps.Add(target);
        }

        return stored;
    }

    private static StoredPort Port(ProgramPort port) => new() { Name = port.Name, Dtype = (int)port.DType, Slot = port.Slot };

    private static StoredConstant Constant(int slot, object value) => value is HostTable table
        ? new() { Slot = slot, TableKeys = StoredTensors.Write(table.Keys), TableValues = StoredTensors.Write(table.Values) }
        : new() { Slot = slot, Tensor = StoredTensors.Write((TensorValue)value) };

    private static ConvertedProgram? Read(StoredProgram stored, string folder, long weightsLength)
    {
        var program = new ConvertedProgram { SlotCount = stored.SlotCount };
        program.Inputs.AddRange(stored.Inputs.Select(static p => new ProgramPort(p.Name, (DType)p.Dtype, p.Slot)));
        program.Outputs.AddRange(stored.Outputs.Select(static p => new ProgramPort(p.Name, (DType)p.Dtype, p.Slot)));
        foreach (var constant in stored.Constants)
        {
            program.Constants[constant.Slot] = constant.TableKeys is { } keys
                ? new HostTable(StoredTensors.Read(keys), StoredTensors.Read(constant.TableValues))
                : StoredTensors.Read(constant.Tensor);
        }

        foreach (var step in stored.Steps)
        {
            if (step.Onnx is { } onnx)
            {
                var file = Path.Combine(folder, onnx.File);
                if (new FileInfo(file) is not { Exists: true } info || info.Length != onnx.Length)
                {
                    return null;
                }

                program.Steps.Add(new StoredOnnxStep(file, [.. onnx.Inputs], [.. onnx.Outputs], [.. step.Inputs], [.. step.Outputs], info.Length + weightsLength, StoredSplits.Read(onnx.Split)));
                continue;
            }

            var graphs = new List<ConvertedProgram>();
            foreach (var graph in step.Host.Graphs)
            {
                if (Read(graph, folder, weightsLength) is not { } inner)
                {
                    return null;
                }

                graphs.Add(inner);
            }

            var attributes = new NodeAttributes(NodeDef.Parser.ParseFrom(step.Host.NodeDef).Attr);
            var node = new HostNode(step.Host.Name, step.Host.Op, attributes, [.. step.Host.OutputTypes.Select(static t => (DType)t)]);
            program.Steps.Add(new HostStep(node, graphs, [.. step.Inputs], [.. step.Outputs]));
        }

        return program;
    }
}
