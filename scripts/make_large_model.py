"""Writes a SavedModel with a table of more than 2 GiB, and a call of it. Called by scripts/check-large-model."""
import sys

import numpy as np
import tensorflow as tf

ROWS, COLUMNS = 600_000, 1_000


def main(folder):
    # Row i holds i + column / 1000, exact to float32's precision and cheap to check.
    table = tf.Variable(tf.range(ROWS, dtype=tf.float32)[:, None] + tf.range(COLUMNS, dtype=tf.float32)[None] / COLUMNS)
    kernel = tf.Variable(tf.random.stateless_normal([COLUMNS, 4], [1, 2]) / COLUMNS)
    module = tf.Module()
    module.variables_kept = [table, kernel]
    call = tf.function(lambda ids: {"y": tf.matmul(tf.gather(table, ids), kernel)}, input_signature=[tf.TensorSpec([None], tf.int32, name="ids")])
    module.call = call
    tf.saved_model.save(module, folder + "/model", signatures={"serving_default": call})
    ids = np.array([0, 1, 299_999, ROWS - 1], np.int32)
    np.savez(folder + "/inputs.npz", ids=ids)
    np.savez(folder + "/expected.npz", y=call(tf.constant(ids))["y"].numpy())


main(sys.argv[1])
