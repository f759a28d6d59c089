"""Runs diff over folders of models. Called by scripts/diff-all."""
import argparse
import json
import subprocess
import sys
import time
from pathlib import Path

# The exit code of a model that cannot be loaded, or that takes no input that can be made up: an error, no crash.
REFUSALS = {3: "cannot be loaded", 4: "takes no random input"}


def main():
    split = sys.argv.index("--")
    command, folders = sys.argv[1], [Path(f) for f in sys.argv[2:split]]
    parser = argparse.ArgumentParser(prog="scripts/diff-all")
    parser.add_argument("--max-time", default="30s")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args(sys.argv[split + 1:])
    limit = seconds(options.max_time)
    print("| model | seconds | exit | measured | cannot run | no time | largest abs diff | remark |")
    print("| --- | --: | --: | --: | --: | --: | --: | --- |", flush=True)
    bad = 0
    for model in models(folders, options.names):
        run, took = diff(command, model, options.max_time, limit, [])
        if run.returncode == 3 and "signatures there are " in run.stderr:
            first = run.stderr.split("signatures there are ")[1].split(",")[0].strip()
            run, took = diff(command, model, options.max_time, limit, ["--signature", first])
        rows, remark, failed = judge(run, took, limit, about(model))
        bad += failed
        counts = {kind: sum(1 for r in rows if kind_of(r) == kind) for kind in ("measured", "cannot run", "no time")}
        apart = max((r["difference"]["max_absolute"] or float("inf") for r in rows if "difference" in r and r["difference"]["max_absolute"] != 0), default=0)
        print(f"| {name(model)} | {took:.1f} | {run.returncode} | {counts['measured']} | {counts['cannot run']} | {counts['no time']} | {apart:.2g} | {remark} |", flush=True)
    print(f"\n{bad} runs are not as they should be" if bad else "\nevery run is as it should be")
    return 1 if bad else 0


def diff(command, model, max_time, limit, more):
    began = time.monotonic()
    run = subprocess.run([command, "diff", model, "--max-time", max_time, "--json", *more], capture_output=True, text=True, timeout=limit * 3 + 120)
    return run, time.monotonic() - began


def seconds(text):
    unit = next(u for u in ("ms", "s", "m") if text.endswith(u))
    return float(text.removesuffix(unit)) * {"ms": 0.001, "s": 1, "m": 60}[unit]


def models(folders, names):
    for folder in folders:
        for path in sorted(p for p in folder.iterdir() if p.is_dir()):
            inner = path / "saved_model"
            model = inner if inner.is_dir() else path
            if not names or any(n in str(model) for n in names):
                yield model


def name(model):
    return model.parent.name if model.name == "saved_model" else model.name


def about(model):
    for folder in (model, model.parent):
        if (folder / "about.json").exists():
            return json.loads((folder / "about.json").read_text())
    return {}


def kind_of(row):
    if "summary" in row:
        return "measured"
    return "no time" if (row["reason"] or "").startswith("not measured: ") else "cannot run"


def judge(run, took, limit, facts):
    """The rows, what to say of the run, and whether it is not as it should be."""
    late = f"{took - limit:.1f} s late" if took > limit else ""
    if run.returncode in REFUSALS and run.stderr.startswith("error: "):
        return [], f"{late} {REFUSALS[run.returncode]}: {run.stderr.splitlines()[0][7:120]}", bool(late)
    try:
        rows = json.loads(run.stdout)["rows"]
    except (json.JSONDecodeError, KeyError):
        return [], f"no table: {run.stderr.strip()[-200:]}", True
    mismatches = [r for r in rows if r.get("difference", {}).get("mismatch") and not allowed(r["difference"], facts)]
    remark = late + "; ".join(f"{r['mode']} differs: {r['difference']['mismatch'][:80]}" for r in mismatches)
    crashed = [r["mode"] for r in rows if "crashed" in (r["reason"] or "")]
    remark += "".join(f" {mode} crashed" for mode in crashed)
    return rows, remark, bool(late or mismatches or crashed or run.returncode != 0 or not rows)


def allowed(difference, facts):
    """Some models are as exact as their about.json says; low precision and random results are no defect of a mode."""
    if facts.get("deterministic") is False:
        return True
    tolerance = facts.get("atol", 0), facts.get("rtol", 0)
    absolute, relative = difference["max_absolute"], difference["max_relative"]
    return absolute is not None and (absolute <= tolerance[0] or (relative is not None and relative <= tolerance[1]))


if __name__ == "__main__":
    sys.exit(main())
