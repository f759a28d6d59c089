"""Gather, scatter, segments, sparse and ragged forms."""
import numpy as np
import tensorflow as tf

from .recorder import BF16, F16, F32, F64, I8, I32, I64, U8

raw = tf.raw_ops


def record(f):
    gathers(f)
    scatters(f)
    segments(f)
    sparse(f)
    ragged(f)


def gathers(f):
    x = f.data(F32, 4, 3, 5)
    for axis in (0, 1, -1):
        for dtype in (I32, I64):
            f.case(f"GatherV2/axis{axis}_{np.dtype(dtype).name}", lambda p, i, a=axis: tf.gather(p, i, axis=a), x, np.array([[2, 0], [1, 1]], dtype), spec="both" if dtype is I32 else "static")
    for dtype in (F16, BF16, F64, I8, I32, I64, U8, np.bool_):
        f.case(f"GatherV2/{np.dtype(dtype).name}", lambda p, i: tf.gather(p, i), f.data(dtype, 4, 3), np.array([3, 0], I32))
    f.case("GatherV2/string", lambda p, i: tf.gather(p, i), np.array([b"a", b"b", b"c"]), np.array([2, 0], I32))
    f.case("GatherV2/scalar_index", lambda p, i: tf.gather(p, i, axis=1), x, I32(2))
    f.case("GatherV2/empty_indices", lambda p, i: tf.gather(p, i), x, np.array([], I32))
    f.case("GatherV2/constant_indices", lambda p: tf.gather(p, [2, 0], axis=1), x, spec="batch")
    f.case("GatherV2/dynamic_axis", lambda p, i, a: raw.GatherV2(params=p, indices=i, axis=a), x, np.array([1], I32), I32(1))
    f.case("GatherV2/batch1", lambda p, i: tf.gather(p, i, batch_dims=1, axis=1), x, np.array([[2, 0], [1, 1], [0, 0], [2, 2]], I32), spec="both")
    f.case("GatherV2/batch1_axis2", lambda p, i: tf.gather(p, i, batch_dims=1, axis=2), x, np.array([[4, 0], [1, 1], [0, 0], [2, 2]], I32))
    f.case("GatherV2/batch2", lambda p, i: tf.gather(p, i, batch_dims=2, axis=2), x, f.data(I32, 4, 3, 2, low=0, high=4))
    f.case("GatherV2/batch1_vector", lambda p, i: tf.gather(p, i, batch_dims=1), f.data(F32, 3, 4), np.array([1, 3, 0], I32))
    f.case("Gather/v1", lambda p, i: raw.Gather(params=p, indices=i), x, np.array([1, 3], I64))
    f.case("GatherNd/elements", lambda p, i: tf.gather_nd(p, i), x, np.array([[0, 1, 2], [3, 2, 4]], I32), spec="both")
    f.case("GatherNd/slices", lambda p, i: tf.gather_nd(p, i), x, np.array([[[0, 1]], [[3, 2]]], I64))
    f.case("GatherNd/string", lambda p, i: tf.gather_nd(p, i), np.array([[b"a", b"b"], [b"c", b"d"]]), np.array([[1, 0], [0, 1]], I32))
    f.case("GatherNd/batch1", lambda p, i: tf.gather_nd(p, i, batch_dims=1), x, np.array([[[0]], [[1]], [[2]], [[1]]], I32))
    f.case("GatherNd/empty_index", lambda p, i: tf.gather_nd(p, i), f.data(F32, 2, 2), np.zeros((2, 0), I32))
    f.case("EmbeddingLookup/composed", lambda i: tf.nn.embedding_lookup(tf.constant(f.rng.random((5, 3)).astype(F32)), i), np.array([[0, 4], [2, 2]], I64), spec="dims")


def scatters(f):
    index = np.array([[1], [3], [1]], I32)
    f.case("ScatterNd/adds", lambda i, u: tf.scatter_nd(i, u, [5]), index, f.data(F32, 3), spec="both")
    f.case("ScatterNd/slices", lambda i, u: tf.scatter_nd(i, u, [5, 2]), index, f.data(F32, 3, 2))
    f.case("ScatterNd/two_indices", lambda i, u: tf.scatter_nd(i, u, [3, 3]), np.array([[0, 1], [2, 2]], I64), f.data(F32, 2), shapes=None)
    f.case("ScatterNd/int32", lambda i, u: tf.scatter_nd(i, u, [5]), index, f.data(I32, 3))
    f.case("ScatterNd/int64", lambda i, u: tf.scatter_nd(i, u, np.array([5], I64)), index.astype(I64), f.data(I64, 3))
    f.case("ScatterNd/bool", lambda i, u: raw.ScatterNd(indices=i, updates=u, shape=[5]), np.array([[1], [3]], I32), np.array([True, True]))
    f.case("ScatterNd/dynamic_shape", lambda i, u, s: tf.scatter_nd(i, u, s), index, f.data(F32, 3), np.array([6], I32))
    unique = np.array([[0], [4]], I32)
    for name in ("TensorScatterUpdate", "TensorScatterAdd", "TensorScatterSub", "TensorScatterMax", "TensorScatterMin"):
        for dtype in (F32, I32):
            f.case(f"{name}/{np.dtype(dtype).name}", lambda t, i, u, n=name: getattr(raw, n)(tensor=t, indices=i, updates=u), f.data(dtype, 5, 2), unique, f.data(dtype, 2, 2), spec="both" if dtype is F32 else "static")
        if name != "TensorScatterUpdate":
            f.case(f"{name}/repeated", lambda t, i, u, n=name: getattr(raw, n)(tensor=t, indices=i, updates=u), f.data(F32, 5), index, f.data(F32, 3))
    f.case("TensorScatterUpdate/string", lambda t, i, u: raw.TensorScatterUpdate(tensor=t, indices=i, updates=u), np.array([b"a", b"b", b"c"]), np.array([[1]], I32), np.array([b"x"]))
    f.case("TensorScatterUpdate/bool", lambda t, i, u: raw.TensorScatterUpdate(tensor=t, indices=i, updates=u), f.data(np.bool_, 3), np.array([[1]], I32), np.array([True]))
    f.case("StridedSliceGrad/steps", lambda n, v: raw.StridedSliceGrad(shape=n, begin=[0, 3], end=[4, 0], strides=[2, -1], dy=v), np.array([4, 5], I32), np.arange(6, dtype=F32).reshape(2, 3))
    f.case("StridedSliceGrad/shrunk", lambda v: tf.gradients(tf.reduce_sum(v[1, ..., None, :2] ** 2), v)[0], np.arange(12, dtype=F32).reshape(2, 2, 3))
    f.case("TensorStridedSliceUpdate/rows", lambda x, v: raw.TensorStridedSliceUpdate(input=x, begin=[1], end=[3], strides=[1], value=v), f.data(F32, 4, 2), f.data(F32, 2, 2))
    f.case("InplaceUpdate/rows", lambda x, v: raw.InplaceUpdate(x=x + 0, i=[1, 2], v=v), f.data(F32, 4, 2), f.data(F32, 2, 2))
    f.case("InplaceAdd/rows", lambda x, v: raw.InplaceAdd(x=x + 0, i=[1, 2], v=v), f.data(F32, 4, 2), f.data(F32, 2, 2))


def segments(f):
    x = f.data(F32, 5, 2)
    ids = np.array([0, 0, 1, 3, 3], I32)
    for name in ("SegmentSum", "SegmentMean", "SegmentMax", "SegmentMin", "SegmentProd"):
        f.case(f"{name}/float32", lambda v, s, n=name: getattr(raw, n)(data=v, segment_ids=s), x, ids, spec="both")
        if name != "SegmentMean":
            f.case(f"{name}/int32", lambda v, s, n=name: getattr(raw, n)(data=v, segment_ids=s), f.data(I32, 5), ids.astype(I64))
    for name in ("UnsortedSegmentSum", "UnsortedSegmentMax", "UnsortedSegmentMin", "UnsortedSegmentProd"):
        f.case(f"{name}/float32", lambda v, s, n=name: getattr(raw, n)(data=v, segment_ids=s, num_segments=5), x, np.array([4, 0, 4, -1, 2], I32), spec="both")
        f.case(f"{name}/matrix_ids", lambda v, s, n=name: getattr(raw, n)(data=v, segment_ids=s, num_segments=3), f.data(F32, 2, 3, 2), np.array([[0, 1, 0], [2, 2, 1]], I32))
        f.case(f"{name}/int32", lambda v, s, n=name: getattr(raw, n)(data=v, segment_ids=s, num_segments=3), f.data(I32, 4), np.array([0, 2, 0, 2], I32))
        f.case(f"{name}/dynamic_count", lambda v, s, c, n=name: getattr(raw, n)(data=v, segment_ids=s, num_segments=c), x, ids, I32(4))
    f.case("UnsortedSegmentMean/composed", lambda v, s: tf.math.unsorted_segment_mean(v, s, 4), x, ids)
    for name in ("SparseSegmentSum", "SparseSegmentMean", "SparseSegmentSqrtN"):
        f.case(f"{name}/float32", lambda v, i, s, n=name: getattr(raw, n)(data=v, indices=i, segment_ids=s), x, np.array([0, 4, 2, 1], I32), np.array([0, 0, 1, 2], I32))
        f.case(f"{name}WithNumSegments/float32", lambda v, i, s, n=name: getattr(raw, n + "WithNumSegments")(data=v, indices=i, segment_ids=s, num_segments=4), x, np.array([0, 4, 2, 1], I32), np.array([0, 0, 1, 2], I32))


def sparse(f):
    indices = np.array([[0, 1], [1, 0], [1, 3]], I64)
    values = f.data(F32, 3)
    f.case("SparseToDense/matrix", lambda i, v: raw.SparseToDense(sparse_indices=i, output_shape=np.array([2, 4], I64), sparse_values=v, default_value=-1.0), indices, values, spec="both")
    f.case("SparseToDense/vector", lambda i, v: raw.SparseToDense(sparse_indices=i, output_shape=[5], sparse_values=v, default_value=0), np.array([1, 3], I32), np.array([7, 8], I32))
    f.case("SparseToDense/scalar_value", lambda i: raw.SparseToDense(sparse_indices=i, output_shape=[5], sparse_values=1.0, default_value=0.0), np.array([1, 3], I32))
    f.case("SparseToDense/string", lambda i, v: raw.SparseToDense(sparse_indices=i, output_shape=np.array([2, 4], I64), sparse_values=v, default_value=b"-"), indices, np.array([b"a", b"b", b"c"]))
    f.case("SparseTensorDenseMatMul/plain", lambda i, v, b: raw.SparseTensorDenseMatMul(a_indices=i, a_values=v, a_shape=np.array([2, 4], I64), b=b), indices, values, f.data(F32, 4, 3))
    f.case("SparseTensorDenseMatMul/adjoint", lambda i, v, b: raw.SparseTensorDenseMatMul(a_indices=i, a_values=v, a_shape=np.array([2, 4], I64), b=b, adjoint_a=True), indices, values, f.data(F32, 2, 3))
    f.case("SparseReshape/plain", lambda i: raw.SparseReshape(input_indices=i, input_shape=np.array([2, 4], I64), new_shape=np.array([4, -1], I64)), indices)
    f.case("SparseReduceSum/axis", lambda i, v: raw.SparseReduceSum(input_indices=i, input_values=v, input_shape=np.array([2, 4], I64), reduction_axes=[1]), indices, values)
    f.case("SparseFillEmptyRows/plain", lambda i, v: raw.SparseFillEmptyRows(indices=i, values=v, dense_shape=np.array([4, 4], I64), default_value=9.0), indices, values)
    f.case("SparseConcat/axis1", lambda i, v: raw.SparseConcat(indices=[i, i], values=[v, v], shapes=[np.array([2, 4], I64)] * 2, concat_dim=1), indices, values)
    f.case("SparseSlice/plain", lambda i, v: raw.SparseSlice(indices=i, values=v, shape=np.array([2, 4], I64), start=np.array([0, 1], I64), size=np.array([2, 3], I64)), indices, values)
    f.case("SparseReorder/plain", lambda i, v: raw.SparseReorder(input_indices=i, input_values=v, input_shape=np.array([2, 4], I64)), indices[::-1].copy(), values)
    f.case("SparseSoftmax/plain", lambda i, v: raw.SparseSoftmax(sp_indices=i, sp_values=v, sp_shape=np.array([2, 4], I64)), indices, values)
    f.case("EmbeddingLookupSparse/mean", lambda v: tf.nn.embedding_lookup_sparse(tf.constant(f.rng.random((5, 3)).astype(F32)), tf.SparseTensor(indices, v, [2, 4]), None, combiner="mean"), np.array([4, 0, 2], I64))
    f.case("SafeEmbeddingLookupSparse/sum", lambda v: tf.nn.safe_embedding_lookup_sparse(tf.constant(f.rng.random((5, 3)).astype(F32)), tf.SparseTensor(indices, v, [3, 4]), None, combiner="sum"), np.array([4, 0, 2], I64))
    f.case("DenseToSparse/round_trip", lambda x: tf.sparse.to_dense(tf.sparse.from_dense(x)), np.array([[0, 1, 0], [2, 0, 3]], F32), spec="dims")
    f.case("SparseCross/string", lambda a, b: tf.sparse.to_dense(tf.sparse.cross([a, b]), default_value=""), np.array([[b"a"], [b"b"]]), np.array([[b"x"], [b"y"]]))


def ragged(f):
    f.case("RaggedTensorToTensor/rows", lambda v, s: tf.RaggedTensor.from_row_splits(v, s, validate=False).to_tensor(-1.0), f.data(F32, 5), np.array([0, 2, 2, 5], I64))
    f.case("RaggedTensorToTensor/shape", lambda v, s: tf.RaggedTensor.from_row_splits(v, s, validate=False).to_tensor(-1.0, shape=[None, 2]), f.data(F32, 5), np.array([0, 2, 2, 5], I64))
    f.case("RaggedTensorToTensor/value_rowids", lambda v, r: tf.RaggedTensor.from_value_rowids(v, r, nrows=4, validate=False).to_tensor(), f.data(F32, 4), np.array([0, 0, 2, 3], I64))
    f.case("RaggedTensorToTensor/string", lambda v, s: tf.RaggedTensor.from_row_splits(v, s, validate=False).to_tensor("."), np.array([b"a", b"b", b"c"]), np.array([0, 1, 3], I64))
    f.case("RaggedTensorToTensor/inner", lambda v, s: tf.RaggedTensor.from_row_splits(v, s, validate=False).to_tensor(), f.data(F32, 4, 2), np.array([0, 1, 4], I64))
    f.case("RaggedRange/plain", lambda a, b: raw.RaggedRange(starts=a, limits=b, deltas=1), np.array([0, 5, 2], I32), np.array([3, 5, 4], I32))
    f.case("RaggedGather/rows", lambda v, s, i: tf.gather(tf.RaggedTensor.from_row_splits(v, s, validate=False), i).to_tensor(), f.data(F32, 5), np.array([0, 2, 2, 5], I64), np.array([2, 0], I64))
    f.case("RaggedReduce/mean", lambda v, s: tf.reduce_mean(tf.RaggedTensor.from_row_splits(v, s, validate=False), axis=1), f.data(F32, 5), np.array([0, 2, 4, 5], I64))
    f.case("RaggedTensorToSparse/rows", lambda v, s: tf.sparse.to_dense(tf.RaggedTensor.from_row_splits(v, s, validate=False).to_sparse()), f.data(F32, 5), np.array([0, 2, 2, 5], I64))
