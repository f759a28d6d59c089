"""Records the cases of the families named on the command line (see record-ops)."""
import importlib
import os
import pkgutil
import sys

os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import op_cases
from op_cases.recorder import Family


def main():
    wanted = [a for a in sys.argv[1:] if not a.startswith("-")]
    target = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests", "TfRunner.Onnx.Tests", "Recorded")
    os.makedirs(target, exist_ok=True)
    modules = sorted(m.name for m in pkgutil.iter_modules(op_cases.__path__) if m.name != "recorder")
    for name in wanted or modules:
        family = Family(name)
        importlib.import_module("op_cases." + name).record(family)
        size = family.write(target)
        print(f"{name}: {len(family.cases)} cases, {size} bytes, {len(family.skipped)} not run by TensorFlow itself", flush=True)
        for line in family.skipped:
            print("  not recorded:", line)


main()
