"""Records what NumPy answers for percentiles, for tests/TfRunner.Measurement.Tests.

usage: python3 scripts/record-percentiles.py > tests/TfRunner.Measurement.Tests/Recorded/percentiles.json
"""
import json
import sys

import numpy as np

random = np.random.default_rng(7)
samples = {
    "one": [3.5],
    "two": [1.0, 2.0],
    "ties": [2.0, 2.0, 2.0, 5.0, 5.0],
    "normal": random.normal(100, 5, 37).tolist(),
    "log_normal": random.lognormal(3, 1, 200).tolist(),
    "tiny": (random.random(11) * 1e-9).tolist(),
    "huge": (random.random(12) * 1e15).tolist(),
    "integers": random.integers(0, 9, 1001).astype(float).tolist(),
}
fractions = [0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1]
json.dump(
    [
        {"name": name, "values": values, "fractions": fractions, "answers": np.quantile(values, fractions).tolist()}
        for name, values in samples.items()
    ],
    sys.stdout,
)
sys.stdout.write("\n")
