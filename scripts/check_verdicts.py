"""Compares the verdicts of several runs of diff. Called by scripts/check-verdicts."""
import argparse
import json
import subprocess
import sys
from pathlib import Path

MODELS = ["affine", "digits_cnn", "text_classifier", "lstm_forecast", "transformer_small"]
# Ends with this script, however that is ended.
HOG = "import os\nparent = os.getppid()\nwhile os.getppid() == parent: pass"


def main():
    command, folder = sys.argv[1], Path(sys.argv[2])
    parser = argparse.ArgumentParser(prog="scripts/check-verdicts")
    parser.add_argument("--max-time", default="30s")
    parser.add_argument("models", nargs="*")
    options = parser.parse_args(sys.argv[3:])
    turned = 0
    print("| model | mode | first run | second run | beside a hog | |\n| --- | --- | --- | --- | --- | --- |", flush=True)
    for model in options.models or [str(folder / m / "saved_model") for m in MODELS]:
        first, second = diff(command, model, options), diff(command, model, options)
        hog = subprocess.Popen([sys.executable, "-c", HOG])
        try:
            beside = diff(command, model, options)
        finally:
            hog.kill()
            hog.wait()
        for mode in first:
            three = [run.get(mode, ("-", "")) for run in (first, second, beside)]
            wrong = judge(*(verdict for verdict, _ in three))
            turned += bool(wrong)
            cells = " | ".join(f"{verdict} {ratio}".strip() for verdict, ratio in three)
            print(f"| {Path(model).parent.name} | {mode} | {cells} | {wrong} |", flush=True)
    print(f"\n{turned} verdicts were turned round" if turned else "\nno verdict was turned round")
    return 1 if turned else 0


def diff(command, model, options):
    run = subprocess.run([command, "diff", model, "--max-time", options.max_time, "--cold-calls", "0", "--json"], capture_output=True, text=True)
    if run.returncode != 0:
        sys.exit(f"diff of {model} ended with {run.returncode}: {run.stderr.strip()[-300:]}")
    rows = json.loads(run.stdout)["rows"]
    return {r["mode"]: (r["ratio"]["verdict"], f"{r['ratio']['value']:.3g} [{r['ratio']['low'] or 0:.3g}, {r['ratio']['high'] or float('inf'):.3g}]") for r in rows if "ratio" in r}


def judge(first, second, beside):
    known = {first, second} - {"-", "inconclusive"}
    if len(known) > 1:
        return "the runs contradict each other"
    if known == {"indistinguishable"} and beside in ("faster", "slower"):
        return "the hog made a winner"
    return ""


if __name__ == "__main__":
    sys.exit(main())
