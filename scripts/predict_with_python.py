"""What a user without TfRunner runs to predict from a SavedModel: predict_with_python.py MODEL INPUT.npz OUTPUT.npz"""
import sys

import numpy as np
import tensorflow as tf

signature = tf.saved_model.load(sys.argv[1]).signatures["serving_default"]
inputs = np.load(sys.argv[2])
outputs = signature(**{name: tf.constant(inputs[name]) for name in inputs.files})
np.savez(sys.argv[3], **{name: value.numpy() for name, value in outputs.items()})
