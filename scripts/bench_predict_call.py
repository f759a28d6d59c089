"""Times single calls in Python and in a TfRunner process beside it, interleaved. Called by scripts/bench-predict-call."""
import sys
from pathlib import Path

import numpy as np
import tensorflow as tf

from call_process import CallProcess
from interleave import in_python, time_rounds
from make_saved_models import digits_network
from ratios import NOTE, print_table

ROOT = Path(__file__).resolve().parent.parent
MODEL = ROOT / "saved_models/digits_cnn"
PROGRAM = ROOT / "tests/TfRunner.Benchmarks/bin/Release/net10.0/TfRunner.Benchmarks"
MODES = ["onnx:compiled", "tensorflow:graph"]


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
        "Keras predict()": checked(lambda: keras_model.predict(row, verbose=0)),
        "Keras model(x)": checked(lambda: keras_model(row, training=False).numpy()),
        "Python signature": checked(lambda: signature(image=tf.constant(row))["probabilities"].numpy()),
    }
    with CallProcess([PROGRAM, "calls", MODEL, MODEL / "inputs.npz", "1", *MODES, "--threads", "1"]) as process:
        ready = process.answer()
        for name, reason in ready["unavailable"].items():
            print(f"left out: {name}: {reason}", file=sys.stderr)
        ours = [loaded["name"] for loaded in ready["ready"]]
        contenders |= {name: process.contender(name) for name in ours}
        rounds = time_rounds(contenders, expected, count)

    print(f"One call on one row of digits_cnn, one thread inside an op, outputs checked. {NOTE}\n")
    print_table(rounds, ours, "us", 1e6)


def checked(function):
    call = in_python(function)
    call.output = lambda: np.ravel(function())
    return call


if __name__ == "__main__":
    main()
