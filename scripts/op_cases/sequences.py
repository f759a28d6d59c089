"""Label sequences, sets, ragged tensors in loops, tables of other kinds, ranks."""
import numpy as np
import tensorflow as tf

from .recorder import F32, F64, I32, I64

raw = tf.raw_ops


def record(f):
    decoding(f)
    sets(f)
    ragged(f)
    ranks(f)
    strings(f)


def decoding(f):
    logits, lengths = f.data(F32, 7, 3, 5), np.array([7, 4, 0], I32)
    logits[:, 1, 0] += 3
    for merges in (True, False):
        f.case(f"CTCGreedyDecoder/merge_{merges}", lambda x, n, m=merges: flat(raw.CTCGreedyDecoder(inputs=x, sequence_length=n, merge_repeated=m)), logits, lengths)
        f.case(f"CTCBeamSearchDecoder/merge_{merges}", lambda x, n, m=merges: flat(raw.CTCBeamSearchDecoder(inputs=x, sequence_length=n, beam_width=4, top_paths=1, merge_repeated=m)), logits, lengths)
    f.case("CTCGreedyDecoder/blank_first", lambda x, n: flat(raw.CTCGreedyDecoder(inputs=x, sequence_length=n, blank_index=0)), logits, lengths)
    f.case("CTCBeamSearchDecoder/wide_two_paths", lambda x, n: flat(raw.CTCBeamSearchDecoder(inputs=x, sequence_length=n, beam_width=30, top_paths=2, merge_repeated=False)), logits, np.array([7, 4, 1], I32))


def flat(found):
    return [v for part in found for v in (part if isinstance(part, list) else [part])]


def sets(f):
    a, b = np.array([[1, 2, 2, 3], [5, 4, 0, 0], [9, 9, 9, 9]], I32), np.array([[2, 3, 7], [6, 6, 6], [9, 1, 2]], I32)
    for operation in ("a-b", "b-a", "intersection", "union"):
        f.case(f"DenseToDenseSetOperation/{operation}", lambda x, y, o=operation: list(raw.DenseToDenseSetOperation(set1=x, set2=y, set_operation=o)), a, b, spec="batch")
    words = np.array([[b"a", b"c", b"b"], [b"a", b"a", b""]])
    f.case("DenseToDenseSetOperation/string", lambda x, y: list(raw.DenseToDenseSetOperation(set1=x, set2=y, set_operation="union")), words, words[::-1].copy())
    f.case("DenseToSparseSetOperation/int64", lambda x, v: list(raw.DenseToSparseSetOperation(set1=x, set2_indices=[[0, 0], [0, 1], [2, 0]], set2_values=v, set2_shape=[3, 2], set_operation="intersection")), a.astype(I64), np.array([3, 1, 9], I64))
    f.case("SparseToSparseSetOperation/union", lambda v, w: list(raw.SparseToSparseSetOperation(set1_indices=[[0, 0], [1, 0]], set1_values=v, set1_shape=[2, 2], set2_indices=[[0, 0], [0, 1]], set2_values=w, set2_shape=[2, 2], set_operation="union")), np.array([3, 1], I64), np.array([3, 2], I64))
    f.case("SetSize/repeated", lambda v: raw.SetSize(set_indices=[[0, 0], [0, 1], [2, 0]], set_values=v, set_shape=[3, 2]), np.array([3, 3, 9], I64))
    for normalizes in (True, False):
        f.case(f"EditDistance/normalize_{normalizes}", lambda a, b, n=normalizes: tf.edit_distance(tf.sparse.from_dense(a), tf.sparse.from_dense(b), n), np.array([[1, 2, 3, 0], [4, 0, 0, 0], [0, 0, 0, 0], [1, 0, 0, 0]], I32), np.array([[1, 3, 3, 5], [4, 4, 0, 0], [1, 2, 0, 0], [0, 0, 0, 0]], I32))


def ragged(f):
    x = f.data(F32, 4, 5)
    positive = lambda r: tf.boolean_mask(r, r > 0)
    f.case("RaggedTensorFromVariant/map_to_ragged", lambda v: parts(tf.map_fn(positive, v, fn_output_signature=tf.RaggedTensorSpec([None], tf.float32))), x, spec="batch")
    f.case("RaggedTensorFromVariant/map_of_ragged", lambda v: tf.map_fn(tf.reduce_sum, tf.RaggedTensor.from_row_lengths(tf.reshape(v, [-1]), [3, 0, 7, 10]), fn_output_signature=tf.float32), x)
    f.case("RaggedTensorFromVariant/two_levels", lambda v: parts(tf.map_fn(lambda r: tf.RaggedTensor.from_row_lengths(positive(r), [1, tf.size(positive(r)) - 1]), tf.abs(v) - 0.1, fn_output_signature=tf.RaggedTensorSpec([2, None], tf.float32))), x)
    f.case("RaggedTensorFromVariant/strings", lambda v: parts(tf.map_fn(lambda t: tf.strings.split(t), v, fn_output_signature=tf.RaggedTensorSpec([None], tf.string))), np.array([b"a b c", b"", b"d"]), spec="batch")


def parts(r):
    return list(r.nested_row_splits) + [r.flat_values]


def ranks(f):
    x = np.round(f.data(F32, 4, 11) * 4) / 4
    for k in (1, 3, 7, 10, 11):
        f.case(f"TopKV2/unsorted_{k}", lambda v, k=k: list(tf.math.top_k(v, k, sorted=False)), x, spec="batch")
    f.case("ApproxTopK/largest", lambda v: list(tf.math.approx_max_k(v, 3)), f.data(F32, 4, 11))
    for falls in (True, False):
        f.case(f"IsotonicRegression/falls_{falls}", lambda v, d=falls: list(tf.nn.isotonic_regression(v, decreasing=d)), f.data(F32, 3, 8))
    f.case("UnravelIndex/vector", lambda i: tf.unravel_index(i, [3, 4, 5]), np.array([0, 7, 59], I32))
    f.case("UnravelIndex/scalar", lambda i: tf.unravel_index(i, [3, 4]), I64(7))
    f.case("RealDiv/whole_numbers_floored", lambda x: tf.floor(tf.cast(tf.shape(x)[1], tf.float32) / (tf.cast(tf.shape(x)[1], tf.float32) / 6.0)), f.data(F32, 2, 10), spec="dims")


def strings(f):
    import gzip
    import zlib

    f.case("DecodeCompressed/zlib", lambda x: tf.io.decode_compressed(x, "ZLIB"), np.array([zlib.compress(b"hello"), zlib.compress(b"")]))
    f.case("DecodeCompressed/gzip", lambda x: tf.io.decode_compressed(x, "GZIP"), np.array([gzip.compress(b"hello world", mtime=0) + b""]))
    f.case("DecodeCompressed/none", lambda x: tf.io.decode_compressed(x, ""), np.array([b"hello"]))
    f.case("EncodeWav/stereo", lambda x: tf.audio.encode_wav(x, 8000), np.array([[0, 0.5], [-1, 1], [0.25, 2], [-3, 0.1]], F32))
    f.case("Timestamp/seconds", lambda x: raw.Timestamp() + x * 0, F64(0), random=[1e9, 1e11])
