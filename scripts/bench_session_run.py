"""Times TfRunner's bound call and a C loop in a process each, interleaved. Called by scripts/bench-session-run."""
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from call_process import CallProcess
from interleave import time_rounds
from ratios import NOTE, print_table

ROOT = Path(__file__).resolve().parent.parent
MODELS = Path(os.environ["TFRUNNER_SHARED"]) / "models"
NATIVE = Path(os.environ["PYTHONPATH"]) / "tensorflow"
PROGRAM = ROOT / "tests/TfRunner.Benchmarks/bin/Release/net10.0/TfRunner.Benchmarks"
CASE = "cases/serving_default.0"


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    with tempfile.TemporaryDirectory() as folder:
        loop = f"{folder}/session_run_loop"
        subprocess.run(["gcc", "-O2", "-Wall", "-o", loop, ROOT / "scripts/session_run_loop.c",
                        NATIVE / "libtensorflow_cc.so.2", NATIVE / "libtensorflow_framework.so.2", f"-Wl,-rpath,{NATIVE}"], check=True)
        print(f"One call, one thread inside an op, outputs checked. {NOTE}")
        for name in ["affine", "digits_cnn"]:
            rounds = compare(MODELS / name, loop, f"{folder}/input", count)
            print(f"\n{name}\n")
            print_table(rounds, ["C loop over TF_SessionRun"], "us", 1e6)


def compare(model, loop, raw_input, count):
    with np.load(model / f"{CASE}.inputs.npz") as inputs, np.load(model / f"{CASE}.outputs.npz") as outputs:
        (name, value), expected = next(iter(inputs.items())), next(iter(outputs.values()))
    value = value[:1]
    value.astype(np.float32).tofile(raw_input)
    saved_model = model / "saved_model"
    with CallProcess([PROGRAM, "calls", saved_model, model / f"{CASE}.inputs.npz", "1", "tensorflow:graph", "--threads", "1"]) as ours:
        ready = ours.answer()
        if ready["unavailable"]:
            sys.exit(f"error: {ready['unavailable']}")
        tensors = ready["ready"][0]
        command = [loop, saved_model, tensors["feeds"][name], *tensors["fetches"].values(), raw_input, *map(str, value.shape)]
        with CallProcess(command) as theirs:
            return time_rounds({"tensorflow:graph": ours.contender("tensorflow:graph"), "C loop over TF_SessionRun": theirs.contender()},
                               expected[:1], count)


if __name__ == "__main__":
    main()
