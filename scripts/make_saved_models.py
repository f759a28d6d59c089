"""Trains the models of saved_models/ and writes each with its held-out inputs, labels and README.

Called by scripts/make-saved-models.
"""
import csv
import os
import shutil
import sys
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

SEED = 20

README = """\
# {name}

{what}

| | |
| --- | --- |
| inputs | {inputs} |
| outputs | {outputs} |
| labels | `labels.txt`, one class per line in the order of the probabilities |
| held-out rows | {held_out} |
| accuracy on them | {accuracy:.4f} ({right} of {rows}) |
| trained on | {trained_on} |
| made by | `scripts/make-saved-models {name}` (TensorFlow {tensorflow}, Keras {keras}, seed {seed}) |

```
{command}
```

## Data

{data}
"""


def digits_network():
    return keras.Sequential([
        keras.Input((8, 8, 1), name="image"),
        keras.layers.Conv2D(16, 3, padding="same", use_bias=False),
        keras.layers.BatchNormalization(),
        keras.layers.ReLU(),
        keras.layers.Conv2D(32, 3, padding="same", use_bias=False),
        keras.layers.BatchNormalization(),
        keras.layers.ReLU(),
        keras.layers.MaxPooling2D(),
        keras.layers.Flatten(),
        keras.layers.Dropout(0.4),
        keras.layers.Dense(10, activation="softmax"),
    ], name="digits_cnn")


def digits_cnn(datasets, directory):
    data = np.load(datasets / "digits.npz")
    image = data["image"].astype(np.float32) / 16
    train, test = data["train"], data["test"]

    model = digits_network()
    fit(model, image[train], data["label"][train], epochs=60)

    probabilities = export(model, directory, image[test])
    np.savez_compressed(directory / "inputs.npz", image=image[test])
    np.savez_compressed(directory / "expected.npz", probabilities=probabilities, label=data["label"][test])
    write_lines(directory / "labels.txt", ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"])
    return probabilities, data["label"][test], {
        "what": "A small convolutional network that reads a handwritten digit from a grey picture of 8 by 8 pixels.",
        "inputs": "`image`: float32 [?, 8, 8, 1], 0 (paper) to 1 (ink)",
        "outputs": "`probabilities`: float32 [?, 10]",
        "held_out": f"`inputs.npz` ({len(test)} pictures); `expected.npz` holds what Keras computed for them "
                    "(`probabilities`) and which digit each is (`label`)",
        "trained_on": f"the other {len(train)} pictures of the data set",
        "command": "./tfrunner predict saved_models/digits_cnn --input saved_models/digits_cnn/inputs.npz"
                   " --labels saved_models/digits_cnn/labels.txt",
        "data": "Optical Recognition of Handwritten Digits (E. Alpaydin, C. Kaynak), UCI Machine Learning Repository,\n"
                "<https://doi.org/10.24432/C50P49>, CC BY 4.0. The pictures in `inputs.npz` are from it: pixel values\n"
                "0 to 16, divided by 16.",
    }


def breast_cancer_network(columns):
    normalise = keras.layers.Normalization(name="normalise")
    inputs = {name: keras.Input((1,), name=name) for name in columns}
    hidden = normalise(keras.layers.Concatenate()([inputs[name] for name in columns]))
    hidden = keras.layers.Dense(16, activation="relu", kernel_regularizer=keras.regularizers.L2(0.01))(hidden)
    hidden = keras.layers.Dropout(0.3)(hidden)
    return keras.Model(inputs, keras.layers.Dense(2, activation="softmax")(hidden), name="breast_cancer"), normalise


def breast_cancer(datasets, directory):
    with open(datasets / "breast_cancer.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    columns = [name for name in rows[0] if name not in ("target", "part")]
    parts = {part: [row for row in rows if row["part"] == part] for part in ("train", "test")}
    features = {part: np.array([[row[c] for c in columns] for row in part_rows], np.float32) for part, part_rows in parts.items()}
    target = {part: np.array([row["target"] for row in part_rows], np.int64) for part, part_rows in parts.items()}

    def by_name(matrix):
        return {name: matrix[:, [i]] for i, name in enumerate(columns)}

    model, normalise = breast_cancer_network(columns)
    normalise.adapt(features["train"])
    fit(model, by_name(features["train"]), target["train"], epochs=100)

    probabilities = export(model, directory, by_name(features["test"]))
    with open(directory / "test.csv", "w", newline="") as file:
        writer = csv.DictWriter(file, [*columns, "target"], extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(parts["test"])  # The data set's own digits, so nothing is lost or added by rounding.
    np.savez_compressed(directory / "expected.npz", probabilities=probabilities, label=target["test"])
    write_lines(directory / "labels.txt", ["malignant", "benign"])
    return probabilities, target["test"], {
        "what": "A small dense network that tells a benign from a malignant tumour by 30 measurements of cell nuclei. It shows\n"
                "table input: every column of the CSV file is an input of its own. A demonstration, not a medical device.",
        "inputs": f"{len(columns)} columns named as in `test.csv`, each float32 [?, 1]",
        "outputs": "`probabilities`: float32 [?, 2]",
        "held_out": f"`test.csv` ({len(parts['test'])} rows); its column `target` (0 malignant, 1 benign) is the answer and no input. "
                    "`expected.npz` holds what Keras computed (`probabilities`) and the answers (`label`)",
        "trained_on": f"the other {len(parts['train'])} rows of the data set",
        "command": "./tfrunner predict saved_models/breast_cancer --input saved_models/breast_cancer/test.csv"
                   " --labels saved_models/breast_cancer/labels.txt",
        "data": "Breast Cancer Wisconsin (Diagnostic) (W. Wolberg, O. Mangasarian, N. Street), UCI Machine Learning Repository,\n"
                "<https://doi.org/10.24432/C5DW2B>, CC BY 4.0. The rows in `test.csv` are from it, unchanged.",
    }


def fit(model, inputs, target, epochs):
    batch_size = 32
    steps = epochs * -(-len(target) // batch_size)
    model.compile(keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(3e-3, steps)), "sparse_categorical_crossentropy")
    model.fit(inputs, target, epochs=epochs, batch_size=batch_size, verbose=0)


def export(model, directory, held_out):
    """Writes the SavedModel, loads it again, and returns what the loaded one computes for the held-out rows."""
    shutil.rmtree(directory, ignore_errors=True)
    # A dictionary as output gives the signature's output a name that means something.
    inputs = {tensor.name: tensor for tensor in model.inputs}
    keras.Model(inputs, {"probabilities": model.outputs[0]}, name=model.name).export(str(directory), verbose=False)
    shutil.rmtree(directory / "assets", ignore_errors=True)  # Empty, and a checkout would not have it.

    signature = tf.saved_model.load(str(directory)).signatures["serving_default"]
    named = {"image": held_out} if isinstance(held_out, np.ndarray) else held_out
    probabilities = signature(**{name: tf.constant(value) for name, value in named.items()})["probabilities"].numpy()
    np.testing.assert_allclose(probabilities, model.predict(held_out, verbose=0), rtol=1e-4, atol=1e-6)
    return probabilities


def write_lines(path, lines):
    path.write_text("\n".join(lines) + "\n")


MODELS = {"digits_cnn": (digits_cnn, 0.985), "breast_cancer": (breast_cancer, 0.95)}


def main():
    datasets = Path(os.environ["TFRUNNER_SHARED"]) / "data/datasets"
    out = Path(__file__).resolve().parent.parent / "saved_models"
    for name in sys.argv[1:] or MODELS:
        if name not in MODELS:
            sys.exit(f"make-saved-models: there is no model '{name}'; the models are {', '.join(MODELS)}")
        make, required = MODELS[name]
        keras.utils.set_random_seed(SEED)
        probabilities, label, about = make(datasets, out / name)
        right = int((probabilities.argmax(axis=1) == label).sum())
        accuracy = right / len(label)
        (out / name / "README.md").write_text(README.format(
            name=name, accuracy=accuracy, right=right, rows=len(label), seed=SEED,
            tensorflow=tf.__version__, keras=keras.__version__, **about))
        print(f"{name}: accuracy {accuracy:.4f} on {len(label)} held-out rows")
        if accuracy < required:
            sys.exit(f"make-saved-models: {name} must reach {required}")


if __name__ == "__main__":
    tf.config.experimental.enable_op_determinism()
    main()
