namespace TfRunner.Engines;

/// <summary>How an engine is found and started. What does not concern an engine is ignored by it.</summary>
public sealed record EngineOptions
{
    /// <summary>The folder (or file) of TensorFlow's native library; null looks in the usual places.</summary>
    public string? TensorFlowDirectory { get; init; }

    /// <summary>Libraries of further ops to load before a model, as file paths.</summary>
    public IReadOnlyList<string> OpLibraries { get; init; } = [];

    /// <summary>Threads inside one op; 0 (the default) lets the engine choose. Range 0 to 1024.</summary>
    public int IntraOpThreads { get; init; }

    /// <summary>Threads across ops; 0 (the default) lets the engine choose. Range 0 to 1024.</summary>
    public int InterOpThreads { get; init; }

    /// <summary>The device to compute on, such as <c>cpu</c>, <c>gpu</c> or <c>gpu:1</c>; null lets the engine choose.</summary>
    public string? Device { get; init; }

    /// <summary>Whether GPU memory is taken as needed instead of all at once.</summary>
    public bool GpuMemoryGrowth { get; init; }

    /// <summary>The ONNX Runtime execution provider, such as <c>cpu</c>, <c>cuda</c> or <c>directml</c>; null takes <c>cpu</c>.</summary>
    public string? ExecutionProvider { get; init; }

    /// <summary>Whether ONNX Runtime's threads spin while they wait: faster alone, worse on a busy machine. Null lets the engine choose.</summary>
    public bool? AllowSpinning { get; init; }

    /// <summary>Whether ONNX Runtime keeps freed memory in an arena. Null lets the engine choose.</summary>
    public bool? UseArena { get; init; }

    /// <summary>
    /// The size in bytes that converted models may have together on disk before those that were not used for longest go.
    /// 4 GiB is the default; range 0 and up. The newest stays whatever its size.
    /// </summary>
    public long CacheBytes { get; init; } = 4L << 30;

    /// <summary>Where converted models are kept; null takes the user's cache directory, an empty string keeps none.</summary>
    public string? CacheDirectory { get; init; }
}
