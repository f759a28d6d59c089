"""Loads a model in fresh processes, interleaved. Called by scripts/bench-load."""
import json
import os
import random
import subprocess
import sys
from pathlib import Path

import numpy as np

from ratios import NOTE, print_table

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ["TFRUNNER_SHARED"])
PROGRAM = ROOT / "tests/TfRunner.Benchmarks/bin/Release/net10.0/TfRunner.Benchmarks"
FIRST = [SHARED / "models/digits_cnn/saved_model", SHARED / "models/digits_cnn/cases/serving_default.0.inputs.npz"]


def main():
    name = sys.argv[1] if len(sys.argv) > 1 else "resnet50"
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    folder = SHARED / "models" / name
    if not folder.exists():
        unpacked = subprocess.run([SHARED / "tf/unpack", "--models"], check=True, stdout=subprocess.PIPE, text=True).stdout
        folder = Path(unpacked.strip()) / "models" / name
    if not folder.exists():
        sys.exit(f"error: there is no model '{name}' in {SHARED}/models")
    case = [folder / "saved_model", folder / "cases/serving_default.0.inputs.npz"]

    commands = {
        "Python tf.saved_model.load": ["python3", "-s", ROOT / "scripts/load_with_python.py", *case, *FIRST],
        "tensorflow:graph": [PROGRAM, "load", "tensorflow:graph", *case, *FIRST],
        "tensorflow:function": [PROGRAM, "load", "tensorflow:function", *case, *FIRST],
        "onnx:compiled": [PROGRAM, "load", "onnx:compiled", *case, *FIRST],
    }
    measured = {name: [] for name in commands}
    for round_number in range(count + 1):
        for contender in random.sample(list(commands), len(commands)):
            result = run(contender, commands[contender])
            if result is None:
                del commands[contender], measured[contender]
            elif round_number > 0:  # The first round brings the files into the page cache.
                measured[contender].append(result)

    with np.load(folder / "cases/serving_default.0.outputs.npz") as expected:
        array = next(iter(expected.values())).ravel()
    for contender, results in measured.items():
        np.testing.assert_allclose(results[-1]["output"], array, rtol=1e-3, atol=2e-3, err_msg=contender)

    ours = [contender for contender in measured if not contender.startswith("Python")]
    print(f"Loading {name}, first call on the recorded input, outputs checked. {NOTE}")
    for title, key, unit, scale in [("Loading", "load", "s", 1), ("First call", "first_call", "s", 1),
                                    ("Growth of resident memory at its peak, over both", "memory", "MB", 1e-6)]:
        print(f"\n{title}\n")
        print_table({contender: [[result[key]] for result in results] for contender, results in measured.items()}, ours, unit, scale)


def run(contender, command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        print(f"left out: {contender}: {(done.stderr.strip() or 'no message').splitlines()[-1]}", file=sys.stderr)
        return None
    return json.loads(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    main()
