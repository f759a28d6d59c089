#!/usr/bin/env python3
"""Makes the small checkpoint with partitioned variables that tests/TfRunner.SavedModels.Tests/Recorded/sliced holds.

Usage: make-sliced-checkpoint.py PREFIX
"""
import sys

import numpy as np
import tensorflow.compat.v1 as tf


def main():
    with tf.Graph().as_default(), tf.Session() as session:
        tf.get_variable(
            "rows",
            shape=(200, 3),
            initializer=lambda shape, dtype, partition_info: tf.reshape(
                tf.range(3.0 * partition_info.var_offset[0], 3.0 * (partition_info.var_offset[0] + shape[0])), shape),
            partitioner=tf.fixed_size_partitioner(3, axis=0))
        tf.get_variable(
            "columns",
            shape=(4, 140),
            dtype=tf.int64,
            initializer=lambda shape, dtype, partition_info: tf.constant(
                np.arange(4 * 140).reshape(4, 140)[:, partition_info.var_offset[1]:][:, :shape[1]], dtype),
            partitioner=tf.fixed_size_partitioner(2, axis=1))
        tf.get_variable("words", initializer=tf.constant([b"a", b"", b"ccc", b"dd"]), use_resource=True)
        session.run(tf.global_variables_initializer())
        tf.train.Saver().save(session, sys.argv[1], write_meta_graph=False, write_state=False)


if __name__ == "__main__":
    main()
