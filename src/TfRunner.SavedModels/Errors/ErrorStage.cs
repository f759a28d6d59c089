namespace TfRunner;

/// <summary>Where in a prediction's way an error arose. The command's exit code follows from it.</summary>
public enum ErrorStage
{
    /// <summary>Anything that the other stages do not name.</summary>
    Unspecified = 0,

    /// <summary>The request itself: options, names, arguments (exit code 2).</summary>
    Usage = 2,

    /// <summary>Reading, loading or preparing a model (exit code 3).</summary>
    Load = 3,

    /// <summary>Reading, checking or writing data (exit code 4).</summary>
    Data = 4,

    /// <summary>A call into the model (exit code 5).</summary>
    Run = 5,

    /// <summary>Finding or starting an engine (exit code 6).</summary>
    Engine = 6,
}
