namespace TfRunner.Onnx.Conversion.Building;

/// <summary>
/// Which dtypes ONNX Runtime's CPU provider computes an operator in. Found by opening one-node models with ONNX Runtime 1.31
/// at opset 21; operators that are not listed take every dtype here.
/// </summary>
internal static class KernelTypes
{
    private const string AllNumbers = "f32 f64 i8 i16 i32 i64 u8 u16 u32 u64";
    private const string WithoutShort = "f32 f64 i8 i32 i64 u8 u32 u64";
    private const string Basic = "f32 f64 i32 i64";
    private const string Floats = "f32 f64";
    private const string Single = "f32";
    private const string Integers = "i8 i16 i32 i64 u8 u16 u32 u64";

    private static readonly Dictionary<string, DType[]> Supported = Build(
        (AllNumbers, "Abs Sign Add Sub Mul Div Mod Less LessOrEqual Greater GreaterOrEqual"),
        ("f32 f64 i8 i16 i32 i64", "Neg"),
        (Floats, "Floor Ceil Round Sqrt Reciprocal Exp Log Sin Cos Tanh Sigmoid IsNaN IsInf Softmax LogSoftmax Gemm BatchNormalization LayerNormalization Sum GridSample"),
        (Single, "Tan Asin Acos Atan Sinh Cosh Asinh Acosh Atanh Erf Elu Selu Softplus Softsign LeakyRelu HardSigmoid Gelu Mish HardSwish GlobalAveragePool GlobalMaxPool PRelu Conv ConvTranspose AveragePool Mean LRN Det LSTM GRU RNN"),
        ("f32 f64 i8 i32", "Relu"),
        ("f32 u8 i32 i64 b", "NonZero"),
        ("f32 f64 i8 i64 s", "Unique"),
        (Basic, "Pow ReduceSum ReduceMean ReduceProd ReduceL2 ReduceL1 ReduceSumSquare ReduceLogSumExp CumSum Einsum"),
        (WithoutShort, "Max Min Clip"),
        ("f32 f64 i32 i64 u32 u64", "MatMul"),
        ("f32 f64 i8 i32 i64 u8 b", "ReduceMax ReduceMin"),
        ("f32 f64 i8 i32 i64 u8", "ArgMax ArgMin"),
        ("f32 f64 i8 i16 i32 i64 u8", "TopK"),
        ("f32 f64 i8 i32 i64 u8 u32 s", "Where"),
        ("f32 f64 i8 i32 i64 u8 u32 u64 b", "Pad"),
        ("f32 f64 i16 i32 i64", "Range"),
        ("f32 i64 s", "OneHot"),
        ("f32 f64 i32 i64 b", "Trilu"),
        ("f32 f64 i8 u8", "DepthToSpace SpaceToDepth MaxPool"),
        ("f32 i8 i32 u8", "Resize"),
        (Integers, "BitwiseAnd BitwiseOr BitwiseXor BitwiseNot"),
        ("u8 u32 u64", "BitShift"),
        ("b", "And Or Xor Not"));

    /// <summary>Inputs that share the operator's type, for operators whose other inputs have types of their own.</summary>
    private static readonly Dictionary<string, int[]> TypedInputs = new(StringComparer.Ordinal)
    {
        ["ReduceSum"] = [0],
        ["ReduceMean"] = [0],
        ["ReduceProd"] = [0],
        ["ReduceMax"] = [0],
        ["ReduceMin"] = [0],
        ["ReduceL1"] = [0],
        ["ReduceL2"] = [0],
        ["ReduceSumSquare"] = [0],
        ["ReduceLogSumExp"] = [0],
        ["CumSum"] = [0],
        ["TopK"] = [0],
        ["Where"] = [1, 2],
        ["Pad"] = [0, 2],
        ["OneHot"] = [2],
        ["Trilu"] = [0],
        ["Resize"] = [0],
        ["Pow"] = [0],
        ["LSTM"] = [0, 1, 2, 3, 5, 6, 7],
        ["GRU"] = [0, 1, 2, 3, 5],
        ["RNN"] = [0, 1, 2, 3, 5],
    };

    /// <summary>Outputs whose dtype is not the operator's type.</summary>
    private static readonly HashSet<string> FixedOutput = new(StringComparer.Ordinal)
    {
        "Less", "LessOrEqual", "Greater", "GreaterOrEqual", "IsNaN", "IsInf", "NonZero", "ArgMax", "ArgMin",
    };

    /// <summary>The dtype to compute an operator in.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="dtype">The dtype of its operands.</param>
    /// <returns>The same dtype where there is a kernel for it, else the nearest wider one; Invalid where there is none.</returns>
    public static DType ComputeType(string op, DType dtype)
    {
        if (!Supported.TryGetValue(op, out var supported) || supported.Contains(dtype))
        {
            return dtype;
        }

        return Wider(dtype).FirstOrDefault(supported.Contains);
    }

    /// <summary>The inputs that share the operator's type.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="count">How many inputs there are.</param>
    /// <returns>Their positions.</returns>
    public static IEnumerable<int> Typed(string op, int count) =>
        TypedInputs.TryGetValue(op, out var typed) ? typed.Where(i => i < count) : Enumerable.Range(0, count);

    /// <summary>Whether an output has the operator's type.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="output">The output's number.</param>
    /// <returns>False for comparisons, indices and the like.</returns>
    public static bool IsTypedOutput(string op, int output) => !FixedOutput.Contains(op) && (op is not ("TopK" or "Unique" or "MaxPool") || output == 0);

    private static DType[] Wider(DType dtype) => dtype switch
    {
        DType.Bool => [DType.UInt8, DType.Int32, DType.Int64, DType.Float32],
        DType.UInt8 or DType.Int8 => [DType.Int16, DType.Int32, DType.Int64, DType.Float32, DType.Float64],
        DType.Int16 or DType.UInt16 => [DType.Int32, DType.Int64, DType.Float32, DType.Float64],
        DType.Int32 => [DType.Int64, DType.Float64, DType.Float32],
        DType.UInt32 => [DType.Int64, DType.Float64, DType.Float32],
        DType.Int64 or DType.UInt64 => [DType.Int64, DType.Float64, DType.Float32],
        DType.Float64 => [DType.Float32],
        _ => [],
    };

    private static Dictionary<string, DType[]> Build(params (string Types, string Ops)[] rows)
    {
        var table = new Dictionary<string, DType[]>(StringComparer.Ordinal);
        foreach (var (types, ops) in rows)
        {
            var parsed = types.Split(' ').Select(Parse).ToArray();
            foreach (var op in ops.Split(' '))
            {
                table.Add(op, parsed);
            }
        }

        return table;
    }

    private static DType Parse(string code) => code switch
    {
        "f32" => DType.Float32,
        "f64" => DType.Float64,
        "i8" => DType.Int8,
        "i16" => DType.Int16,
        "i32" => DType.Int32,
        "i64" => DType.Int64,
        "u8" => DType.UInt8,
        "u16" => DType.UInt16,
        "u32" => DType.UInt32,
        "u64" => DType.UInt64,
        "b" => DType.Bool,
        _ => DType.String,
    };
}
