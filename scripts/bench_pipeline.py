"""Times bulk prediction and its preprocessing, interleaved. Called by scripts/bench-pipeline."""
import csv
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

import numpy as np
import tensorflow as tf
from tensorflow import keras

from call_process import CallProcess
from interleave import in_python
from make_saved_models import breast_cancer_network
from ratios import NOTE, print_table

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ["TFRUNNER_SHARED"])
PROGRAM = ROOT / "tests/TfRunner.Benchmarks/bin/Release/net10.0/TfRunner.Benchmarks"
BATCH = 32
AUTOTUNE = tf.data.AUTOTUNE


def main():
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    with tempfile.TemporaryDirectory() as folder:
        {"decode": decode, "predict": predict, "csv": rows, "overlap": overlap}[sys.argv[1]](Path(folder), count)


def decode(folder, count):
    files = link_pictures(folder, ["china_4k", "flower_4k"], 128)
    with CallProcess([PROGRAM, "pictures", folder]) as process:
        process.answer()
        contenders = {
            "tfrunner": process.contender("exact"),
            "tfrunner --decode fast": process.contender("fast"),
            "tf.data": in_python(lambda: drain(pictures(files))),
            "tf.data, decode_jpeg(ratio=8)": in_python(lambda: drain(pictures(files, ratio=8))),
        }
        expected = np.stack(list(pictures(files[:2]).unbatch().as_numpy_iterator()))
        scaled = np.stack(list(pictures(files[:2], ratio=8).unbatch().as_numpy_iterator()))
        check("tfrunner", contenders["tfrunner"].output(), expected, 0.01)
        check("tfrunner --decode fast", contenders["tfrunner --decode fast"].output(), scaled, 8)
        rounds = time_passes(contenders, count)
    print(f"{len(files)} JPEG of 3840x2160 to 224x224x3, float32, in batches of {BATCH}, samples checked. {NOTE}\n")
    print_table(rounds, ["tfrunner", "tfrunner --decode fast"], "pictures/s", 1, rate_of=len(files))


def predict(folder, count):
    (folder / "pictures").mkdir()
    files = link_pictures(folder / "pictures", ["china", "flower"], 512)
    model = shared_model("mobilenet_v2")
    signature = tf.saved_model.load(str(model)).signatures["serving_default"]
    (feed,) = signature.structured_input_signature[1]
    (fetch,) = signature.structured_outputs

    def in_tensorflow():
        data = pictures(files, keras.applications.mobilenet_v2.preprocess_input)
        return np.concatenate([signature(**{feed: batch})[fetch].numpy() for batch in data])

    expected = in_tensorflow()
    command = [ROOT / "tfrunner", "predict", model, "-i", folder / "pictures", "--preprocess", "mobilenet_v2", "--quiet"]
    contenders = commands(command, folder / "out.npz", lambda: check("tfrunner", np.load(folder / "out.npz")[fetch], expected, 1e-4))
    contenders["tf.data and the signature"] = in_python(in_tensorflow)
    rounds = time_passes(contenders, count)
    print(f"{len(files)} JPEG of 640x427 through mobilenet_v2 in batches of {BATCH}, probabilities checked; tfrunner with its start and"
          f" the writing of a file. {NOTE}\n")
    print_table(rounds, list(contenders)[:-1], "pictures/s", 1, rate_of=len(files))


def rows(folder, count):
    times = 2000
    model = ROOT / "saved_models/breast_cancer"
    with open(model / "test.csv", newline="") as file:
        header, *lines = csv.reader(file)
    with open(folder / "rows.csv", "w", newline="") as file:
        csv.writer(file).writerows([header, *(lines * times)])
    names = [name for name in header if name != "target"]
    network, normalise = breast_cancer_network(names)
    for variable, saved in zip(network.variables, tf.saved_model.load(str(model)).variables, strict=True):
        variable.assign(saved)
    normalise.finalize_state()

    def in_keras():
        data = tf.data.TextLineDataset(str(folder / "rows.csv")).skip(1).batch(BATCH).map(
            lambda text: dict(zip(names, [column[:, None] for column in tf.io.decode_csv(text, [0.0] * len(header))])),
            num_parallel_calls=AUTOTUNE).prefetch(AUTOTUNE)
        return network.predict(data, verbose=0)

    expected = in_keras()
    check("the network built anew", expected[:len(lines)], np.load(model / "expected.npz")["probabilities"], 1e-5)
    command = [ROOT / "tfrunner", "predict", model, "-i", folder / "rows.csv", "--quiet"]
    contenders = commands(command, folder / "out.npz", lambda: check("tfrunner", np.load(folder / "out.npz")["probabilities"], expected, 1e-5))
    contenders["Keras predict() fed by tf.data"] = in_python(in_keras)
    rounds = time_passes(contenders, count)
    print(f"{len(lines) * times} CSV rows through breast_cancer in batches of {BATCH}, probabilities checked; tfrunner with its start"
          f" and the writing of a file. {NOTE}\n")
    print_table(rounds, list(contenders)[:-1], "rows/s", 1, rate_of=len(lines) * times)


def overlap(folder, count):
    files = link_pictures(folder, ["china", "flower"], 512)
    with CallProcess([PROGRAM, "pictures", folder, "onnx:compiled", shared_model("mobilenet_v2"), "--threads", "1"]) as process:
        process.answer()
        rounds = time_passes({name: process.contender(name) for name in ["decode", "model", "both"]}, count)
    seconds = {name: [block[0] for block in blocks] for name, blocks in rounds.items()}
    hidden = [(d + m - b) / min(d, m) for d, m, b in zip(seconds["decode"], seconds["model"], seconds["both"])]
    print(f"{len(files)} JPEG of 640x427 through mobilenet_v2, one thread for decoding and one for the model.\n")
    print("| | median s |\n| --- | --: |")
    for name, label in [("decode", "decoding alone"), ("model", "predicting alone"), ("both", "overlapped")]:
        print(f"| {label} | {median(seconds[name]):.3g} |")
    print(f"\nHidden of the smaller stage: {median(hidden):.0%} [{min(hidden):.0%}, {max(hidden):.0%}].")


def pictures(files, preprocess=None, ratio=1):
    def load(path):
        picture = tf.io.decode_jpeg(tf.io.read_file(path), channels=3, ratio=ratio)
        picture = tf.image.resize(picture, (224, 224))
        return preprocess(picture) if preprocess else picture
    return tf.data.Dataset.from_tensor_slices([str(file) for file in files]).map(load, num_parallel_calls=AUTOTUNE).batch(BATCH).prefetch(AUTOTUNE)


def drain(data):
    for _ in data:
        pass


def commands(command, output, verify):
    """The command on each engine that there is."""
    # The command and its user have no use for what this script's Python needs.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    library = {"TFRUNNER_TENSORFLOW": str(Path(os.environ["PYTHONPATH"]) / "tensorflow")}
    made = {}
    for engine in ["onnx", "tensorflow"]:
        run = lambda engine=engine: subprocess.run([*command, "-o", output, "--engine", engine], check=True, env=environment | library)
        run()
        verify()
        made[f"tfrunner --engine {engine}"] = in_python(run)
    return made


def time_passes(contenders, count):
    for call in contenders.values():
        call(1)
    rounds = {name: [] for name in contenders}
    for _ in range(count):
        for name in random.sample(list(contenders), len(contenders)):
            rounds[name].append(contenders[name](1))
    return rounds


def check(name, values, expected, most):
    mean = np.abs(np.ravel(values) - np.ravel(expected)).mean()
    if not mean <= most:
        sys.exit(f"error: {name}: the mean difference is {mean}")


def link_pictures(folder, names, count):
    for i in range(count):
        (folder / f"{i:05}.jpg").symlink_to((SHARED / "data/photos" / f"{names[i % len(names)]}.jpg").resolve())
    return sorted(folder.iterdir())


def shared_model(name):
    unpacked = subprocess.run([SHARED / "tf/unpack", "--models"], check=True, stdout=subprocess.PIPE, text=True).stdout
    return Path(unpacked.strip()) / "models" / name / "saved_model"


if __name__ == "__main__":
    main()
