#!/usr/bin/env python3
"""Records what Python TensorFlow reads from the checkpoints of models: per tensor dtype, shape and a digest of its bytes.

Usage: record-checkpoint-facts.py OUTPUT.json MODELS_DIRECTORY...
Each MODELS_DIRECTORY holds NAME/saved_model/variables/variables.index. The tests of TfRunner.SavedModels compare with it.
"""
import hashlib
import json
import pathlib
import sys

import numpy as np
import tensorflow as tf


def digest(tensor):
    # NumPy's own fixed-width strings would lose trailing NULs.
    value = np.array(tensor, dtype=object) if isinstance(tensor, bytes) else np.asarray(tensor)
    if value.dtype == object:
        data = b"".join(len(s).to_bytes(4, "little") + s for s in value.reshape(-1).tolist())
    else:
        data = value.tobytes()
    return hashlib.sha256(data).hexdigest()[:12]


def main():
    facts = {}
    for folder in sys.argv[2:]:
        for index in sorted(pathlib.Path(folder).glob("*/saved_model/variables/variables.index")):
            reader = tf.train.load_checkpoint(str(index)[: -len(".index")])
            dtypes = reader.get_variable_to_dtype_map()
            try:
                facts[index.parts[-4]] = {
                    name: [dtypes[name].name, shape, digest(reader.get_tensor(name))]
                    for name, shape in sorted(reader.get_variable_to_shape_map().items())
                }
            except tf.errors.OpError as error:
                print(index, error.message, file=sys.stderr)
    lines = [f" {json.dumps(m)}: {json.dumps(t, separators=(',', ':'))}" for m, t in sorted(facts.items())]
    pathlib.Path(sys.argv[1]).write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
