"""Functions and factors of matrices, rare functions of numbers, gradients in the graph."""
import numpy as np
import tensorflow as tf
from tensorflow.python.framework import dtypes

from .recorder import F32, F64, I8, I32

raw = tf.raw_ops


def record(f):
    functions(f)
    products(f)
    bessel(f)
    gradients(f)


def functions(f):
    a = f.data(F32, 2, 4, 4, low=-1, high=1)
    regular = (a @ a.transpose(0, 2, 1) + 2 * np.eye(4, dtype=F32)).astype(F32)
    f.case("MatrixSquareRoot/float32", lambda x: raw.MatrixSquareRoot(input=x), regular, atol=1e-4)
    f.case("MatrixLogarithm/complex", lambda x: tf.math.real(tf.linalg.logm(tf.cast(x, tf.complex64))), regular, atol=1e-4)
    f.case("MatrixExponential/composed", lambda x: tf.linalg.expm(x), a, atol=1e-4)
    f.case("Lu/float32", lambda x: list(tf.linalg.lu(x)), a, spec="batch", atol=1e-4)
    f.case("Lu/float64_int64", lambda x: list(tf.linalg.lu(x, tf.int64)), a.astype(F64))
    f.case("Eig/sorted_values", lambda x: tf.sort(tf.math.real(tf.linalg.eigvals(x))), a, atol=1e-4)
    f.case("Eig/product", lambda x: rebuilt(x), a, atol=1e-3)
    d = f.data(F32, 2, 3, 5)
    f.case("TridiagonalMatMul/sequence", lambda d, x: tf.linalg.tridiagonal_matmul((d[:, 0], d[:, 1], d[:, 2]), x, "sequence"), d, f.data(F32, 2, 5, 2))
    f.case("TridiagonalSolve/compact", lambda d, x: tf.linalg.tridiagonal_solve(d + tf.constant([[0.0], [9], [0]]), x, "compact"), d, f.data(F32, 2, 5, 2), atol=1e-4)
    for shape in ((2, 3, 5), (2, 5, 3)):
        f.case(f"Qr/rows{shape[1]}", lambda x: list(map(tf.abs, tf.linalg.qr(x))), f.data(F32, *shape), atol=1e-4)
        f.case(f"Qr/full_rows{shape[1]}", lambda x: tf.matmul(*tf.linalg.qr(x, full_matrices=True)), f.data(F32, *shape), atol=1e-4)
    f.case("ConjugateTranspose/complex", lambda a, b: (lambda z: [tf.math.real(z), tf.math.imag(z)])(tf.transpose(tf.complex(a, b), conjugate=True)), f.data(F32, 2, 3), f.data(F32, 2, 3))
    f.case("ConjugateTranspose/real", lambda a: raw.ConjugateTranspose(x=a, perm=[1, 0]), f.data(F32, 2, 3), spec="both")


def rebuilt(x):
    values, vectors = tf.linalg.eig(x)
    return tf.math.real(tf.matmul(vectors * values[:, None], tf.linalg.inv(vectors)))


def products(f):
    x, w = f.data(I8, 3, 4, low=-120, high=120), f.data(I8, 4, 5, low=-120, high=120)
    f.case("BatchMatMulV3/int8_to_int32", lambda a, b: raw.BatchMatMulV3(x=a, y=b, Tout=tf.int32), x, w, spec="batch")
    f.case("BatchMatMulV3/int8_adjoint", lambda a, b: raw.BatchMatMulV3(x=a, y=b, Tout=tf.int32, adj_y=True), f.data(I8, 2, 3, 4, low=-99, high=99), f.data(I8, 2, 5, 4, low=-99, high=99))
    f.case("BatchMatMulV3/int8_constant", lambda a: raw.BatchMatMulV3(x=a, y=tf.constant(w), Tout=tf.int32), x, spec="batch")
    f.case("SparseMatMul/mostly_zeros", lambda a, b: raw.SparseMatMul(a=a, b=b, transpose_b=True, a_is_sparse=True), f.data(F32, 3, 4), f.data(F32, 5, 4))
    for dtype in (dtypes.float8_e4m3fn, dtypes.float8_e5m2):
        f.case(f"Cast/{dtype.name}", lambda v, d=dtype: tf.cast(tf.cast(v, d), tf.float32), np.array([0, -0.0, 1, 1.06, 1.0625, -3.3, 448, 464, 465, 1e-3, 2.0**-9, 2.0**-10, 2.0**-17, 57344, 61440, 7e4, np.inf, np.nan], F32))


def bessel(f):
    x = np.array([0.1, 0.5, 1, 2.5, 7, 20], F32)
    for name in ("BesselJ0", "BesselJ1", "BesselY0", "BesselY1", "BesselK0", "BesselK1", "BesselK0e", "BesselK1e"):
        f.case(f"{name}/positive", lambda v, n=name: getattr(raw, n)(x=v), x)


def gradients(f):
    def of(build):
        def run(x):
            return tf.gradients(tf.reduce_sum(tf.square(build(x))), x)[0]
        return run

    picture = f.data(F32, 2, 7, 6, 3)
    for padding in ("VALID", "SAME"):
        f.case(f"MaxPoolGrad/{padding}", of(lambda x, p=padding: tf.nn.max_pool2d(x, 3, 2, p)), picture, spec="both")
        f.case(f"AvgPoolGrad/{padding}", of(lambda x, p=padding: tf.nn.avg_pool2d(x, 3, 2, p)), picture, spec="both")
        f.case(f"DepthwiseConv2dNativeBackpropInput/{padding}", of(lambda x, p=padding: tf.nn.depthwise_conv2d(x, tf.constant(f.data(F32, 3, 3, 3, 2)), [1, 2, 2, 1], p)), picture)
        f.case(f"Conv2DBackpropInput/{padding}_strided", of(lambda x, p=padding: tf.nn.conv2d(x, tf.constant(f.data(F32, 3, 3, 3, 2)), 2, p)), picture, spec="batch")
    f.case("MaxPool3DGrad/SAME", of(lambda x: tf.nn.max_pool3d(x, 2, 2, "SAME")), f.data(F32, 1, 3, 4, 3, 2))
    f.case("LeakyReluGrad/alpha", of(lambda x: tf.nn.leaky_relu(x, 0.3)), f.data(F32, 3, 4))
    f.case("BiasAddGrad/rank4", lambda x: raw.BiasAddGrad(out_backprop=x), picture)
    for training in (True, False):
        f.case(f"FusedBatchNormGradV3/training_{training}", of(lambda x, t=training: tf.compat.v1.nn.fused_batch_norm(x, [1.0, 2, 3], [0.5, 0, 1], *([] if t else [[0.1, 0.2, 0.3], [1.0, 2, 3]]), is_training=t)[0]), picture, atol=1e-3)
    f.case("Saliency/small_network", of(lambda x: tf.nn.softmax(tf.reshape(tf.nn.max_pool2d(tf.nn.relu(tf.nn.bias_add(tf.nn.conv2d(x, tf.constant(f.data(F32, 3, 3, 3, 4)), 1, "SAME"), [0.1, 0.2, 0.3, 0.4])), 2, 2, "VALID"), [-1, 36]))), picture, spec="batch")
