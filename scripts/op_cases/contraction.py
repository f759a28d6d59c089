"""Reductions, sorting, sums along an axis, matrix products and linear algebra."""
import numpy as np
import tensorflow as tf

from .recorder import BF16, F16, F32, F64, I8, I32, I64, U8

raw = tf.raw_ops


def record(f):
    reductions(f)
    order(f)
    products(f)
    matrices(f)


def reductions(f):
    x = f.data(F32, 2, 3, 4)
    for name in ("Sum", "Mean", "Max", "Min", "Prod"):
        op = getattr(raw, name)
        for label, axes in (("last", [2]), ("first", 0), ("negative", [-2]), ("two", [0, 2]), ("all", [0, 1, 2]), ("none", np.array([], I32))):
            for keep in (False, True):
                f.case(f"{name}/{label}{'_keep' if keep else ''}", lambda v, o=op, a=axes, k=keep: o(input=v, axis=a, keep_dims=k), x, spec="both" if label == "two" else "static")
        for dtype in (F64, I32, I64, F16, BF16, I8, U8):
            f.case(f"{name}/{np.dtype(dtype).name}", lambda v, o=op: o(input=v, axis=[1]), f.data(dtype, 2, 3))
        f.case(f"{name}/dynamic_axes", lambda v, a, o=op: o(input=v, axis=a), x, np.array([0, -1], I32))
        f.case(f"{name}/int64_axes", lambda v, o=op: o(input=v, axis=np.array([1], I64)), x)
        f.case(f"{name}/empty_input", lambda v, o=op: o(input=v, axis=[0]), np.zeros((0, 3), F32), spec="batch")
        f.case(f"{name}/nan", lambda v, o=op: o(input=v, axis=[1]), np.array([[1, np.nan, 2], [np.inf, 1, 3]], F32))
        f.case(f"{name}/unknown_rank", lambda v, o=op: o(input=v, axis=[-1]), x, spec="rank")
        f.case(f"{name}/scalar_input", lambda v, o=op: o(input=v, axis=np.array([], I32)), F32(3))
    f.case("Sum/range_of_rank", lambda v: tf.reduce_sum(v), x, spec="rank")
    f.case("Mean/int32_rounds_to_zero", lambda v: tf.reduce_mean(v, 1), np.array([[1, 2], [-1, -2], [7, 0]], I32))
    for name in ("All", "Any"):
        for keep in (False, True):
            f.case(f"{name}/axis{'_keep' if keep else ''}", lambda v, n=name, k=keep: getattr(raw, n)(input=v, axis=[1], keep_dims=k), f.data(np.bool_, 4, 2), spec="both")
        f.case(f"{name}/all", lambda v, n=name: getattr(raw, n)(input=v, axis=[0, 1]), f.data(np.bool_, 4, 2))
        f.case(f"{name}/empty", lambda v, n=name: getattr(raw, n)(input=v, axis=[0]), np.zeros((0, 2), np.bool_))
    f.case("EuclideanNorm/axis", lambda v: raw.EuclideanNorm(input=v, axis=[1]), x)
    f.case("EuclideanNorm/all", lambda v: tf.norm(v), x)
    f.case("LogSumExp/axis", lambda v: tf.reduce_logsumexp(v, 1), x, spec="both")
    f.case("Variance/axis", lambda v: tf.math.reduce_variance(v, [1]), x)
    f.case("Std/axis", lambda v: tf.math.reduce_std(v, [0, 2], keepdims=True), x)
    f.case("Moments/axes", lambda v: tf.nn.moments(v, [0, 1]), x)
    for name in ("ArgMax", "ArgMin"):
        op = getattr(raw, name)
        for out in (tf.int32, tf.int64):
            for axis in (0, 1, -1):
                f.case(f"{name}/{out.name}_axis{axis}", lambda v, o=op, t=out, a=axis: o(input=v, dimension=a, output_type=t), x, spec="both" if axis == -1 else "static")
        f.case(f"{name}/ties", lambda v, o=op: o(input=v, dimension=1), np.array([[1, 3, 3, 1], [2, 2, 2, 2]], F32))
        f.case(f"{name}/nan", lambda v, o=op: o(input=v, dimension=1), np.array([[1, np.nan, 3], [3, 1, 2]], F32))
        for dtype in (F64, I32, I64, U8, I8, F16):
            f.case(f"{name}/{np.dtype(dtype).name}", lambda v, o=op: o(input=v, dimension=1), f.data(dtype, 3, 4))
    f.case("ArgMax/bool", lambda v: raw.ArgMax(input=v, dimension=1), f.data(np.bool_, 3, 4))
    f.case("ArgMax/dynamic_axis", lambda v, a: raw.ArgMax(input=v, dimension=a), x, I32(1))


def order(f):
    x = f.data(F32, 3, 7)
    f.case("TopKV2/two", lambda v: raw.TopKV2(input=v, k=2), x, spec="both")
    f.case("TopKV2/all_ties", lambda v: raw.TopKV2(input=v, k=4), np.array([[1, 3, 3, 1], [2, 2, 2, 2]], F32))
    f.case("TopKV2/int32", lambda v: raw.TopKV2(input=v, k=2), f.data(I32, 3, 5))
    f.case("TopKV2/int64_dynamic_k", lambda v, k: raw.TopKV2(input=v, k=k), f.data(I64, 3, 5), I32(3))
    f.case("TopKV2/vector", lambda v: raw.TopKV2(input=v, k=3), f.data(F32, 6))
    f.case("TopKV2/zero", lambda v: raw.TopKV2(input=v, k=0), f.data(F32, 6))
    f.case("TopKV2/float64", lambda v: raw.TopKV2(input=v, k=3), f.data(F64, 2, 6))
    f.case("TopKV2/uint8", lambda v: raw.TopKV2(input=v, k=3), np.array([[1, 250, 7, 130]], U8))
    f.case("InTopKV2/float32", lambda v, t: raw.InTopKV2(predictions=v, targets=t, k=2), x, np.array([0, 3, 6], I32))
    f.case("NthElement/float32", lambda v: raw.NthElement(input=v, n=2), x)
    f.case("NthElement/reverse", lambda v: raw.NthElement(input=v, n=2, reverse=True), x)
    f.case("Sort/ascending", lambda v: tf.sort(v), x)
    f.case("Sort/descending_axis0", lambda v: tf.sort(v, 0, "DESCENDING"), x)
    f.case("Argsort/stable", lambda v: tf.argsort(v, stable=True), np.array([[2, 1, 2, 1]], F32))
    for exclusive in (False, True):
        for reverse in (False, True):
            f.case(f"Cumsum/exclusive{exclusive}_reverse{reverse}", lambda v, e=exclusive, r=reverse: tf.cumsum(v, 1, e, r), x)
            f.case(f"Cumprod/exclusive{exclusive}_reverse{reverse}", lambda v, e=exclusive, r=reverse: tf.math.cumprod(v, 1, e, r), x)
    f.case("Cumsum/int32_axis0", lambda v: tf.cumsum(v, 0), f.data(I32, 3, 4), spec="both")
    f.case("Cumsum/int64_negative_axis", lambda v: tf.cumsum(v, -1), f.data(I64, 3, 4))
    f.case("Cumsum/float64_dynamic_axis", lambda v, a: tf.cumsum(v, a), f.data(F64, 3, 4), I32(1))
    f.case("CumulativeLogsumexp/axis", lambda v: tf.math.cumulative_logsumexp(v, 1), x)
    f.case("Unique/int32", lambda v: raw.Unique(x=v), np.array([3, 1, 3, 7, 1, 1], I32))
    f.case("Unique/int64_index64", lambda v: raw.Unique(x=v, out_idx=tf.int64), np.array([3, 1, 3], I64))
    f.case("Unique/string", lambda v: raw.Unique(x=v), np.array([b"b", b"a", b"b"]))
    f.case("Unique/empty", lambda v: raw.Unique(x=v), np.array([], F32))
    f.case("UniqueV2/axis", lambda v: raw.UniqueV2(x=v, axis=[0]), np.array([[1, 2], [3, 4], [1, 2]], I32))
    f.case("UniqueWithCounts/int32", lambda v: raw.UniqueWithCounts(x=v), np.array([3, 1, 3, 7, 1, 1], I32))
    f.case("SearchSorted/left", lambda s, v: tf.searchsorted(s, v), np.array([[1, 3, 5, 7]], F32), np.array([[0, 3, 4, 9]], F32))
    f.case("SearchSorted/right", lambda s, v: tf.searchsorted(s, v, "right"), np.array([[1, 3, 5, 7]], F32), np.array([[0, 3, 4, 9]], F32))
    f.case("SearchSorted/rows", lambda s, v: tf.searchsorted(s, v), np.array([[1, 3, 5], [2, 4, 6]], F32), np.array([[0, 3], [5, 9]], F32))
    f.case("Bucketize/float32", lambda v: raw.Bucketize(input=v, boundaries=[-1.0, 0.0, 2.5]), np.array([[-3, -1, -0.5], [0, 2.5, 9]], F32), spec="both")
    f.case("Bucketize/int64", lambda v: raw.Bucketize(input=v, boundaries=[1, 5]), np.array([0, 1, 5, 6], I64))
    f.case("Bucketize/none", lambda v: raw.Bucketize(input=v, boundaries=[]), np.array([0, 1], F32))
    f.case("Bucketize/nan", lambda v: raw.Bucketize(input=v, boundaries=[0.0, 1.0]), np.array([np.nan, np.inf, -np.inf], F32))
    f.case("Bincount/plain", lambda v: tf.math.bincount(v, minlength=6), np.array([1, 1, 2, 5, 1], I32))
    f.case("Bincount/weights", lambda v, w: tf.math.bincount(v, w, minlength=4, maxlength=4), np.array([1, 1, 2, 5], I32), f.data(F32, 4))
    f.case("DenseBincount/vector", lambda v: raw.DenseBincount(input=v, size=5, weights=np.array([], F32)), np.array([0, 4, 4, 9], I32))
    f.case("DenseBincount/rows", lambda v: raw.DenseBincount(input=v, size=5, weights=np.array([], F32)), np.array([[0, 4, 4], [1, 9, 1]], I64), spec="both")
    f.case("DenseBincount/binary", lambda v: raw.DenseBincount(input=v, size=5, weights=np.array([], F32), binary_output=True), np.array([[0, 4, 4], [1, 9, 1]], I32))
    f.case("DenseBincount/weights", lambda v, w: raw.DenseBincount(input=v, size=5, weights=w), np.array([[0, 4, 4], [1, 2, 1]], I32), f.data(F32, 2, 3))
    f.case("HistogramFixedWidth/float32", lambda v: raw.HistogramFixedWidth(values=v, value_range=[0.0, 5.0], nbins=5), np.array([-1, 0, 1.5, 2, 5, 15], F32))


def products(f):
    for ta in (False, True):
        for tb in (False, True):
            a = f.data(F32, 3, 2) if ta else f.data(F32, 2, 3)
            b = f.data(F32, 4, 3) if tb else f.data(F32, 3, 4)
            f.case(f"MatMul/transpose_{ta}_{tb}", lambda a, b, x=ta, y=tb: raw.MatMul(a=a, b=b, transpose_a=x, transpose_b=y), a, b, spec="both")
            a3 = f.data(F32, 2, 3, 2) if ta else f.data(F32, 2, 2, 3)
            b3 = f.data(F32, 2, 4, 3) if tb else f.data(F32, 2, 3, 4)
            f.case(f"BatchMatMulV2/adjoint_{ta}_{tb}", lambda a, b, x=ta, y=tb: raw.BatchMatMulV2(x=a, y=b, adj_x=x, adj_y=y), a3, b3, spec="both")
    for dtype in (F16, BF16, F64, I32, I64):
        f.case(f"MatMul/{np.dtype(dtype).name}", lambda a, b: raw.MatMul(a=a, b=b), f.data(dtype, 2, 3), f.data(dtype, 3, 4))
    f.case("MatMul/empty_rows", lambda a: a @ tf.ones([3, 2]), np.zeros((0, 3), F32), spec="batch")
    f.case("MatMul/inner_zero", lambda a, b: a @ b, np.zeros((2, 0), F32), np.zeros((0, 3), F32))
    f.case("BatchMatMul/v1", lambda a, b: raw.BatchMatMul(x=a, y=b), f.data(F32, 2, 2, 3), f.data(F32, 2, 3, 4))
    f.case("BatchMatMulV2/broadcast", lambda a, b: raw.BatchMatMulV2(x=a, y=b), f.data(F32, 5, 1, 2, 3), f.data(F32, 4, 3, 2), spec="both")
    f.case("BatchMatMulV2/unknown_rank", lambda a, b: raw.BatchMatMulV2(x=a, y=b), f.data(F32, 2, 2, 3), f.data(F32, 2, 3, 2), spec="rank")
    f.case("BatchMatMulV2/adjoint_unknown_rank", lambda a, b: raw.BatchMatMulV2(x=a, y=b, adj_y=True), f.data(F32, 2, 2, 3), f.data(F32, 2, 2, 3), spec="rank")
    f.case("BatchMatMulV2/int32", lambda a, b: raw.BatchMatMulV2(x=a, y=b), f.data(I32, 2, 2, 3), f.data(I32, 2, 3, 2))
    f.case("BatchMatMulV3/float32", lambda a, b: raw.BatchMatMulV3(x=a, y=b, Tout=tf.float32, adj_y=True), f.data(F32, 2, 2, 3), f.data(F32, 2, 2, 3))
    f.case("MatVec/float32", lambda a, b: tf.linalg.matvec(a, b), f.data(F32, 2, 3), f.data(F32, 3))
    f.case("Tensordot/axes", lambda a, b: tf.tensordot(a, b, [[2], [0]]), f.data(F32, 2, 3, 4), f.data(F32, 4, 5), spec="both")
    f.case("Tensordot/two_axes", lambda a, b: tf.tensordot(a, b, 2), f.data(F32, 2, 3, 4), f.data(F32, 3, 4, 5))
    for equation, sa, sb in (
        ("ij,jk->ik", (2, 3), (3, 4)), ("bij,bjk->bik", (2, 3, 4), (2, 4, 5)), ("abc,cde->abde", (2, 3, 4), (4, 5, 6)),
        ("abcd,cde->abe", (2, 3, 4, 5), (4, 5, 6)), ("aecd,abcd->acbe", (2, 3, 4, 5), (2, 6, 4, 5)), ("acbe,aecd->abcd", (2, 4, 6, 3), (2, 3, 4, 5)),
        ("i,j->ij", (3,), (4,)), ("ij,ij->", (2, 3), (2, 3)), ("ij,ij->ij", (2, 3), (2, 3)), ("...x,xy->...y", (2, 3, 4), (4, 5)),
        ("bhqd,bhkd->bhqk", (2, 2, 3, 4), (2, 2, 5, 4)), ("ij,k->ik", (2, 3), (4,)), ("btnh,nhd->btd", (2, 3, 2, 4), (2, 4, 5)),
    ):
        name = equation.replace("->", "_to_").replace(",", "_").replace("...", "E")
        f.case(f"Einsum/{name}", lambda a, b, e=equation: tf.raw_ops.Einsum(inputs=[a, b], equation=e), f.data(F32, *sa), f.data(F32, *sb), spec="both")
    for equation, shape in (("ij->ji", (2, 3)), ("ii->i", (3, 3)), ("ii->", (3, 3)), ("ijk->ik", (2, 3, 4)), ("...ij->...ji", (2, 3, 4)), ("ij->", (2, 3))):
        f.case(f"Einsum/one_{equation.replace('->', '_to_').replace('...', 'E')}", lambda a, e=equation: tf.raw_ops.Einsum(inputs=[a], equation=e), f.data(F32, *shape))
    f.case("Einsum/broadcast_ellipsis", lambda a, b: raw.Einsum(inputs=[a, b], equation="...ij,...jk->...ik"), f.data(F32, 5, 2, 3), f.data(F32, 3, 4))
    f.case("Einsum/float64", lambda a, b: raw.Einsum(inputs=[a, b], equation="ij,jk->ik"), f.data(F64, 2, 3), f.data(F64, 3, 2))
    f.case("Einsum/int32", lambda a, b: raw.Einsum(inputs=[a, b], equation="ij,jk->ik"), f.data(I32, 2, 3), f.data(I32, 3, 2))


def matrices(f):
    x = f.data(F32, 2, 4, 5)
    for low, high in ((-1, 0), (0, -1), (1, 1), (0, 0), (2, -1)):
        f.case(f"MatrixBandPart/{low}_{high}".replace("-1", "all"), lambda v, a=low, b=high: tf.linalg.band_part(v, a, b), x, spec="both" if (low, high) == (-1, 0) else "static")
    f.case("MatrixBandPart/bool", lambda v: tf.linalg.band_part(v, -1, 0), f.data(np.bool_, 3, 3))
    f.case("MatrixBandPart/int32", lambda v: tf.linalg.band_part(v, 0, -1), f.data(I32, 3, 3))
    f.case("MatrixBandPart/dynamic", lambda v, a: tf.linalg.band_part(v, a, 0), f.data(F32, 3, 3), I64(1))
    f.case("MatrixDiag/v1", lambda v: raw.MatrixDiag(diagonal=v), f.data(F32, 2, 3))
    f.case("MatrixDiagV3/main", lambda v: tf.linalg.diag(v), f.data(F32, 2, 3), spec="both")
    f.case("MatrixDiagV3/offset", lambda v: tf.linalg.diag(v, k=1), f.data(F32, 3))
    f.case("MatrixDiagV3/padding", lambda v: tf.linalg.diag(v, padding_value=9.0), f.data(F32, 3))
    f.case("MatrixDiagPart/v1", lambda v: raw.MatrixDiagPart(input=v), x)
    f.case("MatrixDiagPartV3/main", lambda v: tf.linalg.diag_part(v), x, spec="both")
    f.case("MatrixDiagPartV3/offset", lambda v: tf.linalg.diag_part(v, k=-1), x)
    f.case("MatrixSetDiagV3/main", lambda v, d: tf.linalg.set_diag(v, d), f.data(F32, 2, 3, 3), f.data(F32, 2, 3))
    f.case("Diag/vector", lambda v: raw.Diag(diagonal=v), f.data(F32, 3))
    f.case("DiagPart/matrix", lambda v: raw.DiagPart(input=v), f.data(F32, 3, 3))
    spd = f.data(F32, 2, 3, 3)
    spd = spd @ spd.transpose(0, 2, 1) + 2 * np.eye(3, dtype=F32)
    f.case("MatrixInverse/batch", lambda v: tf.linalg.inv(v), spd)
    f.case("MatrixInverse/adjoint_float64", lambda v: tf.linalg.inv(v, adjoint=True), spd.astype(F64))
    f.case("MatrixDeterminant/batch", lambda v: tf.linalg.det(v), spd)
    f.case("Cholesky/batch", lambda v: tf.linalg.cholesky(v), spd)
    f.case("MatrixSolve/batch", lambda v, b: tf.linalg.solve(v, b), spd, f.data(F32, 2, 3, 2))
    f.case("MatrixTriangularSolve/lower", lambda v, b: tf.linalg.triangular_solve(v, b), spd, f.data(F32, 2, 3, 2))
    f.case("MatrixTriangularSolve/upper", lambda v, b: tf.linalg.triangular_solve(v, b, lower=False), spd, f.data(F32, 2, 3, 2))
    f.case("Trace/composed", lambda v: tf.linalg.trace(v), f.data(F32, 2, 3, 3))
    f.case("LogMatrixDeterminant/batch", lambda v: tf.linalg.slogdet(v), spd)
