"""Attention as Keras 3, Keras 2 and people write it: what the converter makes one operator of, and what looks like it."""
import numpy as np
import tensorflow as tf
from keras import layers as L

from .keras_layers import layer
from .recorder import F32, I32


class Written(L.Layer):
    """Attention by hand: dense layers, split heads, transposes, two products."""

    def __init__(self, heads=2, size=4, scales_query=False):
        super().__init__()
        self.heads, self.size, self.scales_query = heads, size, scales_query
        self.parts = [L.Dense(heads * size) for _ in range(4)]

    def build(self, shape):
        for part in self.parts:
            part.build((None, None, self.heads * self.size))

    def split(self, x):
        shape = tf.shape(x)
        return tf.transpose(tf.reshape(x, (shape[0], shape[1], self.heads, self.size)), (0, 2, 1, 3))

    def call(self, x, other=None, attends=None, added=None):
        other = x if other is None else other
        query, key, value = self.parts[0](x), self.parts[1](other), self.parts[2](other)
        scale = 1 / float(self.size) ** 0.5
        query = query * scale if self.scales_query else query
        scores = tf.matmul(self.split(query), self.split(key), transpose_b=True)
        scores = scores if self.scales_query else scores * scale
        if added is not None:
            scores = scores + added
        if attends is not None:
            scores = scores + (1.0 - tf.cast(attends, tf.float32))[:, None, None, :] * -10000.0
        context = tf.transpose(tf.matmul(tf.nn.softmax(scores), self.split(value)), (0, 2, 1, 3))
        shape = tf.shape(context)
        return self.parts[3](tf.reshape(context, (shape[0], shape[1], self.heads * self.size)))


class Keras2(L.Layer):
    """The equations of Keras 2's MultiHeadAttention, with its added mask."""

    def build(self, shape):
        self.kernels = [self.add_weight(shape=(8, 2, 4)) for _ in range(3)]
        self.biases = [self.add_weight(shape=(2, 4)) for _ in range(3)]
        self.out = self.add_weight(shape=(2, 4, 8))

    def call(self, x, attends=None):
        query, key, value = [tf.einsum("abc,cde->abde", x, k) + b for k, b in zip(self.kernels, self.biases)]
        scores = tf.einsum("aecd,abcd->acbe", key, query * 0.5)
        if attends is not None:
            scores += (1.0 - tf.cast(attends, tf.float32))[:, None, None, :] * -1e9
        return tf.einsum("abcd,cde->abe", tf.einsum("acbe,aecd->abcd", tf.nn.softmax(scores), value), self.out)


def record(f):
    x, y = f.data(F32, 2, 3, 8), f.data(F32, 2, 5, 6)
    ids = np.array([[1, 2, 0], [0, 0, 0]], I32)
    steps = [(None, 8)]
    mha = L.MultiHeadAttention
    layer(f, "Keras3/self", lambda a: mha(2, 4)(a, a), x, shapes=steps)
    layer(f, "Keras3/no_bias", lambda a: mha(2, 4, use_bias=False)(a, a), x, shapes=steps)
    layer(f, "Keras3/value_size", lambda a: mha(2, 4, value_dim=3)(a, a), x, shapes=steps)
    layer(f, "Keras3/causal", lambda a: mha(2, 4)(a, a, use_causal_mask=True), x, shapes=steps)
    layer(f, "Keras3/padding", lambda i: (lambda e: mha(2, 4)(e, e))(L.Embedding(5, 8, mask_zero=True)(i)), ids, shapes=[(None,)])
    layer(f, "Keras3/padding_causal", lambda i: (lambda e: mha(2, 4)(e, e, use_causal_mask=True))(L.Embedding(5, 8, mask_zero=True)(i)), ids, shapes=[(None,)])
    none = np.array([[[1, 0, 1], [0, 0, 0], [1, 1, 1]]] * 2, np.bool_)
    layer(f, "Keras3/rows_without_any", lambda a, m: mha(2, 4)(a, a, attention_mask=m), x, none, shapes=[(None, 8), (None, None)])
    hole = x.copy()
    hole[0, 1, 2], hole[1, 0, 0] = np.nan, np.inf
    some = np.array([[[1, 0, 1], [0, 1, 0], [1, 1, 1]]] * 2, np.bool_)
    layer(f, "Keras3/not_a_number", lambda a, m: mha(2, 4)(a, a, attention_mask=m), hole, some, shapes=[(None, 8), (None, None)])
    layer(f, "Keras3/cross", lambda a, b: mha(2, 4)(a, b), x, y, shapes=[(None, 8), (None, 6)])
    layer(f, "Keras3/cross_masked", lambda a, b, m: mha(2, 4)(a, b, attention_mask=m), x, y, f.data(np.bool_, 2, 3, 5))
    layer(f, "Keras3/two_axes", lambda a: mha(2, 4, attention_axes=(2,))(a, a), f.data(F32, 2, 2, 3, 8))
    layer(f, "Keras3/scores", lambda a: mha(2, 4)(a, a, return_attention_scores=True), x, shapes=steps)
    layer(f, "Keras3/shared", lambda a: (lambda m: m(m(a, a), m(a, a)))(mha(2, 4)), x, shapes=steps)
    layer(f, "Keras3/grouped", lambda a: L.GroupQueryAttention(4, 4, 2)(a, a), x, shapes=steps)
    layer(f, "Keras3/grouped_causal", lambda a: L.GroupQueryAttention(4, 4, 2)(a, a, use_causal_mask=True), x, shapes=steps)
    layer(f, "Keras3/dot", lambda a: L.Attention()([a, a]), x, shapes=steps)
    layer(f, "Keras2/self", lambda a: Keras2()(a), x, shapes=steps)
    layer(f, "Keras2/padding", lambda a, m: Keras2()(a, attends=m), x, np.array([[1, 1, 0], [1, 0, 0]], I32), shapes=[(None, 8), (None,)])
    layer(f, "Written/self", lambda a: Written()(a), x, shapes=steps)
    layer(f, "Written/scaled_query", lambda a: Written(scales_query=True)(a), x, shapes=steps)
    layer(f, "Written/padding", lambda a, m: Written()(a, attends=m), x, np.array([[1, 1, 0], [1, 0, 0]], I32), shapes=[(None, 8), (None,)])
    layer(f, "Written/added", lambda a, r: Written()(a, added=r), x, f.data(F32, 2, 2, 3, 3), shapes=[(None, 8), (2, None, None)])
    layer(f, "Written/cross", lambda a, b: Written()(a, other=b), x, f.data(F32, 2, 5, 8), shapes=[(None, 8), (None, 8)])
