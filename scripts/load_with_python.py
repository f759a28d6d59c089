"""Loads a model once and calls it once, and prints seconds and bytes: load_with_python.py MODEL INPUT FIRST-MODEL FIRST-INPUT"""
import json
import sys
import time
from pathlib import Path

import numpy as np
import tensorflow as tf


def load(model, input_file):
    with np.load(input_file) as arrays:
        inputs = dict(arrays)
    started = time.perf_counter()
    signature = tf.saved_model.load(model).signatures["serving_default"]
    loaded = time.perf_counter()
    output = next(iter(signature(**{name: tf.constant(value) for name, value in inputs.items()}).values())).numpy()
    return signature, loaded - started, time.perf_counter() - loaded, output


def resident(key):
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(key))
    return int(line.split()[1]) * 1024


model, input_file, first_model, first_input = sys.argv[1:]
first = load(first_model, first_input)  # What the runtime's own start costs does not count.
Path("/proc/self/clear_refs").write_text("5")
before = resident("VmRSS:")
_, load_seconds, call_seconds, output = load(model, input_file)
print(json.dumps({"load": load_seconds, "first_call": call_seconds, "memory": resident("VmHWM:") - before,
                  "output": output.ravel().tolist()}))
