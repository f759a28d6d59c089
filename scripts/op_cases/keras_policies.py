"""Keras layers in other precisions, quantised layers, and vocabularies in files."""
import os
import tempfile

import keras
import numpy as np
from keras import layers as L

from .keras_layers import layer
from .recorder import F32, F64, I32


def record(f):
    x = f.data(F64, 2, 5, 4)
    keras.config.set_dtype_policy("float64")
    try:
        for name in ("LSTM", "GRU", "SimpleRNN"):
            layer(f, f"{name}/float64", lambda i, n=name: getattr(L, n)(3, return_sequences=True)(i), x)
        layer(f, "MultiHeadAttention/float64", lambda i: L.MultiHeadAttention(2, 4)(i, i), x)
        layer(f, "Conv1D/float64", lambda i: L.LayerNormalization()(L.Conv1D(3, 3, padding="same")(i)), x)
    finally:
        keras.config.set_dtype_policy("float32")

    def quantized(mode, made, then):
        """Calls a layer, quantises it, and calls it again."""
        def run(i):
            made(i)
            made.quantize(mode)
            return then(made(i))
        return run

    y = f.data(F32, 3, 16)
    for mode in ("int8", "int4", "float8"):
        layer(f, f"Dense/quantized_{mode}", lambda i, m=mode: quantized(m, L.Dense(8), L.Dense(3))(i), y, rtol=2e-2, atol=2e-2)
    layer(f, "EinsumDense/quantized_int8", lambda i: quantized("int8", L.EinsumDense("abc,cd->abd", output_shape=(None, 4)), L.Dense(3))(i), f.data(F32, 2, 3, 8), rtol=2e-2, atol=2e-2)
    layer(f, "Embedding/quantized_int8", lambda i: quantized("int8", L.Embedding(16, 8), L.Dense(3))(i), np.array([[1, 2, 9], [0, 15, 3]], I32), rtol=2e-2, atol=2e-2)

    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "words.txt")
        with open(path, "w", encoding="utf-8") as out:
            out.write("red\ngreen\nblue\n")
        words = np.array([[b"blue"], [b"red"], [b"none"], [b"green"]])
        for name, options in {"plain": {}, "mask": {"mask_token": ""}, "two_unknown": {"num_oov_indices": 2}, "multi_hot": {"output_mode": "multi_hot"}}.items():
            layer(f, f"StringLookup/file_{name}", lambda i, o=options: L.StringLookup(vocabulary=path, **o)(i), words)
