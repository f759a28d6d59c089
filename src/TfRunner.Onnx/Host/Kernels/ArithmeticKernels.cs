using TfRunner.Onnx.Host.Arrays;

namespace TfRunner.Onnx.Host.Kernels;

/// <summary>Elementwise arithmetic, comparisons and casts.</summary>
internal sealed class ArithmeticKernels : IHostKernelFamily
{
    /// <inheritdoc/>
    public void Register(HostRegistry registry)
    {
        Binary(registry, "Add", "Add", "AddV2");
        Binary(registry, "Sub", "Sub");
        Binary(registry, "Mul", "Mul");
        Binary(registry, "Div", "RealDiv", "Div", "TruncateDiv");
        Binary(registry, "TruncateMod", "TruncateMod", "Mod");
        Binary(registry, "BitwiseAnd", "BitwiseAnd");
        Binary(registry, "BitwiseOr", "BitwiseOr");
        Binary(registry, "BitwiseXor", "BitwiseXor");
        Binary(registry, "LeftShift", "LeftShift");
        Binary(registry, "RightShift", "RightShift");
        Binary(registry, "FloorDiv", "FloorDiv");
        Binary(registry, "FloorMod", "FloorMod");
        Binary(registry, "Max", "Maximum");
        Binary(registry, "Min", "Minimum");
        Binary(registry, "Pow", "Pow");
        Binary(registry, "SquaredDifference", "SquaredDifference");
        Binary(registry, "Equal", "Equal");
        Binary(registry, "NotEqual", "NotEqual");
        Binary(registry, "Less", "Less");
        Binary(registry, "LessOrEqual", "LessEqual");
        Binary(registry, "Greater", "Greater");
        Binary(registry, "GreaterOrEqual", "GreaterEqual");
        Binary(registry, "And", "LogicalAnd");
        Binary(registry, "Or", "LogicalOr");
        Unary(registry, "Not", "LogicalNot");
        Unary(registry, "Neg", "Neg");
        Unary(registry, "Abs", "Abs");
        Unary(registry, "Square", "Square");
        Unary(registry, "Sign", "Sign");
        Unary(registry, "Floor", "Floor");
        Unary(registry, "Ceil", "Ceil");
        // Round: halves to even. TensorFlow's own kernel makes every whole number 0 (seen in 2.21); tf.round never calls it with one.
        registry.Add(
            static call => call.Output(call.Tensor(0).DType.IsInteger() ? TensorValue.Zeros(call.OutputType(), call.Tensor(0).Dimensions) : Computed(call, ArrayMath.Unary("Round", call.Tensor(0)))), "Round");

        // Invert flips every bit; PopulationCount counts those that are set.
        registry.Add(
            static call => call.Output(0, Array.ConvertAll(call.Ints(0), static v => ~v), call.Tensor(0).Dimensions), "Invert");
        registry.Add(PopulationCount, "PopulationCount");
        registry.Add(AddAll, "AddN", "AccumulateNV2");
        registry.Add(Clip, "ClipByValue");
        registry.Add(BiasAdd, "BiasAdd", "BiasAddV1");
        registry.Add(Cross, "Cross");
        Unary(registry, "IsNaN", "IsNan");
        registry.Add(static call => call.Output(ArrayCast.Cast(call.Tensor(0), call.OutputType())), "Cast");
    }

    /// <summary>AddN: the sum of tensors, or of lists element by element, where an element that was not set is zero.</summary>
    private static void AddAll(HostCall call)
    {
        if (call.Object<object>(0) is not HostList list)
        {
            Fold(call, "Add");
            return;
        }

        for (var i = 1; i < call.InputCount; i++)
        {
            var other = call.Object<HostList>(i).Items;
            list = list with { Items = [.. list.Items.Zip(other, (a, b) => a is null || b is null ? a ?? b : Computed(call, ArrayMath.Binary("Add", a, b)))] };
        }

        call.Output(list);
    }

    private static TensorValue Computed(HostCall call, TensorValue? result) =>
        result ?? throw call.Node.Error(ErrorCode.Unimplemented, $"no host kernel for {call.Tensor(0).DType.Name()}");

    private static void Binary(HostRegistry registry, string function, params ReadOnlySpan<string> ops) =>
        registry.Add(
            call => call.Output(Unlike(call) is { } answer ? answer : Computed(call, ArrayMath.Binary(function, call.Tensor(0), call.Tensor(1)))),
            ops);

    /// <summary>Equal and NotEqual with incompatible_shape_error false: operands that do not fit each other are unequal as a whole.</summary>
    private static TensorValue? Unlike(HostCall call)
    {
        if (call.Op is not ("Equal" or "NotEqual") || call.Attributes.Bool("incompatible_shape_error", true))
        {
            return null;
        }

        try
        {
            Strides.Broadcast2(call.Tensor(0).Dimensions, call.Tensor(1).Dimensions);
            return null;
        }
        catch (TfRunnerException)
        {
            return TensorValue.FromScalar(call.Op == "NotEqual");
        }
    }

    private static void Unary(HostRegistry registry, string function, params ReadOnlySpan<string> ops) =>
        registry.Add(call => call.Output(Computed(call, ArrayMath.Unary(function, call.Tensor(0)))), ops);

    private static void Fold(HostCall call, string function)
    {
        var sum = call.Tensor(0).Clone();
        for (var i = 1; i < call.InputCount; i++)
        {
            var next = Computed(call, ArrayMath.Binary(function, sum, call.Tensor(i)));
            sum.Dispose();
            sum = next;
        }

        call.Output(sum);
    }

    private static void PopulationCount(HostCall call)
    {
        var x = call.Tensor(0);
        var mask = x.DType.ElementSize() == 8 ? ulong.MaxValue : (1UL << (8 * x.DType.ElementSize())) - 1;
        call.Output(0, Array.ConvertAll(call.Ints(0), v => (long)System.Numerics.BitOperations.PopCount((ulong)v & mask)), x.Dimensions);
    }

    /// <summary>ClipByValue: the smaller of t and the upper bound, then the larger of that and the lower one.</summary>
    private static void Clip(HostCall call)
    {
        using var capped = Computed(call, ArrayMath.Binary("Min", call.Tensor(0), call.Tensor(2)));
        call.Output(Computed(call, ArrayMath.Binary("Max", capped, call.Tensor(1))));
    }

    /// <summary>BiasAdd: a vector added along the last axis, or along the second for NCHW.</summary>
    private static void BiasAdd(HostCall call)
    {
        var bias = call.Tensor(1);
        var dims = Enumerable.Repeat(1L, call.Tensor(0).Rank).ToArray();
        var isFirst = call.Attributes.Text("data_format", "NHWC").StartsWith("NC", StringComparison.Ordinal);
        dims[isFirst && dims.Length > 1 ? 1 : dims.Length - 1] = bias.Length;
        using var shaped = ArrayMovement.Reshape(bias, dims);
        call.Output(Computed(call, ArrayMath.Binary("Add", call.Tensor(0), shaped)));
    }

    /// <summary>Cross: the vector product over the last axis, which has 3 elements.</summary>
    private static void Cross(HostCall call)
    {
        var (a, b) = (call.Doubles(0), call.Doubles(1));
        var result = new double[a.Length];
        for (var i = 0; i < a.Length; i += 3)
        {
            for (var j = 0; j < 3; j++)
            {
                var (p, q) = (i + ((j + 1) % 3), i + ((j + 2) % 3));
                result[i + j] = (a[p] * b[q]) - (a[q] * b[p]);
            }
        }

        call.Output(0, result, call.Tensor(0).Dimensions);
    }
}
