namespace TfRunner;

/// <summary>
/// The one exception type that TfRunner throws for everything that is not a defect in the calling code.
/// <see cref="Exception.Message"/> says what is wrong in one line and names the file, signature, input, node or op;
/// <see cref="Hint"/> says what to do about it.
/// </summary>
public sealed class TfRunnerException : Exception
{
    /// <summary>Creates an error.</summary>
    /// <param name="code">The kind of error, as TensorFlow's status codes name it.</param>
    /// <param name="stage">Where it arose.</param>
    /// <param name="message">What is wrong, in one line.</param>
    /// <param name="hint">What to do about it, in one line, or null.</param>
    /// <param name="innerException">The cause, or null.</param>
    public TfRunnerException(ErrorCode code, ErrorStage stage, string message, string? hint = null, Exception? innerException = null)
        : base(message, innerException)
    {
        Code = code;
        Stage = stage;
        Hint = hint;
    }

    /// <summary>The kind of error.</summary>
    public ErrorCode Code { get; }

    /// <summary>Where it arose.</summary>
    public ErrorStage Stage { get; }

    /// <summary>What to do about it, in one line; null where nothing useful can be said.</summary>
    public string? Hint { get; }

    /// <summary>An error about a model's files or contents.</summary>
    /// <param name="code">The kind of error.</param>
    /// <param name="message">What is wrong.</param>
    /// <param name="hint">What to do about it, or null.</param>
    /// <param name="innerException">The cause, or null.</param>
    /// <returns>The exception to throw.</returns>
    public static TfRunnerException ForLoad(ErrorCode code, string message, string? hint = null, Exception? innerException = null) =>
        new(code, ErrorStage.Load, message, hint, innerException);

    /// <summary>An error about input or output data.</summary>
    /// <param name="code">The kind of error.</param>
    /// <param name="message">What is wrong.</param>
    /// <param name="hint">What to do about it, or null.</param>
    /// <param name="innerException">The cause, or null.</param>
    /// <returns>The exception to throw.</returns>
    public static TfRunnerException ForData(ErrorCode code, string message, string? hint = null, Exception? innerException = null) =>
        new(code, ErrorStage.Data, message, hint, innerException);
}
