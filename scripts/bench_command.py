"""Times whole processes, interleaved. Called by scripts/bench-command. Imports nothing but NumPy itself."""
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from ratios import NOTE, print_table

ROOT = Path(__file__).resolve().parent.parent
MODEL = "saved_models/digits_cnn"
INPUT = f"{MODEL}/inputs.npz"


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    environment = os.environ | {"TFRUNNER_TENSORFLOW": str(Path(os.environ["PYTHONPATH"]) / "tensorflow")}
    # The command and its user have no use for what this script's Python needs.
    ours = {name: value for name, value in environment.items() if name != "PYTHONPATH"}
    with tempfile.TemporaryDirectory() as folder:
        output = f"{folder}/outputs.npz"
        predict = ["./tfrunner", "predict", MODEL, "--input", INPUT, "--output", output, "--engine"]
        commands = {
            "tfrunner --engine onnx": (predict + ["onnx"], ours),
            "tfrunner --engine tensorflow": (predict + ["tensorflow"], ours),
            "Python": (["python3", "-s", "scripts/predict_with_python.py", MODEL, INPUT, output], environment),
        }
        for name in list(commands):  # Also builds what is not built, and brings files into the page cache.
            _, problem = run(*commands[name], output)
            if problem:
                print(f"left out: {name}: {problem}", file=sys.stderr)
                del commands[name]
        if "Python" not in commands or len(commands) == 1:
            sys.exit("error: there is nothing to compare")

        rounds = {name: [] for name in commands}
        for _ in range(count):
            for name in random.sample(list(commands), len(commands)):
                seconds, problem = run(*commands[name], output)
                if problem:
                    sys.exit(f"error: {name}: {problem}")
                rounds[name].append([seconds])

    print(f"The whole command on {MODEL}, {len(np.load(ROOT / INPUT)['image'])} rows, outputs checked. {NOTE}\n")
    print_table(rounds, [name for name in commands if name != "Python"], "s", 1)


def run(command, environment, output):
    """Runs a command and returns its seconds and what was wrong with it, if anything."""
    Path(output).unlink(missing_ok=True)
    started = time.perf_counter()
    done = subprocess.run(command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    seconds = time.perf_counter() - started
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
        return seconds, next((line for line in lines if line.startswith("error:")), lines[-1])
    expected = np.load(ROOT / MODEL / "expected.npz")["probabilities"]
    agree = np.allclose(np.load(output)["probabilities"], expected, rtol=1e-3, atol=1e-5)
    return seconds, None if agree else "the outputs differ from what was recorded"


if __name__ == "__main__":
    main()
