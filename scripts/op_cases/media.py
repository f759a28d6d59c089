"""Encoded pictures, tf.Example, CSV, JSON and other parsed records, signal processing and random numbers."""
import io

import numpy as np
import tensorflow as tf
from PIL import Image

from .recorder import F32, F64, I32, I64, U8

raw = tf.raw_ops


def record(f):
    pictures(f)
    examples(f)
    signals(f)
    randoms(f)


def encoded(array, kind, **options):
    out = io.BytesIO()
    Image.fromarray(array).save(out, kind, **options)
    return out.getvalue()


def pictures(f):
    y, x = np.mgrid[0:19, 0:23]
    colour = np.stack([x * 10, y * 12, (x + y) * 5], -1).astype(U8)
    grey = colour[..., 1]
    alpha = np.concatenate([colour, np.full((19, 23, 1), 128, U8)], -1)
    jpeg, png = encoded(colour, "JPEG", quality=95, subsampling=0), encoded(colour, "PNG")
    upright = np.ascontiguousarray(colour[::-1, 3:])  # A .npz loses zeros at the end of a string, so no recording ends in them.
    lossy = dict(rtol=0.0, atol=3.0)
    f.case("DecodeJpeg/colour", lambda x: tf.cast(tf.io.decode_jpeg(x), tf.float32), np.array(jpeg, object).astype("S"), **lossy)
    f.case("DecodeJpeg/accurate", lambda x: tf.cast(tf.io.decode_jpeg(x, channels=3, dct_method="INTEGER_ACCURATE"), tf.float32), np.array(jpeg), **lossy)
    f.case("DecodeJpeg/to_grey", lambda x: tf.cast(tf.io.decode_jpeg(x, channels=1), tf.float32), np.array(jpeg), **lossy)
    f.case("DecodeJpeg/grey_to_colour", lambda x: tf.cast(tf.io.decode_jpeg(x, channels=3), tf.float32), np.array(encoded(grey, "JPEG", quality=95)), **lossy)
    f.case("DecodeJpeg/grey", lambda x: tf.cast(tf.io.decode_jpeg(x), tf.float32), np.array(encoded(grey, "JPEG", quality=95)), **lossy)
    f.case("DecodePng/colour", lambda x: tf.io.decode_png(x), np.array(png))
    f.case("DecodePng/grey", lambda x: tf.io.decode_png(x), np.array(encoded(grey, "PNG")))
    f.case("DecodePng/alpha", lambda x: tf.io.decode_png(x), np.array(encoded(alpha, "PNG")))
    f.case("DecodePng/alpha_dropped", lambda x: tf.io.decode_png(x, channels=3), np.array(encoded(alpha, "PNG")))
    f.case("DecodePng/grey_to_colour", lambda x: tf.io.decode_png(x, channels=3), np.array(encoded(grey, "PNG")))
    f.case("DecodePng/uint16", lambda x: tf.io.decode_png(x, dtype=tf.uint16), np.array(encoded((grey.astype(np.uint16) * 200), "PNG")))
    f.case("DecodeImage/png", lambda x: tf.io.decode_image(x, channels=3, expand_animations=False), np.array(png))
    f.case("DecodeImage/bmp", lambda x: tf.io.decode_image(x, channels=3, expand_animations=False), np.array(encoded(upright, "BMP")))
    f.case("DecodeImage/float", lambda x: tf.io.decode_image(x, channels=3, dtype=tf.float32, expand_animations=False), np.array(png))
    f.case("DecodeBmp/colour", lambda x: tf.io.decode_bmp(x), np.array(encoded(upright, "BMP")))
    gif = encoded(np.where(colour[..., 0] > 99, 255, 0).astype(U8), "GIF")
    f.case("DecodeGif/one_frame", lambda x: tf.io.decode_gif(x), np.array(gif))
    f.case("DecodeImage/gif_animated", lambda x: tf.io.decode_image(x), np.array(gif))
    f.case("DecodeJpeg/resized", lambda x: tf.image.resize(tf.io.decode_jpeg(x, channels=3), [8, 8]), np.array(jpeg), **lossy)

    def batch(x):
        decode = lambda s: tf.image.resize(tf.io.decode_png(s, channels=3), [6, 6])
        return tf.map_fn(decode, x, fn_output_signature=tf.TensorSpec([6, 6, 3], tf.float32))

    f.case("DecodePng/mapped", batch, np.array([png, encoded(colour[:9], "PNG")]), spec="batch")
    f.case("ExtractJpegShape/colour", lambda x: tf.io.extract_jpeg_shape(x), np.array(jpeg))
    f.case("EncodePng/round_trip", lambda x: tf.io.decode_png(tf.io.encode_png(x)), colour)
    f.case("DecodeAndCropJpeg/window", lambda x: tf.cast(tf.io.decode_and_crop_jpeg(x, [2, 3, 8, 10], channels=3), tf.float32), np.array(jpeg), **lossy)


def examples(f):
    def example(**features):
        kinds = {"f": lambda v: tf.train.Feature(float_list=tf.train.FloatList(value=v)), "i": lambda v: tf.train.Feature(int64_list=tf.train.Int64List(value=v)), "s": lambda v: tf.train.Feature(bytes_list=tf.train.BytesList(value=v))}
        made = {k: kinds[k[0]](v) for k, v in sorted(features.items())}
        made["sz"] = kinds["s"]([b"end"])
        return tf.train.Example(features=tf.train.Features(feature=made)).SerializeToString(deterministic=True)

    rows = np.array([example(f=[1.5, 2.5], i=[7], s=[b"x"]), example(f=[3.0, -1.0], i=[8], s=[b"yy"]), example(f=[0.0, 9.0], s=[b"z"])])
    fixed = {"f": tf.io.FixedLenFeature([2], tf.float32), "i": tf.io.FixedLenFeature([], tf.int64, -1), "s": tf.io.FixedLenFeature([1], tf.string)}
    f.case("ParseExampleV2/dense", lambda x: [v for _, v in sorted(tf.io.parse_example(x, fixed).items())], rows, spec="batch")
    f.case("ParseSingleExample/dense", lambda x: [v for _, v in sorted(tf.io.parse_single_example(x, fixed).items())], rows[0])
    sparse = {"i": tf.io.VarLenFeature(tf.int64), "f": tf.io.VarLenFeature(tf.float32)}

    def parse_sparse(x):
        found = tf.io.parse_example(x, sparse)
        return [found["i"].indices, found["i"].values, found["i"].dense_shape, tf.sparse.to_dense(found["f"])]

    f.case("ParseExampleV2/sparse", parse_sparse, rows)
    f.case("ParseExampleV2/ragged", lambda x: tf.io.parse_example(x, {"f": tf.io.RaggedFeature(tf.float32)})["f"].to_tensor(), rows)
    f.case("ParseExampleV2/sequence", lambda x: tf.io.parse_example(x, {"f": tf.io.FixedLenSequenceFeature([], tf.float32, allow_missing=True)})["f"], rows)
    sequences(f)
    f.case("ParseExample/v1", lambda x: raw.ParseExample(serialized=x, names=np.array([], "S1"), sparse_keys=[], dense_keys=["f", "i"], dense_defaults=[np.array([], F32), np.array(-1, I64)], sparse_types=[], dense_shapes=[[2], []]).dense_values, rows)
    f.case("DecodeCSV/three", lambda x: tf.io.decode_csv(x, [0, 1.5, ""]), np.array([b"1,2.5,abc", b"2,,\"d,e\"", b",3,"]))
    f.case("DecodeCSV/tabs", lambda x: tf.io.decode_csv(x, [0, 0], field_delim="\t"), np.array([b"1\t2", b"3\t4"]))
    f.case("ParseTensor/float32", lambda x: tf.io.parse_tensor(x, tf.float32), np.array(tf.make_tensor_proto(np.array([[1, 2.5]], F32)).SerializeToString()))
    f.case("SerializeTensor/round_trip", lambda x: tf.io.parse_tensor(tf.io.serialize_tensor(x), tf.float32), f.data(F32, 2, 3))
    f.case("DecodeWav/mono", lambda x: tf.audio.decode_wav(x, desired_channels=1), np.array(wav()))
    f.case("DecodeJSONExample/one", lambda x: tf.io.decode_json_example(x), np.array(b"{}"), refused="DecodeJSONExample")


def sequences(f):
    feature = {"f": lambda v: tf.train.Feature(float_list=tf.train.FloatList(value=v)), "i": lambda v: tf.train.Feature(int64_list=tf.train.Int64List(value=v)), "s": lambda v: tf.train.Feature(bytes_list=tf.train.BytesList(value=v))}

    def sequence(context, **lists):
        lists["sz"] = [[b"end"]]
        return tf.train.SequenceExample(
            context=tf.train.Features(feature={k: feature[k[0]](v) for k, v in sorted(context.items())}),
            feature_lists=tf.train.FeatureLists(feature_list={k: tf.train.FeatureList(feature=[feature[k[0]](v) for v in steps]) for k, steps in sorted(lists.items())}),
        ).SerializeToString(deterministic=True)

    rows = np.array([sequence({"i": [7], "s": [b"x"]}, f=[[1, 2], [3, 4]], sl=[[b"a"], [b"b", b"c"]]),
                     sequence({"i": [8, 9]}, f=[[5, 6]], sl=[]),
                     sequence({"s": [b"yy", b"z"]}, f=[], sl=[[], [b"d"], [b"e"]])])
    context = {"s": tf.io.VarLenFeature(tf.string)}
    lists = {"f": tf.io.FixedLenSequenceFeature([2], tf.float32), "sl": tf.io.VarLenFeature(tf.string)}

    def flat(c, l, lengths=None):
        return [c["s"].indices, c["s"].values, c["s"].dense_shape, l["f"], l["sl"].indices, l["sl"].values, l["sl"].dense_shape] + ([lengths["f"]] if lengths else [])

    f.case("ParseSequenceExampleV2/batch", lambda x: flat(*tf.io.parse_sequence_example(x, context, lists)), rows, spec="batch")
    dense = {"i": tf.io.FixedLenFeature([1], tf.int64, [-1])}
    some = np.array([sequence({"i": [7]}, f=[[1.5], [2.5]]), sequence({}, fx=[[1]])])

    def optional(x):
        c, l, n = tf.io.parse_sequence_example(x, dense, {"f": tf.io.FixedLenSequenceFeature([], tf.float32, allow_missing=True)})
        return [c["i"], l["f"], n["f"]]

    f.case("ParseSequenceExampleV2/defaults", optional, some)

    def ragged(x):
        c, l, _ = tf.io.parse_sequence_example(x, {"i": tf.io.RaggedFeature(tf.int64)}, {"sl": tf.io.RaggedFeature(tf.string), "f": tf.io.RaggedFeature(tf.float32)})
        return [c["i"].values, c["i"].row_splits, l["sl"].flat_values, l["sl"].nested_row_splits[0], l["sl"].nested_row_splits[1], l["f"].to_tensor()]

    f.case("ParseSequenceExampleV2/ragged", ragged, rows)
    f.case("ParseSingleSequenceExample/one", lambda x: flat(*tf.io.parse_single_sequence_example(x, context, lists)), rows[0])

    def first(x):
        found = raw.ParseSequenceExample(
            serialized=x, debug_name=np.array([], "S1"), Ncontext_sparse=1, Ncontext_dense=1, Nfeature_list_sparse=1, Nfeature_list_dense=1, context_dense_defaults=[np.array([-1], I64)], feature_list_dense_missing_assumed_empty=["f"],
            context_sparse_keys=["s"], context_dense_keys=["i"], feature_list_sparse_keys=["sl"], feature_list_dense_keys=["f"], context_sparse_types=[tf.string],
            feature_list_dense_types=[tf.float32], context_dense_shapes=[[1]], feature_list_sparse_types=[tf.string], feature_list_dense_shapes=[[2]])
        return [v for part in found for v in part]

    f.case("ParseSequenceExample/v1", first, rows[::2])


def wav():
    import wave

    out = io.BytesIO()
    with wave.open(out, "wb") as w:
        w.setnchannels(1)
        w.setsampwidth(2)
        w.setframerate(8000)
        w.writeframes((np.sin(np.arange(50) / 3) * 20000).astype("<i2").tobytes() + b"\x01\x01")
    return out.getvalue()


def signals(f):
    x = f.data(F32, 2, 16)
    f.case("RFFT/same", lambda v: parts(tf.signal.rfft(v)), x)
    f.case("RFFT/padded", lambda v: parts(tf.signal.rfft(v, [32])), x)
    f.case("RFFT/odd", lambda v: parts(tf.signal.rfft(v, [15])), x)
    f.case("RFFT/abs", lambda v: tf.abs(tf.signal.rfft(v, [16])), x, spec="batch")
    f.case("RFFT2D/abs", lambda v: tf.abs(tf.signal.rfft2d(v)), f.data(F32, 2, 4, 6))
    f.case("IRFFT/round_trip", lambda v: tf.signal.irfft(tf.signal.rfft(v)), x)
    f.case("IRFFT/odd", lambda v: tf.signal.irfft(tf.signal.rfft(v), [15]), x)
    f.case("IRFFT2D/round_trip", lambda v: tf.signal.irfft2d(tf.signal.rfft2d(v)), f.data(F32, 4, 6))
    f.case("FFT/complex", lambda a, b: parts(tf.signal.fft(tf.complex(a, b))), x, f.data(F32, 2, 16))
    f.case("IFFT/complex", lambda a, b: parts(tf.signal.ifft(tf.complex(a, b))), f.data(F32, 2, 7), f.data(F32, 2, 7))
    f.case("FFT2D/complex", lambda a: parts(tf.signal.fft2d(tf.cast(a, tf.complex64))), f.data(F32, 4, 6))
    f.case("IFFT2D/complex", lambda a: parts(tf.signal.ifft2d(tf.cast(a, tf.complex64))), f.data(F32, 4, 6))
    f.case("Complex/multiplied", lambda a, b: parts(tf.complex(a, b) * tf.complex(b, a)), x, f.data(F32, 2, 16))
    f.case("Complex/divided", lambda a, b: parts(tf.complex(a, b) / tf.complex(b, a)), x, f.data(F32, 2, 16))
    f.case("Complex/conjugate_angle", lambda a, b: [tf.math.angle(tf.math.conj(tf.complex(a, b))), tf.abs(tf.complex(a, b))], x, f.data(F32, 2, 16))
    f.case("Complex/exp", lambda a, b: parts(tf.exp(tf.complex(a, b))), x, f.data(F32, 2, 16))
    f.case("STFT/magnitude", lambda v: tf.abs(tf.signal.stft(v, 16, 8)), f.data(F32, 2, 50), spec="batch")
    f.case("STFT/inverse", lambda v: tf.signal.inverse_stft(tf.signal.stft(v, 16, 8), 16, 8), f.data(F32, 48), atol=1e-4)
    f.case("STFT/log_mel", lambda v: tf.math.log(tf.matmul(tf.abs(tf.signal.stft(v, 32, 16)), tf.signal.linear_to_mel_weight_matrix(8, 17, 8000, 20, 4000)) + 1e-3), f.data(F32, 2, 100), atol=1e-3)
    f.case("MFCC/composed", lambda v: tf.signal.mfccs_from_log_mel_spectrograms(v)[..., :5], f.data(F32, 2, 3, 8), atol=1e-4)
    f.case("DCT/two", lambda v: tf.signal.dct(v), x, atol=1e-4)
    f.case("AudioSpectrogram/plain", lambda v: raw.AudioSpectrogram(input=v, window_size=16, stride=8), f.data(F32, 64, 1), atol=1e-4)
    f.case("Mfcc/plain", lambda v: raw.Mfcc(spectrogram=raw.AudioSpectrogram(input=v, window_size=256, stride=128), sample_rate=16000), f.data(F32, 600, 1), atol=1e-2)
    f.case("Frame/overlap", lambda v: tf.signal.frame(v, 6, 4), x)
    f.case("Frame/padded", lambda v: tf.signal.frame(v, 6, 4, pad_end=True), x)
    f.case("OverlapAndAdd/plain", lambda v: tf.signal.overlap_and_add(v, 2), f.data(F32, 3, 4))


def parts(z):
    return [tf.math.real(z), tf.math.imag(z)]


def randoms(f):
    shape = np.array([3, 4], I32)
    f.case("RandomUniform/plain", lambda s: raw.RandomUniform(shape=s, dtype=tf.float32), shape, random=[0, 1])
    f.case("RandomUniform/float64", lambda s: raw.RandomUniform(shape=s, dtype=tf.float64), shape, random=[0, 1])
    f.case("RandomUniformInt/plain", lambda s: raw.RandomUniformInt(shape=s, minval=3, maxval=9), shape, random=[3, 8])
    f.case("RandomStandardNormal/plain", lambda s: raw.RandomStandardNormal(shape=s, dtype=tf.float32), shape, random=[-9, 9])
    f.case("TruncatedNormal/plain", lambda s: raw.TruncatedNormal(shape=s, dtype=tf.float32), shape, random=[-2, 2])
    f.case("RandomShuffle/rows", lambda x: raw.RandomShuffle(value=x), f.data(F32, 5, 2), random=[-3, 3])
    f.case("Multinomial/plain", lambda x: raw.Multinomial(logits=x, num_samples=4), f.data(F32, 2, 3), random=[0, 2])
    f.case("RandomGamma/plain", lambda s: raw.RandomGamma(shape=s, alpha=[2.0]), shape, random=[0, 99])
    f.case("RandomPoissonV2/plain", lambda s: raw.RandomPoissonV2(shape=s, rate=[2.0]), shape, random=[0, 99])
    seed = np.array([1, 2], I32)
    f.case("StatelessRandomUniformV2/philox", lambda s, k: tf.random.stateless_uniform(s, k), shape, seed)
    f.case("StatelessRandomUniformV2/float64", lambda s, k: tf.random.stateless_uniform(s, k, dtype=tf.float64), shape, seed)
    f.case("StatelessRandomUniformIntV2/range", lambda s, k: tf.random.stateless_uniform(s, k, 0, 10, tf.int32), shape, seed)
    f.case("StatelessRandomUniformFullIntV2/int32", lambda s, k: tf.random.stateless_uniform(s, k, None, None, tf.int32), shape, seed)
    f.case("StatelessRandomNormalV2/philox", lambda s, k: tf.random.stateless_normal(s, k), shape, seed)
    f.case("StatelessTruncatedNormalV2/philox", lambda s, k: tf.random.stateless_truncated_normal(s, k), shape, seed)
    f.case("StatelessRandomUniform/v1", lambda s, k: raw.StatelessRandomUniform(shape=s, seed=k), shape, seed)
    f.case("StatelessRandomNormal/v1", lambda s, k: raw.StatelessRandomNormal(shape=s, seed=k), shape, seed)
    alphas = np.array([0.3, 1.0, 2.5, 40.0], F32)
    f.case("StatelessRandomGammaV3/alphas", lambda a, k: tf.random.stateless_gamma([3, 4], k, a), alphas, seed)
    f.case("StatelessRandomGammaV3/float64", lambda a, k: tf.random.stateless_gamma([2, 3, 4], k, a, dtype=tf.float64), alphas.astype(F64), seed)
    f.case("StatelessRandomGammaV3/scalar_alpha", lambda a, k: tf.random.stateless_gamma([50], k, a), F32(0.2), seed)
    f.case("StatelessRandomGammaV2/v2", lambda a, k: raw.StatelessRandomGammaV2(shape=[5, 4], seed=k, alpha=a), alphas, seed)
    f.case("StatelessMultinomial/plain", lambda x, k: tf.random.stateless_categorical(x, 4, k), f.data(F32, 2, 3), seed)
    f.case("Dropout/zero_rate", lambda x: tf.nn.dropout(x, 0.0), f.data(F32, 2, 3))
