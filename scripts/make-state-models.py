#!/usr/bin/env python3
"""Makes the small SavedModels whose state is more than plain variables, which tests/TfRunner.TensorFlow.Tests/Recorded holds.

Usage: scripts/python-tensorflow make-state-models.py FOLDER
"""
import sys
from pathlib import Path

import tensorflow as tf
from tensorflow.python.ops import lookup_ops

v1 = tf.compat.v1


def tensorflow1(folder, words):
    """Reference variables, one of them partitioned and one never saved; a table in the checkpoint; a table from an asset."""
    with tf.Graph().as_default(), v1.Session() as session:
        x = v1.placeholder(tf.float32, [None, 4], name="x")
        key = v1.placeholder(tf.string, [None], name="key")
        rows = v1.get_variable("rows", [4, 3], initializer=lambda shape, dtype, partition_info: tf.reshape(
            tf.range(3.0 * partition_info.var_offset[0], 3.0 * (partition_info.var_offset[0] + shape[0])), shape),
            partitioner=v1.fixed_size_partitioner(2, axis=0),
            use_resource=False)
        bias = v1.get_variable("bias", initializer=tf.constant([10.0, 20.0, 30.0]), use_resource=False)
        v1.get_variable("unused", [64], initializer=v1.ones_initializer(), use_resource=False)
        local = v1.get_variable("local", initializer=tf.constant(7.0), collections=[v1.GraphKeys.LOCAL_VARIABLES], use_resource=False)
        y = tf.matmul(x, tf.convert_to_tensor(rows)) + bias + local
        saved = lookup_ops.MutableHashTable(tf.string, tf.int64, -1, name="saved", checkpoint=True)
        asset = tf.lookup.StaticHashTable(tf.lookup.TextFileInitializer(
            str(words), tf.string, tf.lookup.TextFileIndex.WHOLE_LINE, tf.int64, tf.lookup.TextFileIndex.LINE_NUMBER), -1)

        session.run([v1.global_variables_initializer(), v1.local_variables_initializer(), v1.tables_initializer()])
        session.run(saved.insert(tf.constant(["a", "b"]), tf.constant([100, 200], tf.int64)))
        signature = v1.saved_model.predict_signature_def
        builder = v1.saved_model.Builder(str(folder))
        builder.add_meta_graph_and_variables(
            session, ["serve"],
            signature_def_map={
                "serving_default": signature({"x": x}, {"y": y}),
                "saved": signature({"key": key}, {"value": saved.lookup(key)}),
                "asset": signature({"key": key}, {"value": asset.lookup(key)}),
            },
            assets_collection=v1.get_collection(v1.GraphKeys.ASSET_FILEPATHS),
            main_op=tf.group(v1.tables_initializer(), v1.local_variables_initializer()))
        builder.save()


class Tables(tf.Module):
    """A counter, and a table that is filled by calls and kept in the checkpoint."""

    def __init__(self):
        super().__init__()
        self.count = tf.Variable(5, dtype=tf.int64)
        self.table = tf.lookup.experimental.MutableHashTable(tf.string, tf.int64, -1)
        self.table.insert(["a", "b"], tf.constant([100, 200], tf.int64))

    @tf.function(input_signature=[tf.TensorSpec([], tf.int64)])
    def add(self, amount):
        return {"count": self.count.assign_add(amount)}

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string)])
    def find(self, key):
        return {"value": self.table.lookup(key)}

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string)])
    def both(self, key):
        return {"value": self.table.lookup(key) + self.count}


def tensorflow2(folder):
    tables = Tables()
    tf.saved_model.save(tables, str(folder), signatures={"add": tables.add, "find": tables.find, "both": tables.both})


def main():
    folder = Path(sys.argv[1])
    words = folder / "words.txt"
    words.write_text("zero\none\ntwo\n")
    tensorflow1(folder / "state_tf1", words)
    tensorflow2(folder / "state_tf2")
    words.unlink()


if __name__ == "__main__":
    main()
