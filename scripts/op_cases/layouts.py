"""Convolutions with layers between them that look at channels."""
from keras import layers as L

from .keras_layers import layer
from .recorder import F32


def record(f):
    x = f.data(F32, 2, 7, 6, 4)

    def gated(i):
        y = L.Conv2D(4, 2)(i)
        gate = L.Dense(4, activation="sigmoid")(L.Dense(2, activation="relu")(L.GlobalAveragePooling2D()(y)))
        return L.Conv2D(3, 2)(L.Multiply()([y, L.Reshape((1, 1, 4))(gate)]))

    layer(f, "Blocks/gated", gated, x)
    layer(f, "Blocks/grouped_norm", lambda i: L.Conv2D(3, 2)(L.ReLU()(L.GroupNormalization(2)(L.Conv2D(4, 2)(i)))), x)
    layer(f, "Blocks/grouped_norm_any_size", lambda i: L.Conv2D(3, 2)(L.ReLU()(L.GroupNormalization(2)(L.Conv2D(4, 2)(i)))), x, shapes=[(None, None, 4)])
