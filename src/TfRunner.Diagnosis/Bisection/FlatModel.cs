using Google.Protobuf;
using TfRunner.Graphs;

namespace TfRunner.Diagnosis.Bisection;

/// <summary>
/// A copy of a model in a folder of its own in which all that a signature computes can be fetched by name: calls of functions
/// are opened. Variables and assets are the model's own, linked to.
/// </summary>
internal sealed class FlatModel : IDisposable
{
    /// <summary>What no mode computes for itself, or only hands on.</summary>
    private static readonly HashSet<string> Silent = new(StringComparer.Ordinal)
    {
        "Const", "Identity", "IdentityN", "NoOp", "StopGradient", "Placeholder", "PlaceholderV2", "PlaceholderWithDefault", "VarHandleOp", "ReadVariableOp",
        "Switch", "Merge", "Enter", "Exit", "NextIteration", "LoopCond", "VariableV2", "Variable",
    };

    private readonly DirectoryInfo folder;

    private FlatModel(DirectoryInfo folder, SavedModel savedModel, string[] feeds, IReadOnlyList<FlatTensor> tensors)
    {
        this.folder = folder;
        SavedModel = savedModel;
        Feeds = feeds;
        Tensors = tensors;
    }

    /// <summary>The copy as read.</summary>
    public SavedModel SavedModel { get; }

    /// <summary>The tensors of the signature's inputs, in its order.</summary>
    public IReadOnlyList<string> Feeds { get; }

    /// <summary>What can be fetched, each after all that it is computed from.</summary>
    public IReadOnlyList<FlatTensor> Tensors { get; }

    /// <summary>Makes the copy.</summary>
    /// <param name="model">The model.</param>
    /// <param name="signature">What is called.</param>
    /// <returns>The copy; its folder is deleted with it.</returns>
    /// <exception cref="TfRunnerException">The model is damaged.</exception>
    public static FlatModel Write(SavedModel model, Signature signature)
    {
        var flat = FlatGraph.Of(model.Graph, signature);
        var folder = Directory.CreateTempSubdirectory("tfrunner-flat-");
        try
        {
            var file = new SavedModels.Protos.SavedModel { SavedModelSchemaVersion = Math.Max(1, model.SchemaVersion) };
            file.MetaGraphs.Add(flat.MetaGraph);
            File.WriteAllBytes(Path.Combine(folder.FullName, "saved_model.pb"), file.ToByteArray());
            Link(model.Directory, folder, "variables");
            Link(model.Directory, folder, "assets");
            var copy = SavedModel.Open(folder.FullName, new() { Tags = [.. model.Tags] });
            var fed = signature.Inputs.Select(static i => TensorReference.Parse(i.TensorName).Node).ToHashSet(StringComparer.Ordinal);
            return new(
                folder,
                copy,
                [.. signature.Inputs.Select(static i => i.TensorName)],
                [.. flat.Nodes.Where(n => !Silent.Contains(n.Op) && !fed.Contains(n.Name)).SelectMany(n => Outputs(copy, n))]);
        }
        catch
        {
            folder.Delete(recursive: true);
            throw;
        }
    }

    public void Dispose()
    {
        SavedModel.Dispose();
        try
        {
            // Links are deleted, not what they lead to.
            folder.Delete(recursive: true);
        }
        catch (IOException)
        {
            // A process that is left running may still hold a file; the system's folder for such things is emptied in time.
        }
    }

    private static IEnumerable<FlatTensor> Outputs(SavedModel copy, SavedModels.Protos.NodeDef node)
    {
        for (var i = 0; i < (copy.Graph.Ops.OutputCount(node) ?? 1); i++)
        {
            if (copy.Graph.Ops.OutputType(node, i) is { } dtype && dtype.HasValues())
            {
                yield return new(node.Name, node.Op, i);
            }
        }
    }

    private static void Link(string from, DirectoryInfo to, string name)
    {
        var source = Path.Combine(from, name);
        if (!Directory.Exists(source))
        {
            return;
        }

        var target = Path.Combine(to.FullName, name);
        try
        {
            Directory.CreateSymbolicLink(target, source);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Some systems let only administrators link.
            Directory.CreateDirectory(target);
            foreach (var file in Directory.EnumerateFiles(source))
            {
                File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
            }
        }
    }
}
