"""Converts a model in fresh processes. Called by scripts/bench-conversion."""
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ["TFRUNNER_SHARED"])
PROGRAM = ROOT / "tests/TfRunner.Benchmarks/bin/Release/net10.0/TfRunner.Benchmarks"
FIRST = SHARED / "models/digits_cnn/saved_model"
MOST_SECONDS, MOST_TIMES, MOST_LOADING = 3, 3, 0.5


def main():
    words = [w for w in sys.argv[1:] if w != "--check"]
    name = words[0] if words else "resnet50"
    count = int(words[1]) if len(words) > 1 else 5
    folder = find(name)
    rows = {"convert to a file": [], "prepare, converting into the cache": [], "prepare, converting without a cache": [], "prepare from the cache": []}
    with tempfile.TemporaryDirectory() as place:
        target = Path(place) / "model.onnx"
        for _ in range(count):
            cache = Path(tempfile.mkdtemp(dir=place))
            rows["convert to a file"].append(run("file", folder, target))
            rows["prepare, converting into the cache"].append(run("prepare", folder, cache))
            rows["prepare from the cache"].append(run("prepare", folder, cache))
            rows["prepare, converting without a cache"].append(run("prepare", folder, "-"))
        size = sum(f.stat().st_size for f in Path(place).glob("model.onnx*"))

    print(f"{name}: {size / 1e6:.1f} MB as an ONNX model; medians of {count} fresh processes\n")
    print("| | seconds | growth of resident memory at its peak | times the model |\n| --- | --: | --: | --: |")
    medians = {}
    for row, results in rows.items():
        seconds, memory = (statistics.median(r[k] for r in results) for k in ("seconds", "memory"))
        medians[row] = seconds, memory / size
        print(f"| {row} | {seconds:.2f} [{min(r['seconds'] for r in results):.2f}, {max(r['seconds'] for r in results):.2f}] | {memory / 1e6:.0f} MB | {memory / size:.2f} |")

    if "--check" in sys.argv:
        slow = [f"{row}: {seconds:.2f} s" for row, (seconds, _) in medians.items() if seconds >= (MOST_LOADING if row == "prepare from the cache" else MOST_SECONDS)]
        large = [f"{row}: {times:.2f} times the model" for row, (_, times) in medians.items() if times >= MOST_TIMES]
        if slow or large:
            sys.exit("error: " + "; ".join(slow + large))


def find(name):
    for folder in (Path(name), SHARED / "models" / name / "saved_model"):
        if (folder / "saved_model.pb").exists():
            return folder
    unpacked = subprocess.run([SHARED / "tf/unpack", "--models"], check=True, stdout=subprocess.PIPE, text=True).stdout
    folder = Path(unpacked.strip()) / "models" / name / "saved_model"
    return folder if folder.exists() else sys.exit(f"error: there is no model '{name}'")


def run(what, model, target):
    done = subprocess.run([PROGRAM, "conversion", what, model, FIRST, target], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(f"error: {(done.stderr.strip() or 'no message').splitlines()[-1]}")
    return json.loads(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    main()
