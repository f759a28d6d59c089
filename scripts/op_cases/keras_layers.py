"""Keras 3 layers, exported as users export them: functional models with seeded weights."""
import os
import tempfile

import keras
import numpy as np
import tensorflow as tf
from keras import layers as L

from .recorder import F32, I32, I64, U8


def record(f):
    tf.config.run_functions_eagerly(False)
    for part in (dense, windows, norms, attention, recurrent, shaping, preprocessing, text, pictures, blocks):
        part(f)


def layer(f, name, make, *inputs, batch=True, **about):
    """Exports Input -> layer -> output and records two calls' worth of rows in one case."""
    keras.backend.clear_session()
    keras.utils.set_random_seed(7)
    arrays = [np.asarray(x) for x in inputs]
    arrays = [x.astype("S") if x.dtype.kind == "U" else x for x in arrays]
    shapes = about.pop("shapes", None)
    writes = about.pop("writes", None)
    fed = []
    for i, x in enumerate(arrays):
        dtype = "string" if x.dtype.kind == "S" else x.dtype.name
        fed.append(keras.Input(shapes[i] if shapes else x.shape[1:], dtype=dtype, name=f"in{i}"))
    try:
        made = make(*fed)
        model = keras.Model(fed, made)
        for v in model.trainable_variables:
            if v.shape and float(tf.reduce_max(tf.abs(v))) in (0.0, 1.0):
                v.assign(v + 0.1 * np.random.standard_normal(v.shape).astype(F32))
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "m")
            model.export(path, verbose=False)
            files = {}
            for root, _, names in os.walk(path):
                for n in names:
                    full = os.path.join(root, n)
                    relative = os.path.relpath(full, path)
                    if relative != "fingerprint.pb":
                        with open(full, "rb") as content:
                            files[relative] = content.read()
            loaded = tf.saved_model.load(path)
            fn = loaded.signatures["serving_default"]
            names = list(fn.structured_input_signature[1])
            feed = {n: tf.constant(x) for n, x in zip(sorted(names), arrays)} if len(names) > 1 else {names[0]: tf.constant(arrays[0])}
            got = {n: v.numpy() for n, v in sorted(fn(**feed).items())}
            if writes and any(not np.array_equal(v.numpy(), got[n]) for _ in range(8) for n, v in fn(**feed).items()):
                about["refused"] = writes  # What it gives depends on how often it was called.
    except Exception as e:
        f.skipped.append(f"{f.name}/{name}: {type(e).__name__} {str(e).splitlines()[0][:160]}")
        return
    f.add(name, files, [feed[n].numpy() for n in feed], list(got.values()), about, list(feed), list(got))


def dense(f):
    x = f.data(F32, 3, 6)
    for activation in ("linear", "relu", "relu6", "sigmoid", "tanh", "softmax", "elu", "selu", "gelu", "silu", "softplus", "softsign", "hard_sigmoid",
                       "hard_silu", "leaky_relu", "mish", "exponential", "log_softmax", "log_sigmoid", "celu", "glu", "hard_tanh", "hard_shrink",
                       "soft_shrink", "squareplus", "tanh_shrink", "threshold", "sparse_plus", "sparsemax", "sparse_sigmoid"):
        layer(f, f"Dense/{activation}", lambda i, a=activation: L.Dense(4, activation=a)(i), x)
    layer(f, "Dense/rank3", lambda i: L.Dense(4)(i), f.data(F32, 2, 3, 5))
    layer(f, "Dense/unknown_steps", lambda i: L.Dense(4)(i), f.data(F32, 2, 3, 5), shapes=[(None, 5)])
    layer(f, "EinsumDense/rank3", lambda i: L.EinsumDense("abc,cd->abd", output_shape=(None, 4), bias_axes="d")(i), f.data(F32, 2, 3, 5))
    layer(f, "EinsumDense/ellipsis", lambda i: L.EinsumDense("...x,xy->...y", output_shape=4, bias_axes="y")(i), f.data(F32, 2, 3, 5))
    layer(f, "EinsumDense/heads", lambda i: L.EinsumDense("abc,cde->abde", output_shape=(None, 2, 3), bias_axes="de")(i), f.data(F32, 2, 3, 5))
    layer(f, "Embedding/plain", lambda i: L.Embedding(10, 4)(i), np.array([[1, 2, 9], [0, 5, 3]], I32))
    layer(f, "Embedding/float_ids", lambda i: L.Embedding(10, 4)(i), np.array([[1, 2, 9], [0, 5, 3]], F32))
    layer(f, "Embedding/masked_pool", lambda i: L.GlobalAveragePooling1D()(L.Embedding(10, 4, mask_zero=True)(i)), np.array([[1, 2, 0], [4, 0, 0]], I32))
    for cls, options in (("ReLU", {"max_value": 2.0, "negative_slope": 0.1, "threshold": 0.5}), ("LeakyReLU", {}), ("PReLU", {}), ("ELU", {"alpha": 0.7}), ("Softmax", {"axis": -1})):
        layer(f, f"{cls}/options", lambda i, c=cls, o=options: getattr(L, c)(**o)(i), x)
    layer(f, "Softmax/masked", lambda i, m: L.Softmax()(i, mask=m), x, f.data(np.bool_, 3, 6))
    layer(f, "ActivityRegularization/plain", lambda i: L.ActivityRegularization(0.1)(i), x)
    layer(f, "SpectralNormalization/dense", lambda i: L.SpectralNormalization(L.Dense(4))(i), x)
    layer(f, "Discretization/then_dense", lambda i: L.Dense(3)(L.Rescaling(0.5)(i)), x)
    layer(f, "Lambda/none", lambda i: keras.ops.sum(keras.ops.square(i), axis=-1, keepdims=True), x)
    layer(f, "Ops/mix", lambda i: keras.ops.where(i > 0, keras.ops.log1p(keras.ops.abs(i)), keras.ops.sin(i)), x)
    layer(f, "Ops/top_k", lambda i: keras.ops.top_k(i, 2)[0], x)
    layer(f, "Ops/cumsum_flip", lambda i: keras.ops.cumsum(keras.ops.flip(i, 1), 1), x)
    layer(f, "Ops/norm", lambda i: keras.ops.normalize(i, axis=-1), x)
    layer(f, "Ops/one_hot_argmax", lambda i: keras.ops.one_hot(keras.ops.argmax(i, -1), 6), x)
    for name in ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate"):
        layer(f, f"{name}/two", lambda a, b, n=name: getattr(L, n)()([a, b]), x, f.data(F32, 3, 6))
    layer(f, "Dot/axes", lambda a, b: L.Dot(axes=1, normalize=True)([a, b]), x, f.data(F32, 3, 6))
    layer(f, "Dot/batched", lambda a, b: L.Dot(axes=(2, 1))([a, b]), f.data(F32, 2, 3, 4), f.data(F32, 2, 4, 5))
    for name in ("Dropout", "SpatialDropout1D", "GaussianDropout", "AlphaDropout", "GaussianNoise"):
        layer(f, f"{name}/inference", lambda i, n=name: getattr(L, n)(0.3)(i), f.data(F32, 2, 3, 4))


def windows(f):
    sizes = {1: (9, 3), 2: (7, 6, 3), 3: (4, 5, 6, 2)}
    for n, shape in sizes.items():
        x = f.data(F32, 2, *shape)
        for padding in ("valid", "same"):
            layer(f, f"Conv{n}D/{padding}", lambda i, n=n, p=padding: getattr(L, f"Conv{n}D")(4, 3, strides=2, padding=p)(i), x)
            layer(f, f"Conv{n}DTranspose/{padding}", lambda i, n=n, p=padding: getattr(L, f"Conv{n}DTranspose")(4, 3, strides=2, padding=p)(i), x)
            for pool in ("MaxPooling", "AveragePooling"):
                layer(f, f"{pool}{n}D/{padding}", lambda i, n=n, p=padding, k=pool: getattr(L, f"{k}{n}D")(2, padding=p)(i), x)
        if n < 3:
            layer(f, f"Conv{n}D/dilated", lambda i, n=n: getattr(L, f"Conv{n}D")(4, 3, dilation_rate=2, padding="same", activation="relu")(i), x)
            layer(f, f"SeparableConv{n}D/same", lambda i, n=n: getattr(L, f"SeparableConv{n}D")(4, 3, padding="same", depth_multiplier=2)(i), x)
            layer(f, f"DepthwiseConv{n}D/same", lambda i, n=n: getattr(L, f"DepthwiseConv{n}D")(3, padding="same", strides=2)(i), x)
            layer(f, f"DepthwiseConv{n}D/valid_multiplier", lambda i, n=n: getattr(L, f"DepthwiseConv{n}D")(3, depth_multiplier=2)(i), x)
        layer(f, f"GlobalMaxPooling{n}D/plain", lambda i, n=n: getattr(L, f"GlobalMaxPooling{n}D")()(i), x)
        layer(f, f"GlobalAveragePooling{n}D/keep", lambda i, n=n: getattr(L, f"GlobalAveragePooling{n}D")(keepdims=True)(i), x)
        layer(f, f"UpSampling{n}D/two", lambda i, n=n: getattr(L, f"UpSampling{n}D")(2)(i), x)
        layer(f, f"ZeroPadding{n}D/one", lambda i, n=n: getattr(L, f"ZeroPadding{n}D")(1)(i), x)
        layer(f, f"Cropping{n}D/one", lambda i, n=n: getattr(L, f"Cropping{n}D")(1)(i), x)
        layer(f, f"AdaptiveAveragePooling{n}D/two", lambda i, n=n: getattr(L, f"AdaptiveAveragePooling{n}D")(2)(i), x)
        layer(f, f"AdaptiveMaxPooling{n}D/two", lambda i, n=n: getattr(L, f"AdaptiveMaxPooling{n}D")(2)(i), x)
    x = f.data(F32, 2, 7, 6, 3)
    layer(f, "Conv1D/causal", lambda i: L.Conv1D(4, 3, padding="causal", dilation_rate=2)(i), f.data(F32, 2, 9, 3))
    layer(f, "Conv1D/unknown_steps", lambda i: L.Conv1D(4, 3, padding="same", strides=2)(i), f.data(F32, 2, 9, 3), shapes=[(None, 3)])
    layer(f, "Conv2D/grouped", lambda i: L.Conv2D(6, 3, groups=3)(i), x)
    layer(f, "Conv2D/unknown_size", lambda i: L.Conv2D(4, 3, padding="same", strides=2)(i), x, shapes=[(None, None, 3)])
    layer(f, "Conv2DTranspose/unknown_size", lambda i: L.Conv2DTranspose(4, 3, padding="same", strides=2)(i), x, shapes=[(None, None, 3)])
    layer(f, "Conv2DTranspose/output_padding", lambda i: L.Conv2DTranspose(4, 3, strides=2, output_padding=1)(i), x)
    layer(f, "UpSampling2D/bilinear", lambda i: L.UpSampling2D(2, interpolation="bilinear")(i), x)
    layer(f, "UpSampling2D/bicubic", lambda i: L.UpSampling2D(2, interpolation="bicubic")(i), x)
    layer(f, "ZeroPadding2D/uneven", lambda i: L.ZeroPadding2D(((1, 2), (0, 3)))(i), x)


def norms(f):
    x = f.data(F32, 2, 5, 4, 6)
    layer(f, "BatchNormalization/rank4", lambda i: L.BatchNormalization()(i), x)
    layer(f, "BatchNormalization/rank2", lambda i: L.BatchNormalization()(i), f.data(F32, 3, 5))
    layer(f, "BatchNormalization/after_conv", lambda i: L.ReLU(6.0)(L.BatchNormalization()(L.Conv2D(4, 3, use_bias=False)(i))), x)
    layer(f, "LayerNormalization/last", lambda i: L.LayerNormalization()(i), x)
    layer(f, "LayerNormalization/axes", lambda i: L.LayerNormalization(axis=[1, 2])(i), x)
    layer(f, "GroupNormalization/three", lambda i: L.GroupNormalization(3)(i), x)
    layer(f, "GroupNormalization/instance", lambda i: L.GroupNormalization(-1)(i), x)
    layer(f, "UnitNormalization/last", lambda i: L.UnitNormalization()(i), x)
    layer(f, "RMSNormalization/last", lambda i: L.RMSNormalization()(i), x)


def attention(f):
    q, v = f.data(F32, 2, 3, 8), f.data(F32, 2, 5, 8)
    layer(f, "MultiHeadAttention/cross", lambda a, b: L.MultiHeadAttention(2, 4)(a, b), q, v)
    layer(f, "MultiHeadAttention/self_unknown_steps", lambda a: L.MultiHeadAttention(2, 4)(a, a), q, shapes=[(None, 8)])
    layer(f, "MultiHeadAttention/causal", lambda a: L.MultiHeadAttention(2, 4)(a, a, use_causal_mask=True), v)
    layer(f, "MultiHeadAttention/masked", lambda a, m: L.MultiHeadAttention(2, 4)(a, a, attention_mask=m), q, np.tril(np.ones((2, 3, 3), np.bool_)))
    layer(f, "MultiHeadAttention/scores", lambda a: L.MultiHeadAttention(2, 4)(a, a, return_attention_scores=True), q)
    layer(f, "GroupedQueryAttention/two", lambda a: L.GroupQueryAttention(4, 4, 2)(a, a), q)
    layer(f, "Attention/plain", lambda a, b: L.Attention()([a, b]), q, v)
    layer(f, "Attention/scaled_causal", lambda a: L.Attention(use_scale=True)([a, a], use_causal_mask=True), q)
    layer(f, "Attention/concat", lambda a, b: L.Attention(score_mode="concat")([a, b]), q, v)
    layer(f, "AdditiveAttention/plain", lambda a, b: L.AdditiveAttention()([a, b]), q, v)
    layer(f, "MultiHeadAttention/embedding_mask", lambda i: (lambda e: L.MultiHeadAttention(2, 4)(e, e))(L.Embedding(10, 8, mask_zero=True)(i)), np.array([[1, 2, 0], [4, 0, 0]], I32))

    def block(i):
        y = L.Add()([i, L.MultiHeadAttention(2, 4)(i, i)])
        y = L.LayerNormalization()(y)
        return L.LayerNormalization()(L.Add()([y, L.Dense(8)(L.Dense(16, activation="gelu")(y))]))

    layer(f, "Transformer/encoder", block, q, shapes=[(None, 8)])


def recurrent(f):
    x = f.data(F32, 2, 6, 4)
    for name in ("LSTM", "GRU", "SimpleRNN"):
        cls = getattr(L, name)
        layer(f, f"{name}/last", lambda i, c=cls: c(5)(i), x)
        layer(f, f"{name}/sequences", lambda i, c=cls: c(5, return_sequences=True)(i), x, shapes=[(None, 4)])
        layer(f, f"{name}/state", lambda i, c=cls: c(5, return_sequences=True, return_state=True)(i), x)
        layer(f, f"{name}/backwards", lambda i, c=cls: c(5, go_backwards=True, return_sequences=True)(i), x)
        layer(f, f"{name}/unrolled", lambda i, c=cls: c(5, unroll=True)(i), x)
        layer(f, f"{name}/masked", lambda i, c=cls: c(5)(L.Embedding(10, 4, mask_zero=True)(i)), np.array([[1, 2, 0, 0], [4, 3, 2, 1]], I32))
        layer(f, f"{name}/masked_sequences", lambda i, c=cls: c(5, return_sequences=True)(L.Masking(0.0)(i)), np.concatenate([x[:, :3], np.zeros((2, 2, 4), F32)], 1))
        layer(f, f"{name}/bidirectional", lambda i, c=cls: L.Bidirectional(c(3, return_sequences=True))(i), x)
        layer(f, f"{name}/bidirectional_sum_last", lambda i, c=cls: L.Bidirectional(c(3), merge_mode="sum")(i), x)
        layer(f, f"{name}/stacked", lambda i, c=cls: c(3)(c(5, return_sequences=True)(i)), x, shapes=[(None, 4)])
        layer(f, f"{name}/no_bias_relu", lambda i, c=cls: c(5, use_bias=False, activation="relu")(i), x)
        layer(f, f"{name}/initial_state", lambda i, s, c=cls, n=name: c(5)(i, initial_state=[s, s] if n == "LSTM" else s), x, f.data(F32, 2, 5))
    for name in ("LSTM", "GRU"):
        cls = getattr(L, name)
        for how in ("hard_sigmoid", "relu", "softsign"):
            layer(f, f"{name}/recurrent_{how}", lambda i, c=cls, h=how: c(5, recurrent_activation=h, return_sequences=True)(i), x, shapes=[(None, 4)])
        for how in ("hard_sigmoid", "linear", "elu", "leaky_relu", "softplus", "gelu", "silu", "hard_tanh"):
            layer(f, f"{name}/activation_{how}", lambda i, c=cls, h=how: c(5, activation=h)(i), x)
        layer(f, f"{name}/one_unit_hard_sigmoid", lambda i, c=cls: c(1, recurrent_activation="hard_sigmoid")(i), x)
        layer(f, f"{name}/masked_hard_sigmoid", lambda i, c=cls: c(5, recurrent_activation="hard_sigmoid")(L.Embedding(10, 4, mask_zero=True)(i)), np.array([[1, 2, 0, 0], [4, 3, 2, 1]], I32))
        layer(f, f"{name}/dropout", lambda i, c=cls: c(5, dropout=0.3, recurrent_dropout=0.2)(i), x)
        layer(f, f"{name}/stateful_batch", lambda i, c=cls: c(5, return_state=True)(i)[1:], x)
    layer(f, "SimpleRNN/one_unit_hard_sigmoid", lambda i: L.SimpleRNN(1, activation="hard_sigmoid")(i), x)
    layer(f, "ConvLSTM2D/masked_channels", lambda i: L.ConvLSTM2D(2, 3, strides=2, return_state=True)(i), f.data(F32, 2, 3, 7, 7, 2))
    layer(f, "GRU/reset_before", lambda i: L.GRU(5, reset_after=False)(i), x)
    layer(f, "LSTM/time_major_dense", lambda i: L.TimeDistributed(L.Dense(3))(L.LSTM(5, return_sequences=True)(i)), x)
    layer(f, "RNN/lstm_cell", lambda i: L.RNN(L.LSTMCell(5))(i), x)
    layer(f, "RNN/gru_cell", lambda i: L.RNN(L.GRUCell(5), return_sequences=True)(i), x)
    layer(f, "RNN/stacked_cells", lambda i: L.RNN(L.StackedRNNCells([L.LSTMCell(5), L.GRUCell(3)]))(i), x)
    layer(f, "TimeDistributed/conv", lambda i: L.TimeDistributed(L.Conv2D(2, 3))(i), f.data(F32, 2, 3, 5, 5, 2))
    layer(f, "ConvLSTM1D/last", lambda i: L.ConvLSTM1D(2, 3)(i), f.data(F32, 2, 3, 6, 2))
    layer(f, "ConvLSTM2D/sequences", lambda i: L.ConvLSTM2D(2, 3, padding="same", return_sequences=True)(i), f.data(F32, 2, 3, 5, 4, 2))
    layer(f, "ConvLSTM3D/last", lambda i: L.ConvLSTM3D(2, 2)(i), f.data(F32, 1, 2, 3, 3, 3, 1))


def shaping(f):
    x = f.data(F32, 2, 3, 4)
    layer(f, "Flatten/plain", lambda i: L.Flatten()(i), x)
    layer(f, "Reshape/inferred", lambda i: L.Reshape((-1, 2))(i), x)
    layer(f, "Permute/swap", lambda i: L.Permute((2, 1))(i), x)
    layer(f, "RepeatVector/three", lambda i: L.RepeatVector(3)(i), f.data(F32, 2, 5))
    layer(f, "Masking/then_lstm", lambda i: L.GlobalAveragePooling1D()(L.Masking(0.0)(i)), np.concatenate([x, np.zeros_like(x)], 1))
    layer(f, "Concatenate/axis1", lambda a, b: L.Concatenate(axis=1)([a, b]), x, x)
    layer(f, "Flatten/after_conv", lambda i: L.Dense(3)(L.Flatten()(L.Conv2D(3, 2)(i))), f.data(F32, 2, 4, 4, 2))


def preprocessing(f):
    x = f.data(F32, 4, 3)

    def adapted(cls, data, **options):
        made = cls(**options)
        made.adapt(data)
        return made

    layer(f, "Normalization/adapted", lambda i: adapted(L.Normalization, x)(i), x)
    layer(f, "Normalization/inverted", lambda i: adapted(L.Normalization, x, invert=True)(i), x)
    layer(f, "Rescaling/per_channel", lambda i: L.Rescaling([1.0, 2.0, 3.0], offset=[0.0, 1.0, 2.0])(i), x)
    layer(f, "Rescaling/uint8", lambda i: L.Rescaling(1 / 255.0)(i), f.data(U8, 2, 3, 3, 1, low=0, high=255))
    for mode in ("int", "one_hot", "multi_hot", "count"):
        layer(f, f"Discretization/{mode}", lambda i, m=mode: L.Discretization([-1.0, 0.0, 1.0], output_mode=m)(i), x[:, :1] if mode == "one_hot" else x)
    ids = np.array([[0, 1, 3], [2, 2, 1]], I32)
    for mode in ("one_hot", "multi_hot", "count"):
        layer(f, f"CategoryEncoding/{mode}", lambda i, m=mode: L.CategoryEncoding(num_tokens=4, output_mode=m)(i), ids[:, :1] if mode == "one_hot" else ids)
    words = np.array([[b"red"], [b"blue"], [b"none"], [b""]])
    vocabulary = ["red", "green", "blue"]
    for mode in ("int", "one_hot", "multi_hot", "count", "tf_idf"):
        options = {"idf_weights": [0.1, 0.2, 0.3]} if mode == "tf_idf" else {}
        layer(f, f"StringLookup/{mode}", lambda i, m=mode, o=options: L.StringLookup(vocabulary=vocabulary, output_mode=m, **o)(i), words)
        layer(f, f"IntegerLookup/{mode}", lambda i, m=mode, o=options: L.IntegerLookup(vocabulary=[5, 7, 9], output_mode=m, **o)(i), np.array([[5], [9], [1]], I64))
    layer(f, "StringLookup/masked", lambda i: L.StringLookup(vocabulary=vocabulary, mask_token="")(i), words)
    layer(f, "StringLookup/three_unknown", lambda i: L.StringLookup(vocabulary=vocabulary, num_oov_indices=3)(i), words)
    layer(f, "StringLookup/inverse", lambda i: L.StringLookup(vocabulary=vocabulary, invert=True)(i), np.array([[1], [3], [0]], I64))
    layer(f, "StringLookup/then_embedding", lambda i: L.Embedding(4, 3)(L.StringLookup(vocabulary=vocabulary)(i)), words)
    layer(f, "Hashing/strings", lambda i: L.Hashing(7)(i), words)
    layer(f, "Hashing/salted", lambda i: L.Hashing(7, salt=[1, 2])(i), words)
    layer(f, "Hashing/masked", lambda i: L.Hashing(7, mask_value="")(i), words)
    layer(f, "Hashing/integers", lambda i: L.Hashing(7)(i), np.array([[5], [9], [1]], I64))
    layer(f, "HashedCrossing/strings", lambda a, b: L.HashedCrossing(5)((a, b)), words, words[::-1].copy())
    layer(f, "HashedCrossing/one_hot", lambda a, b: L.HashedCrossing(5, output_mode="one_hot")((a, b)), words, np.array([[1], [2], [3], [4]], I64))


def text(f):
    rows = np.array([[b"The quick, BROWN fox!"], [b""], [b"jumps over the lazy dog dog"], ["Ünïcode 日本 fox".encode()]])
    corpus = ["the quick brown fox", "jumps over the lazy dog"]

    def vectorization(**options):
        made = L.TextVectorization(**options)
        made.adapt(corpus)
        return made

    for mode in ("int", "multi_hot", "count", "tf_idf"):
        layer(f, f"TextVectorization/{mode}", lambda i, m=mode: vectorization(output_mode=m)(i), rows)
    layer(f, "TextVectorization/fixed_length", lambda i: vectorization(output_sequence_length=4)(i), rows)
    layer(f, "TextVectorization/bigrams", lambda i: vectorization(ngrams=2, output_mode="count")(i), rows)
    layer(f, "TextVectorization/characters", lambda i: vectorization(split="character", output_sequence_length=6)(i), rows)
    layer(f, "TextVectorization/no_standardize", lambda i: vectorization(standardize=None, output_sequence_length=5)(i), rows)
    layer(f, "TextVectorization/lower", lambda i: vectorization(standardize="lower", output_sequence_length=5)(i), rows)
    layer(f, "TextVectorization/classifier", lambda i: L.Dense(2)(L.GlobalAveragePooling1D()(L.Embedding(20, 4, mask_zero=True)(vectorization(output_sequence_length=6)(i)))), rows)


def pictures(f):
    x = f.data(F32, 2, 6, 7, 3, low=0, high=1)
    for how in ("bilinear", "nearest", "bicubic", "area", "lanczos3"):
        layer(f, f"Resizing/{how}", lambda i, h=how: L.Resizing(4, 9, interpolation=h)(i), x)
    layer(f, "Resizing/antialias", lambda i: L.Resizing(4, 3, antialias=True)(i), x)
    layer(f, "Resizing/crop_to_aspect", lambda i: L.Resizing(4, 4, crop_to_aspect_ratio=True)(i), x)
    layer(f, "Resizing/unknown_size", lambda i: L.Resizing(4, 4)(i), x, shapes=[(None, None, 3)])
    layer(f, "CenterCrop/smaller", lambda i: L.CenterCrop(4, 4)(i), x)
    layer(f, "CenterCrop/larger", lambda i: L.CenterCrop(8, 8)(i), x)
    for name, options in (("RandomFlip", {}), ("RandomRotation", {"factor": 0.2}), ("RandomZoom", {"height_factor": 0.2}), ("RandomTranslation", {"height_factor": 0.2, "width_factor": 0.2}),
                          ("RandomContrast", {"factor": 0.2}), ("RandomBrightness", {"factor": 0.2}), ("RandomCrop", {"height": 4, "width": 4}), ("RandomGrayscale", {}), ("RandomShear", {}),
                          ("RandomSaturation", {"factor": 0.2}), ("RandomHue", {"factor": 0.2}), ("RandomSharpness", {"factor": 0.2}), ("RandomPosterization", {"factor": 4}), ("RandomInvert", {}),
                          ("RandomGaussianBlur", {}), ("RandomErasing", {}), ("RandomColorJitter", {}), ("RandomColorDegeneration", {"factor": 0.2}), ("RandomPerspective", {}), ("RandomElasticTransform", {}),
                          ("MixUp", {}), ("CutMix", {}), ("Solarization", {}), ("AutoContrast", {}), ("Equalization", {}), ("AugMix", {}), ("RandAugment", {})):
        # As a user trains and exports it: an export without training=False goes on drawing from a seed that it advances.
        layer(f, f"{name}/inference", lambda i, n=name, o=options: getattr(L, n)(**o)(i, training=False), x)
        layer(f, f"{name}/as_trained", lambda i, n=name, o=options: getattr(L, n)(**o)(i), x, writes="AssignVariableOp")
    sound = f.data(F32, 2, 600)
    layer(f, "MelSpectrogram/plain", lambda i: L.MelSpectrogram(fft_length=128, sequence_stride=64, num_mel_bins=8, sampling_rate=8000)(i), sound, atol=1e-2)
    layer(f, "STFTSpectrogram/magnitude", lambda i: L.STFTSpectrogram(mode="log", frame_length=64, frame_step=32)(i), sound, atol=1e-3)
    layer(f, "STFTSpectrogram/real", lambda i: L.STFTSpectrogram(mode="real", frame_length=64, frame_step=32)(i), sound, atol=1e-3)


def blocks(f):
    x = f.data(F32, 2, 12, 12, 3)

    def inverted(i):
        y = L.Conv2D(8, 1, use_bias=False)(i)
        y = L.ReLU(6.0)(L.BatchNormalization()(y))
        y = L.ReLU(6.0)(L.BatchNormalization()(L.DepthwiseConv2D(3, padding="same", use_bias=False)(y)))
        return L.Add()([i, L.BatchNormalization()(L.Conv2D(3, 1, use_bias=False)(y))])

    layer(f, "Blocks/inverted_residual", inverted, x)

    def squeeze(i):
        y = L.GlobalAveragePooling2D(keepdims=True)(i)
        return L.Multiply()([i, L.Conv2D(3, 1, activation="sigmoid")(L.Conv2D(2, 1, activation="silu")(y))])

    layer(f, "Blocks/squeeze_excite", squeeze, x)

    def convnext(i):
        y = L.DepthwiseConv2D(7, padding="same")(i)
        y = L.Dense(12, activation="gelu")(L.LayerNormalization(epsilon=1e-6)(y))
        return L.Add()([i, L.Dense(3)(y)])

    layer(f, "Blocks/convnext", convnext, x)

    def unet(i):
        a = L.Conv2D(4, 3, padding="same", activation="relu")(i)
        b = L.Conv2D(6, 3, padding="same", activation="relu")(L.MaxPooling2D()(a))
        return L.Conv2D(2, 1, activation="softmax")(L.Concatenate()([a, L.Conv2DTranspose(4, 2, strides=2)(b)]))

    layer(f, "Blocks/unet", unet, x, shapes=[(None, None, 3)])
    layer(f, "Blocks/dense_concat", lambda i: L.Concatenate()([i, L.Conv2D(4, 3, padding="same")(L.ReLU()(L.BatchNormalization()(i)))]), x)
    layer(f, "Blocks/classifier", lambda i: L.Dense(5, activation="softmax")(L.Dropout(0.5)(L.GlobalAveragePooling2D()(L.Conv2D(6, 3)(i)))), x)
