namespace TfRunner;

/// <summary>What kind of thing went wrong; names and numbers are those of TensorFlow's status codes.</summary>
public enum ErrorCode
{
    /// <summary>No error.</summary>
    Ok = 0,

    /// <summary>The caller cancelled the work.</summary>
    Cancelled = 1,

    /// <summary>A failure that fits no other code.</summary>
    Unknown = 2,

    /// <summary>The caller gave something that can never work: a wrong name, dtype, shape or option.</summary>
    InvalidArgument = 3,

    /// <summary>A time limit passed first.</summary>
    DeadlineExceeded = 4,

    /// <summary>A file, signature, input or op that was asked for does not exist.</summary>
    NotFound = 5,

    /// <summary>What should be created exists already.</summary>
    AlreadyExists = 6,

    /// <summary>The operating system refuses access.</summary>
    PermissionDenied = 7,

    /// <summary>Memory, disk or another resource ran out.</summary>
    ResourceExhausted = 8,

    /// <summary>The state of the model or machine forbids it, for example a variable that is not initialised.</summary>
    FailedPrecondition = 9,

    /// <summary>The work was given up, for example after a conflict.</summary>
    Aborted = 10,

    /// <summary>An index or a number is outside its range.</summary>
    OutOfRange = 11,

    /// <summary>Nothing here implements it: an op, a dtype, a file format.</summary>
    Unimplemented = 12,

    /// <summary>A defect of TfRunner or of the library below it.</summary>
    Internal = 13,

    /// <summary>What is needed is not there now, for example the native library.</summary>
    Unavailable = 14,

    /// <summary>Bytes are damaged: truncated files, wrong checksums.</summary>
    DataLoss = 15,

    /// <summary>The caller is not known.</summary>
    Unauthenticated = 16,
}
