using Google.Protobuf;
using TfRunner.Onnx.Conversion.Building;
using TfRunner.Onnx.Conversion.Storage;

namespace TfRunner.Onnx;

/// <summary>A converted signature that can be written as one ONNX model. Inputs and outputs keep the signature's names.</summary>
public sealed class OnnxModel
{
    /// <summary>What one protobuf message may take is 2 GiB; weights beyond this go to a file beside it.</summary>
    private const long MaxInlineBytes = 1_900_000_000;

    private readonly OnnxGraph graph;

    internal OnnxModel(OnnxGraph graph, int opset)
    {
        this.graph = graph;
        Opset = opset;
    }

    /// <summary>The opset of ONNX's own operators.</summary>
    public int Opset { get; }

    /// <summary>The number of nodes, those of loop bodies and branches with them.</summary>
    public int NodeCount => graph.AllNodes().Count();

    /// <summary>The operators with their counts, in ordinal order.</summary>
    public IReadOnlyDictionary<string, int> Operators => new SortedDictionary<string, int>(
        graph.AllNodes().GroupBy(static n => n.Op).ToDictionary(static g => g.Key, static g => g.Count()), StringComparer.Ordinal);

    /// <summary>Writes the model beside the target and renames it when it is whole.</summary>
    /// <param name="path">The file. Weights of more than about 1.9 GB go to <c>PATH.data</c>.</param>
    /// <exception cref="TfRunnerException">PermissionDenied when it cannot be written.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var target = Path.GetFullPath(path);
        var beside = target + ".partial";
        try
        {
            var weights = graph.AllNodes().SelectMany(static n => n.Inputs).Where(static i => i is { IsConstant: true }).Distinct().Sum(static i => i!.Constant!.ByteLength);
            if (weights > MaxInlineBytes)
            {
                using var file = new WeightsFile(target + ".data");
                Write(beside, new ModelWriter(file.Add));
            }
            else
            {
                Write(beside, new ModelWriter());
            }

            File.Move(beside, target, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TfRunnerException(ErrorCode.PermissionDenied, ErrorStage.Usage, $"{path} cannot be written: {e.Message}", null, e);
        }
        finally
        {
            File.Delete(beside);
        }
    }

    private void Write(string path, ModelWriter writer)
    {
        using var stream = File.Create(path);
        writer.Write(graph, Opset).WriteTo(stream);
    }
}
