using System.Numerics;
using TfRunner.Onnx.Conversion.Flow;

namespace TfRunner.Onnx.Host;

/// <summary>One call of a host kernel.</summary>
internal sealed class HostCall
{
    private readonly object[] inputs;
    private readonly object?[] outputs;

    public HostCall(HostNode node, object[] inputs, CancellationToken cancellationToken = default)
    {
        Node = node;
        this.inputs = inputs;
        outputs = new object?[node.OutputTypes.Count];
        CancellationToken = cancellationToken;
    }

    /// <summary>What is called.</summary>
    public HostNode Node { get; }

    /// <summary>The TensorFlow op.</summary>
    public string Op => Node.Op;

    /// <summary>The node's attributes.</summary>
    public NodeAttributes Attributes => Node.Attributes;

    /// <summary>Ends the call early; for kernels that take long.</summary>
    public CancellationToken CancellationToken { get; }

    public int InputCount => inputs.Length;

    public int OutputCount => outputs.Length;

    /// <summary>An input that is a tensor. It stays the caller's.</summary>
    /// <param name="index">The input.</param>
    /// <returns>The tensor.</returns>
    public TensorValue Tensor(int index) => inputs[index] as TensorValue
        ?? throw Node.Error(ErrorCode.Internal, $"input {index} is no tensor");

    /// <summary>An input that is something else: a list, a table.</summary>
    /// <typeparam name="T">What it is.</typeparam>
    /// <param name="index">The input.</param>
    /// <returns>The object.</returns>
    public T Object<T>(int index)
        where T : class => inputs[index] as T ?? throw Node.Error(ErrorCode.Internal, $"input {index} is no {typeof(T).Name}");

    /// <summary>The elements of an integer input.</summary>
    /// <param name="index">The input.</param>
    /// <returns>Its elements, row-major.</returns>
    public long[] Ints(int index) => Arrays.ArrayCast.ToLongs(Tensor(index));

    /// <summary>The one element of an integer input.</summary>
    /// <param name="index">The input.</param>
    /// <returns>Its first element.</returns>
    public long Int(int index) => Ints(index) is [var first, ..] ? first : throw Node.Error(ErrorCode.InvalidArgument, $"input {index} is empty, and a number is needed");

    /// <summary>The elements of a numeric input.</summary>
    /// <param name="index">The input.</param>
    /// <returns>Its elements, row-major.</returns>
    public double[] Doubles(int index) => Arrays.ArrayCast.ToDoubles(Tensor(index));

    /// <summary>The elements of an input of any numeric dtype, as complex numbers.</summary>
    /// <param name="index">The input.</param>
    /// <returns>Its elements, row-major.</returns>
    public Complex[] Complexes(int index) => Arrays.ArrayCast.ToComplex(Tensor(index));

    /// <summary>TensorFlow's dtype of an output.</summary>
    /// <param name="index">The output.</param>
    /// <returns>The dtype.</returns>
    public DType OutputType(int index = 0) => Node.OutputTypes[index];

    /// <summary>Sets an output: a new tensor, or an input handed on as it is. Never a view of an input's memory.</summary>
    /// <param name="index">The output.</param>
    /// <param name="value">The value.</param>
    public void Output(int index, object value) => outputs[index] = value;

    /// <summary>Sets the first output.</summary>
    /// <param name="value">The value.</param>
    public void Output(object value) => outputs[0] = value;

    /// <summary>Sets an output from numbers, which are cast to its dtype.</summary>
    /// <param name="index">The output.</param>
    /// <param name="values">The elements, row-major.</param>
    /// <param name="dims">The dimensions.</param>
    public void Output(int index, double[] values, params ReadOnlySpan<long> dims)
    {
        using var wide = TensorValue.From(values, dims);
        outputs[index] = Arrays.ArrayCast.Cast(wide, OutputType(index));
    }

    /// <summary>Sets an output from whole numbers, which are cast to its dtype.</summary>
    /// <param name="index">The output.</param>
    /// <param name="values">The elements, row-major.</param>
    /// <param name="dims">The dimensions.</param>
    public void Output(int index, long[] values, params ReadOnlySpan<long> dims)
    {
        using var wide = TensorValue.From(values, dims);
        outputs[index] = Arrays.ArrayCast.Cast(wide, OutputType(index));
    }

    /// <summary>Sets an output from complex numbers, which are cast to its dtype.</summary>
    /// <param name="index">The output.</param>
    /// <param name="values">The elements, row-major.</param>
    /// <param name="dims">The dimensions.</param>
    public void Output(int index, Complex[] values, params ReadOnlySpan<long> dims)
    {
        using var wide = TensorValue.From(values, dims);
        outputs[index] = Arrays.ArrayCast.Cast(wide, OutputType(index));
    }

    /// <summary>An error of the node.</summary>
    /// <param name="reason">What is wrong with its inputs.</param>
    /// <returns>The exception to throw, with InvalidArgument.</returns>
    public TfRunnerException Invalid(string reason) => Node.Error(ErrorCode.InvalidArgument, reason);

    /// <summary>Something that is made once per node, such as a compiled pattern.</summary>
    /// <typeparam name="T">What it is.</typeparam>
    /// <param name="make">Makes it.</param>
    /// <returns>The same object in every call.</returns>
    public T Prepared<T>(Func<HostNode, T> make)
        where T : class => Node.Prepared(make);

    /// <summary>The outputs as set.</summary>
    /// <returns>One value per output.</returns>
    public object?[] Results() => outputs;
}
