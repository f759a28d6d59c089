namespace TfRunner.Directories;

/// <summary>Recognises what people take for a SavedModel, and says how to make one of it.</summary>
internal static class ForeignFormat
{
    private const string ExportFromKeras = "in Python: keras.models.load_model('{0}').export('DIR'), then use DIR";

    /// <summary>Says what a file is when it is no SavedModel.</summary>
    /// <param name="path">The file.</param>
    /// <param name="contents">Its contents, or its beginning.</param>
    /// <returns>The exception to throw, or null when it may be a SavedModel.</returns>
    public static TfRunnerException? Describe(string path, ReadOnlySpan<byte> contents)
    {
        var name = Path.GetFileName(path);
        if (contents.StartsWith(Hdf5))
        {
            return name.EndsWith(".weights.h5", StringComparison.OrdinalIgnoreCase)
                ? Not(path, "Keras weights without a model (HDF5)", "load them into the model in Python, then model.export('DIR'), and use DIR")
                : Not(path, "a Keras HDF5 file", Keras(name));
        }

        if (contents.StartsWith("PK\u0003\u0004"u8))
        {
            return name.EndsWith(".keras", StringComparison.OrdinalIgnoreCase)
                ? Not(path, "a Keras 3 archive", Keras(name))
                : Not(path, "a ZIP archive", "unpack it, and use the directory that holds saved_model.pb");
        }

        if (contents.Length >= 8 && contents[4..8].SequenceEqual("TFL3"u8))
        {
            return Not(path, "a TensorFlow Lite model", "use the SavedModel that it was converted from");
        }

        if (contents.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]))
        {
            return Not(path, "a gzip archive", "unpack it, and use the directory that holds saved_model.pb");
        }

        return ByName(path, name);
    }

    /// <summary>Says what a directory without a SavedModel holds.</summary>
    /// <param name="directory">The directory.</param>
    /// <returns>The exception to throw.</returns>
    public static TfRunnerException DescribeDirectory(string directory)
    {
        // A directory can hold millions of files; a glance is enough.
        var entries = Directory.EnumerateFileSystemEntries(directory).Take(1000).Order(StringComparer.Ordinal).ToList();
        var names = entries.ConvertAll(static e => Path.GetFileName(e)!);
        if (names.Count == 0)
        {
            return TfRunnerException.ForLoad(
                ErrorCode.NotFound, $"{directory} is empty", "export a model into it, in Python: model.export('DIR') or tf.saved_model.save(model, 'DIR')");
        }

        if (names.Contains("saved_model.cpb"))
        {
            return TfRunnerException.ForLoad(
                ErrorCode.Unimplemented,
                $"{directory} holds a SavedModel split into chunks (saved_model.cpb), which is not supported",
                "save it without experimental_image_format in SaveOptions");
        }

        if (entries.Find(static e => File.Exists(Path.Combine(e, "saved_model.pb")) || File.Exists(Path.Combine(e, "saved_model.pbtxt"))) is { } inner)
        {
            return TfRunnerException.ForLoad(ErrorCode.NotFound, $"{directory} holds no saved_model.pb", $"did you mean {inner}?");
        }

        if (names.Find(static n => n.EndsWith(".keras", StringComparison.OrdinalIgnoreCase) || n.EndsWith(".h5", StringComparison.OrdinalIgnoreCase)) is { } keras)
        {
            return TfRunnerException.ForLoad(
                ErrorCode.FailedPrecondition, $"{directory} holds no saved_model.pb, but the Keras file {keras}", Keras(keras));
        }

        if (names.Find(static n => n.EndsWith(".index", StringComparison.Ordinal)) is { } index || names.Contains("checkpoint"))
        {
            return Not(directory, "a TensorFlow checkpoint: weights without a graph", Checkpoint);
        }

        if (names.Contains("variables") || names.Contains("keras_metadata.pb") || names.Contains("fingerprint.pb"))
        {
            return TfRunnerException.ForLoad(
                ErrorCode.NotFound, $"{directory} is an incomplete SavedModel: saved_model.pb is missing", "copy or export the model again");
        }

        return TfRunnerException.ForLoad(
            ErrorCode.NotFound,
            $"{directory} holds no saved_model.pb",
            "name the directory that holds saved_model.pb; in Python, model.export('DIR') makes one");
    }

    private const string Checkpoint = "build the model in Python, restore the checkpoint, then model.export('DIR'), and use DIR";

    private static ReadOnlySpan<byte> Hdf5 => [0x89, (byte)'H', (byte)'D', (byte)'F', 0x0d, 0x0a, 0x1a, 0x0a];

    private static string Keras(string name) => ExportFromKeras.Replace("{0}", name, StringComparison.Ordinal);

    private static TfRunnerException? ByName(string path, string name)
    {
        var extension = Path.GetExtension(name).ToUpperInvariant();
        return extension switch
        {
            ".ONNX" => Not(path, "an ONNX model", "use the SavedModel that it was converted from"),
            ".TFLITE" => Not(path, "a TensorFlow Lite model", "use the SavedModel that it was converted from"),
            ".KERAS" => Not(path, "named as a Keras 3 archive, but is none", "save it again, in Python: model.save('NAME.keras') or model.export('DIR')"),
            ".H5" or ".HDF5" => Not(path, "named as a Keras HDF5 file, but is none", "save it again, in Python: model.export('DIR')"),
            ".INDEX" or ".CKPT" => Not(path, "a TensorFlow checkpoint: weights without a graph", Checkpoint),
            ".PT" or ".PTH" or ".SAFETENSORS" => Not(path, "a PyTorch file", "TfRunner runs TensorFlow models only"),
            ".META" => Not(path, "a TF1 meta graph without signatures", Checkpoint),
            _ when name.Contains(".data-0", StringComparison.Ordinal) => Not(path, "a TensorFlow checkpoint's shard: weights without a graph", Checkpoint),
            _ => null,
        };
    }

    private static TfRunnerException Not(string path, string what, string hint) =>
        TfRunnerException.ForLoad(ErrorCode.FailedPrecondition, $"{path} is {what}, not a SavedModel", hint);
}
