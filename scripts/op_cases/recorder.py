"""Builds small graphs, runs them with TensorFlow, and packs graphs, inputs and outputs."""
import gzip
import io
import json
import os
import tarfile
import zlib

import numpy as np
import tensorflow as tf
from tensorflow.python.framework import meta_graph
from tensorflow.core.protobuf import meta_graph_pb2, saved_model_pb2

v1 = tf.compat.v1

F16, F32, F64 = np.float16, np.float32, np.float64
BF16 = tf.bfloat16.as_numpy_dtype
I8, I16, I32, I64 = np.int8, np.int16, np.int32, np.int64
U8, U16, U32, U64 = np.uint8, np.uint16, np.uint32, np.uint64
LARGEST = 900_000
NAMES = {np.dtype(t).name: t for t in (F16, F32, F64, I8, I16, I32, I64, U8, U16, U32, U64, np.bool_)}


class Family:
    """The cases of one family of ops, with a generator of their own so that families do not disturb each other."""

    def __init__(self, name):
        self.name = name
        self.cases = {}
        self.skipped = []
        self.rng = np.random.default_rng(zlib.crc32(name.encode()))

    def data(self, dtype, *shape, low=-3.0, high=3.0):
        """Random numbers of a dtype; integers without a sign start at 0."""
        dtype = np.dtype(dtype) if dtype is not BF16 else dtype
        if dtype == np.bool_:
            return self.rng.integers(0, 2, shape).astype(np.bool_)
        if dtype is not BF16 and dtype.kind in "iu":
            return self.rng.integers(max(0, int(low)) if dtype.kind == "u" else int(low), int(high) + 1, shape).astype(dtype)
        return (self.rng.random(shape) * (high - low) + low).astype(F32 if dtype is BF16 or dtype == F32 else dtype).astype(dtype)

    def case(self, name, build, *inputs, spec="static", shapes=None, fed=(), **about):
        """Records one case.

        build takes the placeholders and returns one tensor or several. spec declares the placeholders' shapes: static, batch
        (first dimension unknown), dims (all dimensions unknown) or rank (rank unknown). A refused case says why in `refused`.
        """
        if spec == "both":
            self.case(name, build, *inputs, spec="static", shapes=shapes, **about)
            self.case(name + "_dynamic", build, *inputs, spec="dims", shapes=shapes, **about)
            return
        if name in self.cases:
            raise ValueError(f"{self.name}/{name} is there already")
        inputs = [np.asarray(x) for x in inputs]
        inputs = [x.astype("S") if x.dtype.kind == "U" else x for x in inputs]
        graph = tf.Graph()
        try:
            with graph.as_default():
                v1.set_random_seed(1)
                fed = []
                for i, x in enumerate(inputs):
                    dims = list(x.shape)
                    declared = {"static": dims, "batch": [None] + dims[1:] if dims else dims, "dims": [None] * len(dims), "rank": None}[spec]
                    if shapes and shapes[i] is not False:
                        declared = shapes[i]
                    dtype = tf.string if x.dtype.kind == "S" else tf.as_dtype(x.dtype)
                    fed.append(v1.placeholder(dtype, declared, name=f"in{i}"))
                results = build(*fed)
                results = list(results) if isinstance(results, (list, tuple)) else [results]
                results = [tf.identity(r, name=f"result{i}") for i, r in enumerate(results)]
                prepare = v1.tables_initializer()
                has_tables = bool(v1.get_collection(v1.GraphKeys.TABLE_INITIALIZERS))
                has_variables = bool(v1.global_variables())
                config = v1.ConfigProto(intra_op_parallelism_threads=1, inter_op_parallelism_threads=1)
                with v1.Session(graph=graph, config=config) as session:
                    if has_variables:
                        raise ValueError("cases have constants, not variables")
                    session.run(prepare)
                    # As objects: an array of fixed width would pad short strings with zeros.
                    values = session.run(results, {p: x.astype(object) if x.dtype.kind == "S" else x for p, x in zip(fed, inputs)})
        except (tf.errors.InvalidArgumentError, tf.errors.UnimplementedError, tf.errors.NotFoundError, TypeError, NotImplementedError, ValueError) as e:
            if about.get("fails"):
                raise
            self.skipped.append(f"{self.name}/{name}: {(getattr(e, 'message', None) or str(e)).strip().splitlines()[-1][:200]}")
            return
        self.add(name, self._saved_model(graph, fed, results, prepare if has_tables else None), inputs, values, about)

    def add(self, name, files, inputs, values, about, input_names=None, output_names=None):
        """Adds a case from a SavedModel's files by path."""
        entry = dict(files)
        entry["inputs.npz"] = npz({n: x for n, x in zip(input_names or [f"in{i}" for i in range(len(inputs))], inputs)})
        entry["outputs.npz"] = npz({n: x for n, x in zip(output_names or [f"out{i}" for i in range(len(values))], values)})
        if about:
            entry["about.json"] = json.dumps(about, sort_keys=True).encode()
        self.cases[name] = entry

    def _saved_model(self, graph, fed, results, prepare):
        message = saved_model_pb2.SavedModel()
        message.saved_model_schema_version = 1
        meta = message.meta_graphs.add()
        meta.meta_info_def.tags.append("serve")
        meta.meta_info_def.tensorflow_version = tf.__version__
        meta.graph_def.CopyFrom(graph.as_graph_def())
        ops = meta_graph.stripped_op_list_for_graph(meta.graph_def)
        meta.meta_info_def.stripped_op_list.CopyFrom(ops)
        meta_graph.strip_graph_default_valued_attrs(meta)
        signature = meta.signature_def["serving_default"]
        signature.method_name = "tensorflow/serving/predict"
        for i, x in enumerate(fed):
            signature.inputs[f"in{i}"].CopyFrom(info(x))
        for i, y in enumerate(results):
            signature.outputs[f"out{i}"].CopyFrom(info(y))
        if prepare is not None:
            init = meta.signature_def["__saved_model_init_op"]
            init.outputs["__saved_model_init_op"].name = prepare.name
            init.outputs["__saved_model_init_op"].tensor_shape.unknown_rank = True
        return {"saved_model.pb": message.SerializeToString(deterministic=True)}

    def write(self, folder):
        """Writes the archives, each under a megabyte; the same cases give the same bytes."""
        for old in os.listdir(folder):
            if old.split(".")[0] == self.name:
                os.remove(os.path.join(folder, old))
        names = list(self.cases)
        count = 1
        while True:
            parts = [names[i * len(names) // count:(i + 1) * len(names) // count] for i in range(count)]
            packed = [pack({n: self.cases[n] for n in part}) for part in parts]
            if max(map(len, packed)) <= LARGEST:
                break
            count += 1
        for i, content in enumerate(packed):
            with open(os.path.join(folder, f"{self.name}.{i}.tar.gz"), "wb") as out:
                out.write(content)
        return sum(map(len, packed))


def pack(cases):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, files in cases.items():
            for file, content in sorted(files.items()):
                entry = tarfile.TarInfo(f"{name}/{file}")
                entry.size = len(content)
                tar.addfile(entry, io.BytesIO(content))
    packed = io.BytesIO()
    with gzip.GzipFile(filename="", fileobj=packed, mode="wb", compresslevel=9, mtime=0) as out:
        out.write(buffer.getvalue())
    return packed.getvalue()


def info(tensor):
    return meta_graph_pb2.TensorInfo(name=tensor.name, dtype=tensor.dtype.as_datatype_enum, tensor_shape=tensor.shape.as_proto())


def npz(arrays):
    buffer = io.BytesIO()
    np.savez(buffer, **{n: plain(np.asarray(x)) for n, x in arrays.items()})
    return buffer.getvalue()


def plain(x):
    """What a .npz holds: bytes of fixed width for strings, raw bits for bfloat16."""
    if x.dtype == np.dtype(BF16):
        return x.view(U16)
    if x.dtype.kind == "O":
        return np.array([v if isinstance(v, bytes) else str(v).encode() for v in x.ravel()], dtype="S").reshape(x.shape)
    return x.astype("S") if x.dtype.kind == "U" else x
