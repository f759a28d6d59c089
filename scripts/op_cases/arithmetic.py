"""Binary and unary arithmetic, comparison, logic, bits, casts."""
import numpy as np
import tensorflow as tf

from .recorder import BF16, F16, F32, F64, I8, I16, I32, I64, U8, U16, U32, U64

raw = tf.raw_ops
INTEGERS = (I8, I16, I32, I64, U8, U16, U32, U64)
SPECIAL = np.array([np.nan, np.inf, -np.inf, 0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 1.5, 2.5, -2.5, 1e-30, 1e30], F32)


def record(f):
    binary(f)
    unary(f)
    logic(f)
    casts(f)


def label(dtype):
    return "bfloat16" if dtype is BF16 else np.dtype(dtype).name


def binary(f):
    ops = {
        "AddV2": raw.AddV2, "Sub": raw.Sub, "Mul": raw.Mul, "Maximum": raw.Maximum, "Minimum": raw.Minimum,
        "SquaredDifference": raw.SquaredDifference,
    }
    for name, op in ops.items():
        for dtype in (F16, BF16, F32, F64, I32, I64):
            f.case(f"{name}/{label(dtype)}", lambda x, y, op=op: op(x=x, y=y), f.data(dtype, 2, 3), f.data(dtype, 2, 3))
        f.case(f"{name}/broadcast", lambda x, y, op=op: op(x=x, y=y), f.data(F32, 2, 1, 3), f.data(F32, 4, 1), spec="both")
        f.case(f"{name}/scalar", lambda x, y, op=op: op(x=x, y=y), f.data(F32, 2, 3), f.data(F32))
        f.case(f"{name}/unknown_rank", lambda x, y, op=op: op(x=x, y=y), f.data(F32, 2, 3), f.data(F32, 3), spec="rank")
        f.case(f"{name}/empty", lambda x, y, op=op: op(x=x, y=y), f.data(F32, 0, 3), f.data(F32, 3), spec="batch")
        f.case(f"{name}/special", lambda x, y, op=op: op(x=x, y=y), SPECIAL[:, None], SPECIAL[None, :])
    for dtype in (I8, I16, U8, U16, U32, U64):
        for name in ("AddV2", "Sub", "Mul"):
            f.case(f"{name}/{label(dtype)}_wraps", lambda x, y, n=name: getattr(raw, n)(x=x, y=y), f.data(dtype, 3, 4, low=-100, high=100), f.data(dtype, 4, low=-100, high=100))
        for name in ("Maximum", "Minimum"):
            f.case(f"{name}/{label(dtype)}", lambda x, y, n=name: getattr(raw, n)(x=x, y=y), f.data(dtype, 3, 4, low=-100, high=100), f.data(dtype, 4, low=-100, high=100))
    f.case("Add/float32", lambda x, y: raw.Add(x=x, y=y), f.data(F32, 2, 3), f.data(F32, 3))
    f.case("Add/string", lambda x, y: raw.Add(x=x, y=y), np.array([b"a", b"bc"]), np.array([b"x", b""]))
    for dtype in (F16, F32, F64):
        nonzero = f.data(dtype, 3, 4, low=1, high=4) * np.where(f.data(np.bool_, 3, 4), 1, -1).astype(dtype)
        f.case(f"RealDiv/{label(dtype)}", lambda x, y: raw.RealDiv(x=x, y=y), f.data(dtype, 3, 4), nonzero)
        f.case(f"Div/{label(dtype)}", lambda x, y: raw.Div(x=x, y=y), f.data(dtype, 3, 4), nonzero)
        f.case(f"FloorDiv/{label(dtype)}", lambda x, y: raw.FloorDiv(x=x, y=y), f.data(dtype, 3, 4, low=-9, high=9), nonzero)
        f.case(f"FloorMod/{label(dtype)}", lambda x, y: raw.FloorMod(x=x, y=y), f.data(dtype, 3, 4, low=-9, high=9), nonzero)
        f.case(f"TruncateMod/{label(dtype)}", lambda x, y: raw.TruncateMod(x=x, y=y), f.data(dtype, 3, 4, low=-9, high=9), nonzero)
        f.case(f"DivNoNan/{label(dtype)}", lambda x, y: raw.DivNoNan(x=x, y=y), f.data(dtype, 3), np.array([0, 1, -2], dtype))
        f.case(f"Pow/{label(dtype)}", lambda x, y: raw.Pow(x=x, y=y), f.data(dtype, 3, 4, low=0.1), f.data(dtype, 4))
    f.case("RealDiv/special", lambda x, y: raw.RealDiv(x=x, y=y), SPECIAL[:, None], SPECIAL[None, :])
    f.case("DivNoNan/special", lambda x, y: raw.DivNoNan(x=x, y=y), SPECIAL[:, None], SPECIAL[None, :])
    f.case("MulNoNan/special", lambda x, y: raw.MulNoNan(x=x, y=y), SPECIAL[:, None], SPECIAL[None, :])
    f.case("Xlogy/special", lambda x, y: raw.Xlogy(x=x, y=y), np.array([0, 0, 1, 2], F32), np.array([0, np.nan, 0, 3], F32))
    f.case("Xlog1py/special", lambda x, y: raw.Xlog1py(x=x, y=y), np.array([0, 0, 1, 2], F32), np.array([-1, np.nan, 0, 3], F32))
    f.case("Xdivy/special", lambda x, y: raw.Xdivy(x=x, y=y), np.array([0, 0, 1, 2], F32), np.array([0, np.nan, 4, 3], F32))
    for dtype in (I8, I16, I32, I64, U8, U16, U32, U64):
        x = f.data(dtype, 4, 5, low=-20, high=20)
        y = np.maximum(f.data(dtype, 4, 5, low=1, high=6), 1).astype(dtype)
        if np.dtype(dtype).kind == "i":
            y = (y * np.where(f.data(np.bool_, 4, 5), 1, -1)).astype(dtype)
        for name in ("FloorDiv", "FloorMod", "TruncateDiv", "TruncateMod", "Div", "Mod"):
            f.case(f"{name}/{label(dtype)}", lambda a, b, n=name: getattr(raw, n)(x=a, y=b), x, y)
    f.case("FloorDiv/int32_extremes", lambda x, y: raw.FloorDiv(x=x, y=y), np.array([2**31 - 1, -2**31, -2**31 + 1, 123456789], I32), np.array([3, 7, -1, -10], I32))
    f.case("FloorMod/int64_large", lambda x, y: raw.FloorMod(x=x, y=y), np.array([2**62 + 1, -2**62 - 1], I64), np.array([1000003, 1000003], I64))
    for dtype in (I32, I64):
        f.case(f"Pow/{label(dtype)}", lambda x, y: raw.Pow(x=x, y=y), f.data(dtype, 3, 4), f.data(dtype, 4, low=0, high=5))
    f.case("Pow/square_constant", lambda x: tf.pow(x, 2.0), f.data(F32, 3))
    f.case("Pow/half_constant", lambda x: tf.pow(x, 0.5), np.array([0, 1, 2, 9], F32))
    f.case("Atan2/quadrants", lambda y, x: raw.Atan2(y=y, x=x), np.array([0, 1, 1, -1, -1, 0, 0.0, 3], F32), np.array([1, 1, -1, -1, 1, -1, 0, 0], F32))
    f.case("AddN/three", lambda x, y, z: raw.AddN(inputs=[x, y, z]), f.data(F32, 2, 3), f.data(F32, 2, 3), f.data(F32, 2, 3))
    f.case("AddN/one", lambda x: raw.AddN(inputs=[x]), f.data(F32, 2, 3))
    f.case("AddN/int32", lambda x, y: raw.AddN(inputs=[x, y]), f.data(I32, 2, 3), f.data(I32, 2, 3))
    f.case("AccumulateNV2/three", lambda x, y, z: raw.AccumulateNV2(inputs=[x, y, z], shape=[2, 3]), f.data(F32, 2, 3), f.data(F32, 2, 3), f.data(F32, 2, 3))
    f.case("BiasAdd/rank2", lambda x, b: raw.BiasAdd(value=x, bias=b), f.data(F32, 2, 3), f.data(F32, 3))
    f.case("BiasAdd/rank4", lambda x, b: raw.BiasAdd(value=x, bias=b), f.data(F32, 2, 4, 4, 3), f.data(F32, 3), spec="both")
    f.case("BiasAdd/nchw", lambda x, b: raw.BiasAdd(value=x, bias=b, data_format="NCHW"), f.data(F32, 2, 3, 4, 4), f.data(F32, 3))
    f.case("BiasAddV1/rank3", lambda x, b: raw.BiasAddV1(value=x, bias=b), f.data(F32, 2, 3, 4), f.data(F32, 4))
    f.case("ApproximateEqual/float32", lambda x, y: raw.ApproximateEqual(x=x, y=y, tolerance=0.1), np.array([1, 1, 1], F32), np.array([1.05, 1.2, 1], F32))
    f.case("Betainc/float32", lambda a, b, x: raw.Betainc(a=a, b=b, x=x), np.array([0.5, 2, 3], F32), np.array([1, 2, 0.5], F32), np.array([0.2, 0.5, 0.9], F32))
    for name in ("Igamma", "Igammac", "Zeta", "Polygamma"):
        a = np.array([1, 2, 3], F32) if name != "Zeta" else np.array([2, 3, 4], F32)
        f.case(f"{name}/float32", lambda a, x, n=name: getattr(raw, n)(a=a, x=x) if n != "Zeta" else raw.Zeta(x=a, q=x), a, np.array([0.5, 1.5, 4], F32))
    f.case("NextAfter/float32", lambda x, y: raw.NextAfter(x1=x, x2=y), np.array([1, -1, 0], F32), np.array([2, -2, 1], F32))
    f.case("Cross/float32", lambda x, y: raw.Cross(a=x, b=y), f.data(F32, 4, 3), f.data(F32, 4, 3))
    f.case("ClipByValue/float32", lambda x: raw.ClipByValue(t=x, clip_value_min=-1.0, clip_value_max=1.0), f.data(F32, 4, 3), spec="both")
    f.case("ClipByValue/int32", lambda x: raw.ClipByValue(t=x, clip_value_min=-1, clip_value_max=1), f.data(I32, 4, 3))


UNARY = """Abs Acos Acosh Asin Asinh Atan Atanh BesselI0 BesselI0e BesselI1 BesselI1e Ceil Cos Cosh Dawsn Digamma Elu Erf Erfc Erfinv
Exp Expint Expm1 Floor FresnelCos Inv IsFinite IsInf IsNan Lgamma Log Log1p Ndtri Neg Reciprocal Relu Relu6 Rint Round Rsqrt Selu
Sigmoid Sign Sin Sinh Softplus Softsign Spence Sqrt Square Tan Tanh OnesLike ZerosLike Identity Snapshot StopGradient PreventGradient
HardSwish""".split()


def unary(f):
    ranges = {
        "Acos": (-1, 1), "Asin": (-1, 1), "Atanh": (-0.95, 0.95), "Acosh": (1, 5), "Log": (0.01, 9), "Log1p": (-0.9, 9), "Erfinv": (-0.95, 0.95),
        "Ndtri": (0.05, 0.95), "Rsqrt": (0.1, 9), "Sqrt": (0, 9), "Lgamma": (0.1, 9), "Digamma": (0.1, 9), "Spence": (0, 5), "Expint": (0.1, 4),
    }
    arg = {"Elu": "features", "Selu": "features", "Relu": "features", "Relu6": "features", "Softplus": "features", "Softsign": "features",
           "Identity": "input", "Snapshot": "input", "StopGradient": "input", "PreventGradient": "input"}
    for name in UNARY:
        op = getattr(raw, name, None)
        if op is None:
            continue
        low, high = ranges.get(name, (-4, 4))
        key = arg.get(name, "x")
        for dtype in (F32, F64):
            f.case(f"{name}/{label(dtype)}", lambda x, op=op, key=key: op(**{key: x}), f.data(dtype, 3, 5, low=low, high=high))
        if name in ("Abs", "Neg", "Sign", "Square", "Relu", "Relu6", "OnesLike", "ZerosLike", "Identity", "Round", "Floor", "Ceil", "Rint"):
            for dtype in (I32, I64):
                f.case(f"{name}/{label(dtype)}", lambda x, op=op, key=key: op(**{key: x}), f.data(dtype, 3, 5, low=-9, high=9))
        if name in ("Sigmoid", "Tanh", "Relu", "Exp", "Sqrt", "Rsqrt", "Neg", "Abs", "Elu", "Erf", "Softplus", "Square", "Log"):
            for dtype in (F16, BF16):
                f.case(f"{name}/{label(dtype)}", lambda x, op=op, key=key: op(**{key: x}), f.data(dtype, 3, 5, low=low, high=high), rtol=2e-2, atol=2e-2)
        f.case(f"{name}/special", lambda x, op=op, key=key: op(**{key: x}), SPECIAL if name not in ("Tan", "Sin", "Cos") else SPECIAL[:-1])
    f.case("Abs/int8", lambda x: raw.Abs(x=x), np.array([-128, -1, 0, 5], I8))
    f.case("Sign/int8_unknown_rank", lambda x: raw.Sign(x=x), np.array([-128, -1, 0, 5], I8), spec="rank")
    f.case("Lgamma/negative", lambda x: raw.Lgamma(x=x), np.array([-0.5, -1.5, -2.3, 20, 100], F32))
    f.case("Digamma/negative", lambda x: raw.Digamma(x=x), np.array([-0.5, -1.5, -2.3, 20, 100], F32))
    f.case("Round/halves", lambda x: raw.Round(x=x), np.array([0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 0.4999999], F32))
    f.case("Rint/halves", lambda x: raw.Rint(x=x), np.array([0.5, 1.5, 2.5, -0.5, -1.5, -2.5], F32))
    f.case("Erf/tails", lambda x: (raw.Erf(x=x), raw.Erfc(x=x)), np.array([-6, -3, -0.1, 0, 0.1, 1, 3, 4], F32))
    f.case("Softplus/large", lambda x: raw.Softplus(features=x), np.array([-200, -30, -20, 0, 20, 30, 200], F32))
    f.case("Expm1/small", lambda x: (raw.Expm1(x=x), raw.Log1p(x=x)), np.array([1e-6, -1e-6, 1e-4, 0.3], F32), atol=1e-9)
    for alpha in (0.2, 0.0, 0.01):
        f.case(f"LeakyRelu/alpha{alpha}", lambda x, a=alpha: raw.LeakyRelu(features=x, alpha=a), f.data(F32, 3, 5))
    f.case("LeakyRelu/float64", lambda x: raw.LeakyRelu(features=x, alpha=0.3), f.data(F64, 3, 5))
    f.case("Gelu/erf", lambda x: tf.nn.gelu(x), f.data(F32, 3, 5))
    f.case("Gelu/tanh", lambda x: tf.nn.gelu(x, approximate=True), f.data(F32, 3, 5))
    f.case("Gelu/erfc", lambda x: x * 0.5 * raw.Erfc(x=-x * 0.70710678), f.data(F32, 3, 5))
    f.case("Swish/silu", lambda x: tf.nn.silu(x), f.data(F32, 3, 5))
    f.case("Swish/hard", lambda x: x * tf.nn.relu6(x + 3) / 6, f.data(F32, 3, 5))
    f.case("Mish/composed", lambda x: x * tf.math.tanh(tf.math.softplus(x)), f.data(F32, 3, 5))
    f.case("PReLU/composed", lambda x: tf.nn.relu(x) + tf.constant([0.1, 0.2, 0.3]) * -tf.nn.relu(-x), f.data(F32, 2, 3))
    f.case("LogSigmoid/composed", lambda x: tf.math.log_sigmoid(x), f.data(F32, 3, 5))
    for shape in ((3, 5), (2, 3, 4), (2, 2, 2, 3), (4,)):
        f.case(f"Softmax/rank{len(shape)}", lambda x: raw.Softmax(logits=x) if x.shape.rank else x, f.data(F32, *shape))
        f.case(f"LogSoftmax/rank{len(shape)}", lambda x: raw.LogSoftmax(logits=x), f.data(F32, *shape))
    f.case("Softmax/float64_dynamic", lambda x: raw.Softmax(logits=x), f.data(F64, 2, 3), spec="dims")
    f.case("Softmax/unknown_rank", lambda x: raw.Softmax(logits=x), f.data(F32, 2, 3), spec="rank")
    f.case("Softmax/axis1", lambda x: tf.nn.softmax(x, axis=1), f.data(F32, 2, 3, 4), spec="both")
    f.case("Softmax/masked", lambda x: raw.Softmax(logits=x), np.array([[0, -np.inf, 1], [-1e9, 0, 5]], F32))
    f.case("CheckNumerics/passes", lambda x: raw.CheckNumerics(tensor=x, message="bad"), f.data(F32, 3))
    f.case("SoftmaxCrossEntropyWithLogits/float32", lambda x, y: raw.SoftmaxCrossEntropyWithLogits(features=x, labels=tf.nn.softmax(y))[0], f.data(F32, 3, 4), f.data(F32, 3, 4))
    f.case("SparseSoftmaxCrossEntropyWithLogits/float32", lambda x, y: raw.SparseSoftmaxCrossEntropyWithLogits(features=x, labels=y)[0], f.data(F32, 3, 4), np.array([0, 3, 1], I32))
    f.case("L2Loss/float32", lambda x: raw.L2Loss(t=x), f.data(F32, 3, 4))
    f.case("L2Normalize/composed", lambda x: tf.math.l2_normalize(x, axis=-1), f.data(F32, 3, 4))
    f.case("ReluGrad/float32", lambda g, x: raw.ReluGrad(gradients=g, features=x), f.data(F32, 3, 4), f.data(F32, 3, 4))
    f.case("SigmoidGrad/float32", lambda g, x: raw.SigmoidGrad(y=g, dy=x), f.data(F32, 3, 4), f.data(F32, 3, 4))
    f.case("TanhGrad/float32", lambda g, x: raw.TanhGrad(y=g, dy=x), f.data(F32, 3, 4), f.data(F32, 3, 4))


def logic(f):
    for name in ("Equal", "NotEqual", "Less", "LessEqual", "Greater", "GreaterEqual"):
        op = getattr(raw, name)
        for dtype in (F32, F64, I32, I64, U8, I8, I16, F16):
            f.case(f"{name}/{label(dtype)}", lambda x, y, op=op: op(x=x, y=y), f.data(dtype, 3, 4, low=0, high=2).round() if np.dtype(dtype).kind == "f" else f.data(dtype, 3, 4, low=0, high=2), f.data(dtype, 4, low=0, high=2).round() if np.dtype(dtype).kind == "f" else f.data(dtype, 4, low=0, high=2))
        f.case(f"{name}/special", lambda x, y, op=op: op(x=x, y=y), SPECIAL[:, None], SPECIAL[None, :])
    for name in ("Equal", "NotEqual"):
        op = getattr(raw, name)
        f.case(f"{name}/bool", lambda x, y, op=op: op(x=x, y=y), f.data(np.bool_, 3, 4), f.data(np.bool_, 4))
        f.case(f"{name}/string", lambda x, y, op=op: op(x=x, y=y), np.array([[b"a"], [b"bc"], [b""]]), np.array([b"a", b""]))
    for name in ("LogicalAnd", "LogicalOr"):
        f.case(f"{name}/broadcast", lambda x, y, n=name: getattr(raw, n)(x=x, y=y), f.data(np.bool_, 3, 4), f.data(np.bool_, 4), spec="both")
    f.case("LogicalNot/bool", lambda x: raw.LogicalNot(x=x), f.data(np.bool_, 3, 4))
    f.case("LogicalXor/composed", lambda x, y: tf.math.logical_xor(x, y), f.data(np.bool_, 3, 4), f.data(np.bool_, 3, 4))
    for dtype in (I8, I32, I64, U8, U32, U64):
        for name in ("BitwiseAnd", "BitwiseOr", "BitwiseXor"):
            f.case(f"{name}/{label(dtype)}", lambda x, y, n=name: getattr(raw, n)(x=x, y=y), f.data(dtype, 3, 4, low=-100, high=100), f.data(dtype, 4, low=-100, high=100))
        f.case(f"Invert/{label(dtype)}", lambda x: raw.Invert(x=x), f.data(dtype, 3, 4, low=-100, high=100))
        for name in ("LeftShift", "RightShift"):
            f.case(f"{name}/{label(dtype)}", lambda x, y, n=name: getattr(raw, n)(x=x, y=y), f.data(dtype, 3, 4, low=-100, high=100), f.data(dtype, 4, low=0, high=6))
    f.case("PopulationCount/int32", lambda x: raw.PopulationCount(x=x), f.data(I32, 3, 4, low=-100, high=100))


def casts(f):
    numbers = np.array([0, 1, -1, 2.7, -2.7, 100.5, 3e4, -3e4], F32)
    small = (F16, BF16, F32, F64, I8, I16, I32, I64, U8, U16, U32, U64, np.bool_)
    for source in small:
        signed = source in (F16, BF16, F32, F64, I16, I32, I64)
        x = (np.array([0, 1, 2, 100, -1, -100]) if signed or source is I8 else np.array([0, 1, 2, 100, 1, 0])).astype(source)
        for target in small:
            if target is source:
                continue
            unsigned = target in (U8, U16, U32, U64) and (source in (F16, BF16, F32, F64))
            y = np.abs(x) if unsigned else x
            f.case(f"Cast/{label(source)}_to_{label(target)}", lambda v, t=target: tf.cast(v, tf.bfloat16 if t is BF16 else t), y)
    for target in (I32, I64):
        f.case(f"Cast/float32_to_{label(target)}_truncates", lambda v, t=target: tf.cast(v, t), numbers)
    f.case("Cast/float32_to_bool_nan", lambda v: tf.cast(v, tf.bool), np.array([0, np.nan, -0.0, np.inf, 1e-30, 0.5], F32))
    f.case("Cast/int64_to_int32_wraps", lambda v: tf.cast(v, tf.int32), np.array([2**33 + 5, -2**40 - 7, 2**31], I64))
    f.case("Cast/int32_to_uint8_wraps", lambda v: tf.cast(v, tf.uint8), np.array([255, 256, -1, 1000], I32))
    f.case("Cast/int32_to_int8_wraps", lambda v: tf.cast(v, tf.int8), np.array([127, 128, -129, 1000], I32))
    f.case("Cast/saturate", lambda v: tf.saturate_cast(v, tf.uint8), np.array([-3, 0, 300, 254.7], F32))
    f.case("Cast/float64_to_float32_precision", lambda v: tf.cast(v, tf.float32), np.array([np.pi, 1e300, -1e-300], F64))
    f.case("Cast/unknown_rank", lambda v: tf.cast(v, tf.float32), f.data(I32, 2, 3), spec="rank")
    f.case("Cast/same", lambda v: raw.Cast(x=v, DstT=tf.float32), f.data(F32, 2, 3))
    f.case("Bitcast/float32_to_int32", lambda v: raw.Bitcast(input=v, type=tf.int32), f.data(F32, 2, 3))
