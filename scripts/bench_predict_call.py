"""Times single calls in Python and in a TfRunner process beside it, interleaved. Called by scripts/bench-predict-call."""
import json
import random
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import tensorflow as tf

from make_saved_models import digits_network
from ratios import NOTE, print_table

ROOT = Path(__file__).resolve().parent.parent
MODEL = ROOT / "saved_models/digits_cnn"
PROGRAM = ROOT / "tests/TfRunner.Benchmarks/bin/Release/net10.0/TfRunner.Benchmarks"
MODES = ["onnx:compiled", "tensorflow:graph"]
BLOCK_SECONDS = 0.1


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    row = np.load(MODEL / "inputs.npz")["image"][:1]
    expected = np.load(MODEL / "expected.npz")["probabilities"][:1]

    tf.config.threading.set_intra_op_parallelism_threads(1)
    saved = tf.saved_model.load(str(MODEL))
    signature = saved.signatures["serving_default"]
    keras_model = digits_network()
    weights = {variable.name.split(":")[0]: variable.numpy() for variable in saved.variables}
    for variable in keras_model.variables:
        variable.assign(weights[variable.path])

    # Each takes NumPy's memory and gives NumPy's memory, as TfRunner's bound call takes and gives its own.
    contenders = {
        "Keras predict()": in_python(lambda: keras_model.predict(row, verbose=0)),
        "Keras model(x)": in_python(lambda: keras_model(row, training=False).numpy()),
        "Python signature": in_python(lambda: signature(image=tf.constant(row))["probabilities"].numpy()),
    }
    with subprocess.Popen([PROGRAM, "calls", MODEL, MODEL / "inputs.npz", "1", *MODES, "--threads", "1"],
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        ready = json.loads(process.stdout.readline())
        for name, reason in ready["unavailable"].items():
            print(f"left out: {name}: {reason}", file=sys.stderr)
        ours = [loaded["name"] for loaded in ready["ready"]]
        contenders |= {name: in_tfrunner(process, name) for name in ours}

        blocks = {}
        for name, call in contenders.items():
            call(20)
            np.testing.assert_allclose(call.output(), expected.ravel(), rtol=1e-3, atol=1e-5, err_msg=name)
            blocks[name] = max(5, min(5000, int(BLOCK_SECONDS / np.median(call(20)))))
        rounds = {name: [] for name in contenders}
        for _ in range(count):
            for name in random.sample(list(contenders), len(contenders)):
                rounds[name].append(contenders[name](blocks[name]))
        process.stdin.close()

    print(f"One call on one row of digits_cnn, one thread inside an op, outputs checked. {NOTE}\n")
    print_table(rounds, ours, "us", 1e6)


def in_python(function):
    def call(count):
        seconds = []
        for _ in range(count):
            started = time.perf_counter()
            function()
            seconds.append(time.perf_counter() - started)
        return seconds
    call.output = lambda: np.ravel(function())
    return call


def in_tfrunner(process, name):
    def ask(question):
        process.stdin.write(question + "\n")
        process.stdin.flush()
        return json.loads(process.stdout.readline())
    def call(count):
        return [micros / 1e6 for micros in ask(f"call {name} {count}")]
    call.output = lambda: ask(f"outputs {name}")
    return call


if __name__ == "__main__":
    main()
