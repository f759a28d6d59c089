using Google.Protobuf;
using TfRunner.Files;
using TfRunner.TextFormat;

namespace TfRunner.Directories;

/// <summary>Reads protobuf files, binary or text, with errors that name file and offset.</summary>
internal static class SavedModelFile
{
    /// <summary>Reads <c>saved_model.pb</c> or <c>saved_model.pbtxt</c>; what decides is the contents, not the name.</summary>
    /// <param name="path">The file.</param>
    /// <param name="isFrozenGraph">Whether the file is a bare graph, which is the only meta graph then.</param>
    /// <returns>The message, with at least one meta graph.</returns>
    /// <exception cref="TfRunnerException">DataLoss for damaged files; FailedPrecondition for files of another kind.</exception>
    public static SavedModels.Protos.SavedModel Read(string path, out bool isFrozenGraph)
    {
        isFrozenGraph = false;
        var contents = WholeFile.Read(path);
        if (contents.Length == 0)
        {
            throw FileErrors.Damaged(path, 0, "it is empty");
        }

        if (ForeignFormat.Describe(path, contents) is { } foreign)
        {
            throw foreign;
        }

        if (FrozenGraph.Read(contents) is { } frozen)
        {
            isFrozenGraph = true;
            return frozen;
        }

        var isText = TextFormatReader.LooksLikeText(contents);
        var binary = isText ? TextFormatReader.ToBinary(path, contents, SavedModels.Protos.SavedModel.Descriptor) : contents;
        var model = Parse(SavedModels.Protos.SavedModel.Parser, path, binary);
        if (isText && model.MetaGraphs.Count == 0 && FrozenGraph.ReadText(path, contents) is { } frozenText)
        {
            isFrozenGraph = true;
            return frozenText;
        }

        return model.MetaGraphs.Count > 0
            ? model
            : throw TfRunnerException.ForLoad(ErrorCode.DataLoss, $"{path} holds no meta graph", "export the model again");
    }

    /// <summary>Reads a small binary message that stands beside the model, if there is one.</summary>
    /// <typeparam name="T">The message.</typeparam>
    /// <param name="parser">Its parser.</param>
    /// <param name="path">The file.</param>
    /// <returns>The message, or null when there is no file.</returns>
    public static T? ReadOptional<T>(MessageParser<T> parser, string path)
        where T : class, IMessage<T> =>
        File.Exists(path) ? Parse(parser, path, WholeFile.Read(path)) : null;

    private static T Parse<T>(MessageParser<T> parser, string path, byte[] contents)
        where T : class, IMessage<T>
    {
        // The stream knows where it stopped; its limits bound depth and sizes before memory is taken.
        using var input = new CodedInputStream(contents);
        try
        {
            return parser.ParseFrom(input);
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or ArgumentException or OverflowException or InvalidOperationException)
        {
            throw FileErrors.Damaged(path, input.Position, Sentence(e));
        }
    }

    private static string Sentence(Exception e)
    {
        var text = e.Message.ReplaceLineEndings(" ");
        var end = text.IndexOf(". ", StringComparison.Ordinal);
        return end < 0 ? text.TrimEnd('.') : text[..end];
    }
}
