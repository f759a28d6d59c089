"""Compares the modes of Python TensorFlow with ours on two models. Called by scripts/compare-with-python-modes."""
import os
import sys
import time
from pathlib import Path
from statistics import median

import numpy as np
import tensorflow as tf

from call_process import CallProcess
from interleave import time_rounds
from make_saved_models import digits_network

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ["TFRUNNER_SHARED"])
PROGRAM = ROOT / "tests/TfRunner.Benchmarks/bin/Release/net10.0/TfRunner.Benchmarks"

# Python's run_functions_eagerly, a call of the signature, tf.function and jit_compile, against the mode that answers the same
# question. The last two are called in the same way in Python, through tf.function; a signature is one function already, which
# spares Python the choice among those that it has traced.
PAIRS = [("eager", "tensorflow:eager"), ("signature", "tensorflow:function"), ("function", "tensorflow:function"), ("xla", "tensorflow:xla")]
ORDERED = [pair for pair in PAIRS if pair[0] != "signature"]


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    tf.config.threading.set_intra_op_parallelism_threads(1)
    print("One call, one thread inside an op, outputs checked, interleaved rounds; medians over all calls.")
    print("A ratio is TfRunner's median divided by Python's; in brackets the extremes of single rounds.")
    affine(count)
    digits(count)


def affine(count):
    folder = SHARED / "models/affine"
    case = next(c for c in sorted((folder / "cases").glob("*.inputs.npz")) if np.load(c)[np.load(c).files[0]].size > 0)
    inputs = np.load(case)
    expected = np.load(str(case).replace(".inputs.", ".outputs."))
    name, output = inputs.files[0], expected.files[0]
    saved = tf.saved_model.load(str(folder / "saved_model"))
    signature = saved.signatures["serving_default"]
    scale, bias = (tf.Variable(v.numpy()) for v in sorted(signature.variables, key=lambda v: v.name, reverse=True))
    row = inputs[name]
    if not np.allclose((scale * row + bias).numpy(), expected[output], equal_nan=True):
        scale, bias = bias, scale

    @tf.function
    def network(x):
        return scale * x + bias

    compare("affine", folder / "saved_model", case, network, signature, name, output, row, expected[output], count)


def digits(count):
    folder = ROOT / "saved_models/digits_cnn"
    row = np.load(folder / "inputs.npz")["image"][:1]
    expected = np.load(folder / "expected.npz")["probabilities"][:1]
    saved = tf.saved_model.load(str(folder))
    keras_model = digits_network()
    weights = {variable.name.split(":")[0]: variable.numpy() for variable in saved.variables}
    for variable in keras_model.variables:
        variable.assign(weights[variable.path])
    network = tf.function(lambda x: keras_model(x, training=False))
    compare("digits_cnn", folder, folder / "inputs.npz", network, saved.signatures["serving_default"], "image", "probabilities", row, expected, count)


def compare(title, model, inputs, network, signature, name, output, row, expected, count):
    traced = tf.function(lambda x: signature(**{name: x})[output])
    compiled = tf.function(lambda x: signature(**{name: x})[output], jit_compile=True)
    contenders = {
        "eager": in_python(lambda: network(tf.constant(row)).numpy(), eager=True),
        "signature": in_python(lambda: signature(**{name: tf.constant(row)})[output].numpy()),
        "function": in_python(lambda: traced(tf.constant(row)).numpy()),
        "xla": in_python(lambda: compiled(tf.constant(row)).numpy()),
    }
    modes = [ours for _, ours in ORDERED] + ["tensorflow:graph"]
    batch = row.shape[0] if row.ndim else 1
    with CallProcess([PROGRAM, "calls", model, inputs, str(batch), *modes, "--threads", "1"]) as process:
        ready = process.answer()
        for mode, reason in ready["unavailable"].items():
            print(f"left out: {mode}: {reason}", file=sys.stderr)
        contenders |= {r["name"]: process.contender(r["name"]) for r in ready["ready"]}
        rounds = time_rounds(contenders, expected, count)
    print(f"\n{title}\n\n| mode | Python us | TfRunner us | ratio |\n| --- | --: | --: | --: |")
    for python, ours in PAIRS:
        if ours in rounds:
            per_round = [median(a) / median(b) for a, b in zip(rounds[ours], rounds[python], strict=True)]
            there, here = micros(rounds[python]), micros(rounds[ours])
            print(f"| {python} | {there:.4g} | {here:.4g} | {here / there:.3g} [{min(per_round):.3g}, {max(per_round):.3g}] |")
    if "tensorflow:graph" in rounds:
        print(f"| graph | - | {micros(rounds['tensorflow:graph']):.4g} | - |")
    order = [sorted(names, key=lambda n: micros(rounds[n])) for names in ([p for p, o in ORDERED if o in rounds], [o for _, o in ORDERED if o in rounds])]
    print(f"\nfrom quick to slow: Python {' < '.join(order[0])}; TfRunner {' < '.join(order[1])}")


def micros(blocks):
    return median(sum(blocks, [])) * 1e6


def in_python(function, eager=False):
    def call(count):
        tf.config.run_functions_eagerly(eager)
        seconds = []
        for _ in range(count):
            started = time.perf_counter()
            function()
            seconds.append(time.perf_counter() - started)
        tf.config.run_functions_eagerly(False)
        return seconds

    def output():
        tf.config.run_functions_eagerly(eager)
        try:
            return np.ravel(function())
        finally:
            tf.config.run_functions_eagerly(False)

    call.output = output
    return call


if __name__ == "__main__":
    main()
