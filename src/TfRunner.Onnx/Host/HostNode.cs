using TfRunner.Onnx.Conversion.Flow;

namespace TfRunner.Onnx.Host;

/// <summary>An op that runs in C#, with what is known of it before any call.</summary>
internal sealed class HostNode
{
    private readonly Lock gate = new();
    private object? prepared;

    public HostNode(string name, string op, NodeAttributes attributes, IReadOnlyList<DType> outputTypes)
    {
        Name = name;
        Op = op;
        Attributes = attributes;
        OutputTypes = outputTypes;
    }

    /// <summary>The node's name in the inlined graph.</summary>
    public string Name { get; }

    /// <summary>The TensorFlow op.</summary>
    public string Op { get; }

    /// <summary>The node's attributes.</summary>
    public NodeAttributes Attributes { get; }

    /// <summary>TensorFlow's dtypes of the outputs.</summary>
    public IReadOnlyList<DType> OutputTypes { get; }

    /// <summary>Something that is made once per node.</summary>
    /// <typeparam name="T">What it is.</typeparam>
    /// <param name="make">Makes it.</param>
    /// <returns>The object.</returns>
    public T Prepared<T>(Func<HostNode, T> make)
        where T : class
    {
        lock (gate)
        {
            return (T)(prepared ??= make(this));
        }
    }

    /// <summary>An error that names the op and the node.</summary>
    /// <param name="code">The kind of error.</param>
    /// <param name="reason">What is wrong.</param>
    /// <returns>The exception to throw.</returns>
    public TfRunnerException Error(ErrorCode code, string reason) => new(code, ErrorStage.Run, $"{Op} '{Name}': {reason}");
}
