namespace TfRunner.Pictures;

/// <summary>Whose bytes are decoded: what errors name, and how they are told.</summary>
/// <param name="Name">A file, or a node with its op.</param>
/// <param name="Stage">Where the errors arise.</param>
/// <param name="Damaged">The code of a damaged picture.</param>
/// <param name="TooLarge">The code of a picture that is too large.</param>
internal sealed record PictureSource(string Name, ErrorStage Stage, ErrorCode Damaged, ErrorCode TooLarge)
{
    /// <summary>A file of input data.</summary>
    public static PictureSource File(string name) => new(name, ErrorStage.Data, ErrorCode.DataLoss, ErrorCode.OutOfRange);

    /// <summary>A node of a graph that runs; TensorFlow's ops have one code for all.</summary>
    public static PictureSource Node(string name) => new(name, ErrorStage.Run, ErrorCode.InvalidArgument, ErrorCode.InvalidArgument);

    /// <summary>An error about the picture.</summary>
    /// <param name="code">Its kind.</param>
    /// <param name="what">What is wrong, as it follows the name.</param>
    /// <param name="hint">What to do about it.</param>
    /// <param name="cause">The cause.</param>
    /// <returns>The exception to throw.</returns>
    public TfRunnerException Error(ErrorCode code, string what, string? hint = null, Exception? cause = null) => new(code, Stage, Name + what, hint, cause);
}
