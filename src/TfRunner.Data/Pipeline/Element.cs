using System.Runtime.ExceptionServices;

namespace TfRunner.Data.Pipeline;

/// <summary>What flows between stages: a value, or the error that stands in its place so that it arrives in order.</summary>
internal readonly struct Element<T>
{
    private readonly T value;

    public Element(T value) => this.value = value;

    public Element(ExceptionDispatchInfo error)
    {
        value = default!;
        Error = error;
    }

    public ExceptionDispatchInfo? Error { get; }

    /// <summary>The value; throws the error when there is one.</summary>
    public T Value
    {
        get
        {
            Error?.Throw();
            return value;
        }
    }

    public static Element<T> Failed(Exception exception) => new(ExceptionDispatchInfo.Capture(exception));

    public Element<TOther> As<TOther>() => new(Error ?? throw new InvalidOperationException("Only an error can change its type."));
}
