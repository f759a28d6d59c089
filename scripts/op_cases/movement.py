"""Ops that move, cut, join and make elements, and ops on shapes."""
import numpy as np
import tensorflow as tf

from .recorder import BF16, F16, F32, F64, I8, I32, I64, U8

raw = tf.raw_ops


def record(f):
    slices(f)
    joins(f)
    shapes(f)
    makes(f)
    pads(f)
    selects(f)


def slices(f):
    x = f.data(F32, 4, 5, 6)
    cuts = {
        "plain": lambda x: x[1:3, :2, 3:], "negative": lambda x: x[-3:-1, :-2, -4:], "strided": lambda x: x[::2, 1::2, ::3],
        "reversed": lambda x: x[::-1, ::-2, 4:1:-1], "shrink": lambda x: x[1, :, -1], "shrink_all": lambda x: x[1, 2, 3],
        "ellipsis": lambda x: x[..., 1], "ellipsis_middle": lambda x: x[1, ..., 2:4], "new_axis": lambda x: x[:, tf.newaxis, 1],
        "new_axis_ends": lambda x: x[tf.newaxis, ..., tf.newaxis], "new_axis_mixed": lambda x: x[1, tf.newaxis, ..., tf.newaxis, 2],
        "empty_result": lambda x: x[3:1], "beyond": lambda x: x[2:100, -100:2], "whole": lambda x: x[:], "first": lambda x: x[0],
        "last": lambda x: x[:, -1, :], "reversed_beyond": lambda x: x[100:-100:-1], "reversed_shrink": lambda x: x[::-1, 0, ::-1],
    }
    for name, cut in cuts.items():
        f.case(f"StridedSlice/{name}", cut, x, spec="both")
    f.case("StridedSlice/unknown_rank", lambda x: x[1:, ..., 0], x, spec="rank")
    for dtype in (F16, BF16, F64, I8, I32, I64, U8, np.bool_):
        f.case(f"StridedSlice/{np.dtype(dtype).name}", lambda x: x[1:, ::-1], f.data(dtype, 3, 4))
    f.case("StridedSlice/string", lambda x: x[1:, ::-1], np.array([[b"a", b"b"], [b"c", b"d"], [b"e", b""]]))
    f.case("StridedSlice/dynamic_bounds", lambda x, i, j: x[i:j], x, I32(1), I32(3), spec="dims")
    f.case("StridedSlice/dynamic_index", lambda x, i: x[i, :, i], x, I32(-2), spec="dims")
    f.case("StridedSlice/dynamic_negative_stride", lambda x, i: x[i::-1], x, I32(2), spec="dims")
    f.case("StridedSlice/dynamic_step", lambda x, s: x[::s], x, I32(2))
    f.case("StridedSlice/of_shape", lambda x: tf.shape(x)[1:], x, spec="dims")
    f.case("StridedSlice/of_shape_scalar", lambda x: x * tf.cast(tf.shape(x)[0], tf.float32), x, spec="dims")
    f.case("StridedSlice/vector_index", lambda x, b, e: tf.strided_slice(x, b, e, [1, 1, 2]), x, np.array([0, 1, 0], I32), np.array([2, 5, 6], I32))
    f.case("StridedSlice/int64_bounds", lambda x, b, e: tf.strided_slice(x, b, e, np.array([1, 1, 2], I64)), x, np.array([0, 1, 0], I64), np.array([2, 5, 6], I64))
    f.case("StridedSlice/empty_input", lambda x: x[:, 1:], np.zeros((0, 4), F32), spec="batch")
    f.case("StridedSlice/zero_length_index", lambda x: tf.strided_slice(x, np.array([], I32), np.array([], I32), np.array([], I32)), x)
    f.case("Slice/plain", lambda x: tf.slice(x, [1, 0, 2], [2, -1, 3]), x, spec="both")
    f.case("Slice/to_end", lambda x: tf.slice(x, [1, 0, 2], [-1, -1, -1]), x)
    f.case("Slice/dynamic", lambda x, b, s: tf.slice(x, b, s), x, np.array([1, 1, 1], I32), np.array([2, -1, 0], I32), spec="dims")
    f.case("Slice/int64", lambda x, b, s: tf.slice(x, b, s), x, np.array([1, 1, 1], I64), np.array([2, -1, 2], I64))
    f.case("Slice/string", lambda x: tf.slice(x, [1], [2]), np.array([b"a", b"b", b"c"]))
    for axis in (0, 1, -1):
        f.case(f"Split/axis{axis}", lambda x, a=axis: raw.Split(axis=a, value=x, num_split=2), f.data(F32, 4, 2, 6), spec="both")
    f.case("Split/int64", lambda x: raw.Split(axis=1, value=x, num_split=3), f.data(I64, 2, 6))
    f.case("Split/one", lambda x: raw.Split(axis=1, value=x, num_split=1), f.data(F32, 2, 6))
    f.case("SplitV/sizes", lambda x: tf.split(x, [1, 2, 3], 1), f.data(F32, 2, 6), spec="both")
    f.case("SplitV/rest", lambda x: tf.split(x, [1, -1, 2], -1), f.data(F32, 2, 6), spec="both")
    f.case("SplitV/zero", lambda x: tf.split(x, [0, 6], -1), f.data(F32, 2, 6))
    f.case("SplitV/dynamic", lambda x, s: raw.SplitV(value=x, size_splits=s, axis=1, num_split=2), f.data(F32, 2, 6), np.array([2, 4], I32))
    f.case("Unpack/axis0", lambda x: raw.Unpack(value=x, num=3, axis=0), f.data(F32, 3, 4), spec="static")
    f.case("Unpack/axis_negative", lambda x: raw.Unpack(value=x, num=4, axis=-1), f.data(I32, 3, 4))
    f.case("Unpack/string", lambda x: raw.Unpack(value=x, num=2, axis=1), np.array([[b"a", b"b"]]))
    f.case("Unpack/dynamic", lambda x: raw.Unpack(value=x, num=4, axis=1), f.data(F32, 3, 4), spec="dims")


def joins(f):
    for axis in (0, 1, -1):
        f.case(f"ConcatV2/axis{axis}", lambda a, b, x=axis: tf.concat([a, b], x), f.data(F32, 2, 3, 4), f.data(F32, 2, 3, 4), spec="both")
        f.case(f"Pack/axis{axis}", lambda a, b, x=axis: tf.stack([a, b], x), f.data(F32, 2, 3), f.data(F32, 2, 3), spec="both")
    for dtype in (F16, BF16, F64, I8, I32, I64, U8, np.bool_):
        f.case(f"ConcatV2/{np.dtype(dtype).name}", lambda a, b: tf.concat([a, b], 0), f.data(dtype, 2, 3), f.data(dtype, 1, 3))
        f.case(f"Pack/{np.dtype(dtype).name}", lambda a, b: tf.stack([a, b], 0), f.data(dtype, 3), f.data(dtype, 3))
    f.case("ConcatV2/string", lambda a, b: tf.concat([a, b], 0), np.array([b"a"]), np.array([b"b", b""]))
    f.case("ConcatV2/with_empty", lambda a, b: tf.concat([a, b], 0), np.zeros((0, 3), F32), f.data(F32, 2, 3), spec="batch")
    f.case("ConcatV2/one", lambda a: raw.Identity(input=tf.concat([a], 0)), f.data(F32, 2, 3))
    f.case("Concat/v1", lambda a, b: raw.Concat(concat_dim=1, values=[a, b]), f.data(F32, 2, 3), f.data(F32, 2, 1))
    f.case("Pack/scalars", lambda a, b: tf.stack([a, b]), F32(1), F32(2))
    f.case("Pack/string", lambda a, b: tf.stack([a, b], 1), np.array([b"a", b"x"]), np.array([b"b", b""]))
    f.case("ParallelConcat/two", lambda a, b: raw.ParallelConcat(values=[a, b], shape=[2, 3]), f.data(F32, 1, 3), f.data(F32, 1, 3))
    f.case("DynamicStitch/two", lambda a, b: tf.dynamic_stitch([[0, 2], [1, 3]], [a, b]), f.data(F32, 2, 3), f.data(F32, 2, 3))
    f.case("DynamicStitch/overlap", lambda a, b: tf.dynamic_stitch([[0, 2], [2, 1]], [a, b]), f.data(F32, 2, 3), f.data(F32, 2, 3))
    f.case("ParallelDynamicStitch/two", lambda a, b: raw.ParallelDynamicStitch(indices=[[0, 2], [1, 3]], data=[a, b]), f.data(F32, 2, 3), f.data(F32, 2, 3))
    f.case("DynamicPartition/two", lambda x, p: tf.dynamic_partition(x, p, 2), f.data(F32, 5, 2), np.array([0, 1, 1, 0, 1], I32))


def shapes(f):
    x = f.data(F32, 2, 3, 4)
    for out in (tf.int32, tf.int64):
        f.case(f"Shape/{out.name}", lambda x, o=out: raw.Shape(input=x, out_type=o), x, spec="both")
        f.case(f"Size/{out.name}", lambda x, o=out: raw.Size(input=x, out_type=o), x, spec="both")
        f.case(f"ShapeN/{out.name}", lambda x, y, o=out: raw.ShapeN(input=[x, y], out_type=o), x, f.data(F32, 5), spec="both")
    f.case("Shape/scalar", lambda x: raw.Shape(input=x), F32(1))
    f.case("Shape/unknown_rank", lambda x: raw.Shape(input=x), x, spec="rank")
    f.case("Shape/string", lambda x: raw.Shape(input=x), np.array([b"a", b"b"]), spec="dims")
    f.case("Rank/known", lambda x: raw.Rank(input=x), x, spec="both")
    f.case("Rank/unknown", lambda x: raw.Rank(input=x), x, spec="rank")
    f.case("Reshape/static", lambda x: tf.reshape(x, [4, 6]), x, spec="both")
    f.case("Reshape/minus_one", lambda x: tf.reshape(x, [-1, 4]), x, spec="both")
    f.case("Reshape/flatten", lambda x: tf.reshape(x, [-1]), x, spec="rank")
    f.case("Reshape/to_scalar", lambda x: tf.reshape(x, []), f.data(F32, 1, 1))
    f.case("Reshape/from_shape", lambda x: tf.reshape(x, tf.stack([tf.shape(x)[0], -1])), x, spec="dims")
    f.case("Reshape/from_shape_product", lambda x: tf.reshape(x, [tf.shape(x)[0] * tf.shape(x)[1], tf.shape(x)[2]]), x, spec="dims")
    f.case("Reshape/dynamic", lambda x, s: tf.reshape(x, s), x, np.array([3, -1], I32))
    f.case("Reshape/int64", lambda x, s: tf.reshape(x, s), x, np.array([3, 8], I64))
    f.case("Reshape/empty", lambda x: tf.reshape(x, [0, 7]), np.zeros((0, 3), F32))
    f.case("Reshape/empty_zero_dim", lambda x: tf.reshape(x, tf.concat([tf.shape(x)[:1], [6]], 0)), np.zeros((0, 2, 3), F32), spec="batch")
    f.case("Reshape/string", lambda x: tf.reshape(x, [2, 1]), np.array([b"a", b"b"]))
    f.case("Reshape/bool", lambda x: tf.reshape(x, [6]), f.data(np.bool_, 2, 3))
    for axes in ([], [0], [2], [0, 2], [-1]):
        f.case("Squeeze/" + "_".join(str(a).replace("-", "m") for a in axes or ["all"]), lambda x, a=axes: raw.Squeeze(input=x, axis=a), f.data(F32, 1, 3, 1), spec="both")
    f.case("Squeeze/string", lambda x: tf.squeeze(x, 1), np.array([[b"a"], [b"b"]]))
    for axis in (0, 1, -1, -2):
        f.case(f"ExpandDims/axis{axis}", lambda x, a=axis: tf.expand_dims(x, a), f.data(F32, 2, 3), spec="both")
    f.case("ExpandDims/unknown_rank", lambda x: tf.expand_dims(x, -1), f.data(F32, 2, 3), spec="rank")
    f.case("ExpandDims/string", lambda x: tf.expand_dims(x, -1), np.array([b"a", b"b"]))
    f.case("Transpose/perm", lambda x: tf.transpose(x, [2, 0, 1]), x, spec="both")
    f.case("Transpose/default", lambda x: tf.transpose(x), x)
    f.case("Transpose/default_unknown_rank", lambda x: tf.transpose(x), x, spec="rank")
    f.case("Transpose/int32", lambda x: tf.transpose(x, [1, 0]), f.data(I32, 2, 3))
    f.case("Transpose/string", lambda x: tf.transpose(x, [1, 0]), np.array([[b"a", b"b", b"c"], [b"d", b"e", b"f"]]))
    f.case("Transpose/dynamic_perm", lambda x, p: tf.transpose(x, p), x, np.array([1, 2, 0], I32))
    f.case("Transpose/bool", lambda x: tf.transpose(x), f.data(np.bool_, 2, 3))
    f.case("InvertPermutation/int32", lambda x: tf.math.invert_permutation(x), np.array([2, 0, 1, 3], I32))
    f.case("BroadcastTo/static", lambda x: tf.broadcast_to(x, [2, 4, 3]), f.data(F32, 4, 1), spec="both")
    f.case("BroadcastTo/dynamic", lambda x, s: tf.broadcast_to(x, s), f.data(F32, 1, 3), np.array([4, 3], I32))
    f.case("BroadcastTo/int64", lambda x: tf.broadcast_to(x, [3, 2]), f.data(I64, 2))
    f.case("BroadcastTo/empty", lambda x: tf.broadcast_to(x, [0, 2]), f.data(F32, 1, 2))
    f.case("BroadcastTo/scalar", lambda x: tf.broadcast_to(x, [3, 2]), F32(5))
    f.case("BroadcastTo/bool", lambda x: tf.broadcast_to(x, [3, 2]), f.data(np.bool_, 2))
    f.case("BroadcastTo/string", lambda x: tf.broadcast_to(x, [3, 2]), np.array([b"a", b"b"]))
    f.case("BroadcastArgs/two", lambda a, b: raw.BroadcastArgs(s0=a, s1=b), np.array([2, 1, 3], I32), np.array([4, 1], I32))
    f.case("BroadcastArgs/shapes", lambda a, b: raw.BroadcastArgs(s0=tf.shape(a), s1=tf.shape(b)), f.data(F32, 2, 1), f.data(F32, 1, 3), spec="dims")
    f.case("EnsureShape/partial", lambda x: tf.ensure_shape(x, [None, 3]), f.data(F32, 2, 3), spec="rank")
    f.case("SetShape/reshape_like", lambda x: tf.reshape(x, tf.shape(x)), f.data(F32, 2, 3), spec="rank")


def makes(f):
    f.case("Range/int32", lambda a, b, c: tf.range(a, b, c), I32(1), I32(10), I32(3))
    f.case("Range/negative", lambda a, b, c: tf.range(a, b, c), I32(10), I32(0), I32(-4))
    f.case("Range/empty", lambda a, b: tf.range(a, b), I32(3), I32(3))
    f.case("Range/int64", lambda a: tf.range(a), I64(4))
    f.case("Range/float32", lambda a, b, c: tf.range(a, b, c), F32(0), F32(1), F32(0.25))
    f.case("Range/of_shape", lambda x: tf.range(tf.shape(x)[1]), f.data(F32, 2, 5), spec="dims")
    f.case("Range/float64", lambda a, b, c: tf.range(a, b, c), F64(0), F64(1), F64(0.3))
    for dtype in (F32, F64, I32, I64, np.bool_, U8, F16):
        f.case(f"Fill/{np.dtype(dtype).name}", lambda s, v: tf.fill(s, v), np.array([2, 3], I32), f.data(dtype))
    f.case("Fill/string", lambda s, v: tf.fill(s, v), np.array([2], I32), np.array(b"hi"))
    f.case("Fill/scalar", lambda v: tf.fill([], v), F32(3))
    f.case("Fill/of_shape", lambda x: tf.fill(tf.shape(x), 0.5), f.data(F32, 2, 3), spec="dims")
    f.case("Fill/empty", lambda s: tf.fill(s, 1.0), np.array([0, 3], I32))
    f.case("Zeros/of_shape", lambda x: tf.zeros([tf.shape(x)[0], 4], tf.float32), f.data(F32, 2, 3), spec="dims")
    f.case("LinSpace/float32", lambda a, b: tf.linspace(a, b, 5), F32(0), F32(1))
    f.case("LinSpace/one", lambda a, b: raw.LinSpace(start=a, stop=b, num=1), F32(3), F32(9))
    f.case("LinSpace/raw", lambda a, b, n: raw.LinSpace(start=a, stop=b, num=n), F32(-1), F32(1), I32(4))
    f.case("Tile/static", lambda x: tf.tile(x, [2, 3]), f.data(F32, 2, 3), spec="both")
    f.case("Tile/dynamic", lambda x, m: tf.tile(x, m), f.data(F32, 2, 3), np.array([1, 2], I32))
    f.case("Tile/zero", lambda x: tf.tile(x, [0, 2]), f.data(F32, 2, 3))
    f.case("Tile/int64", lambda x: tf.tile(x, [2]), f.data(I64, 3))
    f.case("Tile/bool", lambda x: tf.tile(x, [2]), f.data(np.bool_, 3))
    f.case("Tile/string", lambda x: tf.tile(x, [2]), np.array([b"a", b"b"]))
    f.case("Tile/repeat", lambda x: tf.repeat(x, 3, axis=1), f.data(F32, 2, 3), spec="both")
    f.case("Repeat/per_element", lambda x: tf.repeat(x, [1, 0, 2], axis=0), f.data(F32, 3, 2))
    f.case("Meshgrid/xy", lambda a, b: tf.meshgrid(a, b), f.data(F32, 3), f.data(F32, 4))
    f.case("OneHot/last", lambda x: tf.one_hot(x, 4), np.array([[0, 3], [-1, 4]], I32), spec="both")
    f.case("OneHot/first", lambda x: tf.one_hot(x, 4, axis=0), np.array([0, 3, 1], I64))
    f.case("OneHot/values", lambda x: tf.one_hot(x, 3, on_value=5.0, off_value=-1.0), np.array([0, 2, 7], I32))
    f.case("OneHot/int", lambda x: tf.one_hot(x, 3, dtype=tf.int64), np.array([0, 2, 7], U8))
    f.case("OneHot/bool", lambda x: tf.one_hot(x, 3, on_value=True, off_value=False), np.array([0, 2], I32))
    f.case("OneHot/dynamic_depth", lambda x, d: tf.one_hot(x, d), np.array([0, 2], I32), I32(5))
    f.case("OneHot/axis1", lambda x: tf.one_hot(x, 3, axis=1), np.array([[0, 2], [1, -2]], I32))
    f.case("Eye/square", lambda x: x @ tf.eye(3), f.data(F32, 3, 3))
    f.case("Eye/of_shape", lambda x: tf.eye(tf.shape(x)[0]), f.data(F32, 3, 2), spec="dims")
    f.case("SequenceMask/plain", lambda x: tf.sequence_mask(x, 5), np.array([0, 2, 5], I32))
    f.case("SequenceMask/from_max", lambda x: tf.sequence_mask(x), np.array([0, 2, 4], I32))
    f.case("ZerosLike/string_shape", lambda x: tf.zeros_like(x, dtype=tf.int32), np.array([b"a", b"b"]))
    f.case("OnesLike/bool", lambda x: tf.ones_like(x, dtype=tf.bool), f.data(F32, 2, 3), spec="dims")


def pads(f):
    x = f.data(F32, 2, 3, 4)
    f.case("Pad/static", lambda x: raw.Pad(input=x, paddings=[[0, 0], [1, 2], [3, 0]]), x, spec="both")
    f.case("PadV2/value", lambda x: raw.PadV2(input=x, paddings=[[0, 0], [1, 2], [3, 0]], constant_values=-7.0), x, spec="both")
    f.case("PadV2/dynamic", lambda x, p, v: raw.PadV2(input=x, paddings=p, constant_values=v), x, np.array([[1, 0], [0, 1], [2, 2]], I32), F32(2))
    f.case("Pad/int32", lambda x: tf.pad(x, [[1, 1]]), f.data(I32, 3))
    f.case("Pad/int64_paddings", lambda x, p: raw.Pad(input=x, paddings=p), f.data(F32, 3), np.array([[1, 2]], I64))
    f.case("Pad/bool", lambda x: tf.pad(x, [[1, 1]]), f.data(np.bool_, 3))
    f.case("Pad/uint8", lambda x: tf.pad(x, [[1, 1]]), f.data(U8, 3))
    f.case("Pad/string", lambda x: tf.pad(x, [[1, 1]], constant_values="."), np.array([b"a", b"b"]))
    for mode in ("REFLECT", "SYMMETRIC"):
        f.case(f"MirrorPad/{mode.lower()}", lambda x, m=mode: tf.pad(x, [[0, 1], [2, 1], [0, 3]], m), x, spec="both")
        f.case(f"MirrorPad/{mode.lower()}_int32", lambda x, m=mode: tf.pad(x, [[2, 1]], m), f.data(I32, 4))
        f.case(f"MirrorPad/{mode.lower()}_image", lambda x, m=mode: tf.pad(x, [[0, 0], [1, 1], [2, 2], [0, 0]], m), f.data(F32, 1, 4, 5, 2))
    f.case("Reverse/axes", lambda x: tf.reverse(x, [0, 2]), x, spec="both")
    f.case("Reverse/negative", lambda x: tf.reverse(x, [-1]), x)
    f.case("Reverse/bool", lambda x: tf.reverse(x, [0]), f.data(np.bool_, 4))
    f.case("Reverse/string", lambda x: tf.reverse(x, [0]), np.array([b"a", b"b", b"c"]))
    f.case("Reverse/none", lambda x: raw.ReverseV2(tensor=x, axis=np.array([], I32)), x)
    f.case("Reverse/v1", lambda x: raw.Reverse(tensor=x, dims=[True, False, True]), x)
    f.case("ReverseSequence/batch0", lambda x, n: tf.reverse_sequence(x, n, seq_axis=1, batch_axis=0), f.data(F32, 3, 5, 2), np.array([5, 2, 0], I32))
    f.case("ReverseSequence/batch1", lambda x, n: tf.reverse_sequence(x, n, seq_axis=0, batch_axis=1), f.data(F32, 5, 3), np.array([5, 2, 1], I64))
    f.case("ReverseSequence/batch2", lambda x, n: tf.reverse_sequence(x, n, seq_axis=0, batch_axis=2), f.data(F32, 4, 2, 3), np.array([4, 2, 1], I64))
    f.case("Roll/one_axis", lambda x: tf.roll(x, 2, 1), x, spec="both")
    f.case("Roll/two_axes", lambda x: tf.roll(x, [1, -1], [0, 2]), x)
    f.case("Roll/repeated_axis", lambda x: tf.roll(x, [1, 2], [2, 2]), x)
    f.case("Roll/beyond", lambda x: tf.roll(x, -11, -1), x)
    f.case("Roll/dynamic_shift", lambda x, s: tf.roll(x, s, 1), x, I32(2))
    for block in (2, 3):
        f.case(f"SpaceToDepth/block{block}", lambda x, b=block: tf.nn.space_to_depth(x, b), f.data(F32, 1, 6, 6, 2), spec="both" if block == 2 else "static")
        f.case(f"DepthToSpace/block{block}", lambda x, b=block: tf.nn.depth_to_space(x, b), f.data(F32, 1, 2, 3, 18 if block == 3 else 12), spec="batch")
    f.case("BatchToSpaceND/crops", lambda x: tf.batch_to_space(x, [2, 2], [[0, 1], [1, 0]]), f.data(F32, 8, 2, 3, 2), spec="both")
    f.case("SpaceToBatchND/pads", lambda x: tf.space_to_batch(x, [2, 3], [[0, 1], [1, 1]]), f.data(F32, 1, 3, 4, 2), spec="both")
    f.case("SpaceToBatchND/rank3", lambda x: tf.space_to_batch(x, [2], [[0, 0]]), f.data(F32, 2, 4, 3))
    f.case("BatchToSpaceND/rank3", lambda x: tf.batch_to_space(x, [2], [[0, 1]]), f.data(F32, 4, 3, 2))
    f.case("BatchToSpace/v1", lambda x: raw.BatchToSpace(input=x, crops=[[0, 0], [0, 0]], block_size=2), f.data(F32, 4, 2, 2, 1))
    f.case("SpaceToBatch/v1", lambda x: raw.SpaceToBatch(input=x, paddings=[[0, 0], [0, 0]], block_size=2), f.data(F32, 1, 4, 4, 1))
    f.case("ExtractImagePatches/valid", lambda x: tf.image.extract_patches(x, [1, 2, 2, 1], [1, 2, 2, 1], [1, 1, 1, 1], "VALID"), f.data(F32, 1, 5, 6, 2), spec="batch")
    f.case("ExtractImagePatches/same", lambda x: tf.image.extract_patches(x, [1, 3, 3, 1], [1, 2, 2, 1], [1, 1, 1, 1], "SAME"), f.data(F32, 1, 5, 6, 2))
    f.case("ExtractImagePatches/rates", lambda x: tf.image.extract_patches(x, [1, 2, 2, 1], [1, 1, 1, 1], [1, 2, 2, 1], "VALID"), f.data(F32, 1, 5, 6, 1))


def selects(f):
    for dtype in (F32, F64, I32, I64, np.bool_, U8, F16, BF16):
        f.case(f"SelectV2/{np.dtype(dtype).name}", lambda c, x, y: tf.where(c, x, y), f.data(np.bool_, 3, 4), f.data(dtype, 3, 4), f.data(dtype, 4))
    f.case("SelectV2/broadcast", lambda c, x, y: tf.where(c, x, y), f.data(np.bool_, 3, 1), f.data(F32, 4), F32(7), spec="both")
    f.case("SelectV2/string", lambda c, x: tf.where(c, x, "none"), f.data(np.bool_, 3), np.array([b"a", b"b", b"c"]))
    f.case("Select/same_shape", lambda c, x, y: raw.Select(condition=c, x=x, y=y), f.data(np.bool_, 3, 4), f.data(F32, 3, 4), f.data(F32, 3, 4))
    f.case("Select/row", lambda c, x, y: raw.Select(condition=c, x=x, y=y), np.array([True, False, True]), f.data(F32, 3, 4), f.data(F32, 3, 4), spec="both")
    f.case("Select/scalar", lambda c, x, y: raw.Select(condition=c, x=x, y=y), np.array(False), f.data(F32, 3, 4), f.data(F32, 3, 4))
    f.case("Where/bool", lambda c: tf.where(c), f.data(np.bool_, 3, 4), spec="both")
    f.case("Where/float", lambda c: tf.where(c), np.array([[0, 1.5], [-2, 0]], F32))
    f.case("Where/int", lambda c: tf.where(c), np.array([0, 3, 0, -1], I32))
    f.case("Where/none", lambda c: tf.where(c), np.array([False, False]))
    f.case("BooleanMask/rows", lambda x, m: tf.boolean_mask(x, m), f.data(F32, 4, 2), np.array([True, False, True, True]), shapes=[[None, 2], [None]])
    f.case("ListDiff/int32", lambda x, y: raw.ListDiff(x=x, y=y), np.array([1, 2, 3, 4, 5, 2], I32), np.array([2, 4], I32))
