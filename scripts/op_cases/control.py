"""Loops, conditionals, function calls, lists and arrays of tensors."""
import numpy as np
import tensorflow as tf

from .recorder import F32, I32, I64

raw = tf.raw_ops


def record(f):
    for version in (2, 1):
        (tf.compat.v1.enable_control_flow_v2 if version == 2 else tf.compat.v1.disable_control_flow_v2)()
        flow(f, f"v{version}")
    tf.compat.v1.enable_control_flow_v2()
    lists(f)
    functions(f)


def flow(f, v):
    x = f.data(F32, 3, 4)
    f.case(f"While/{v}_count", lambda n: tf.while_loop(lambda i, s: i < n, lambda i, s: (i + 1, s + i * i), (0, 0))[1], I32(5))
    f.case(f"While/{v}_zero_trips", lambda n, x: tf.while_loop(lambda i, s: i < n, lambda i, s: (i + 1, s * 2), (0, x))[1], I32(0), x)
    f.case(f"While/{v}_captured", lambda n, x: tf.while_loop(lambda i, s: i < n, lambda i, s: (i + 1, tf.tanh(tf.matmul(s, tf.constant(np.eye(4, dtype=F32) * 0.5)) + x)), (0, tf.zeros_like(x)))[1], I32(3), x, spec="both")
    f.case(f"While/{v}_growing", lambda n: tf.while_loop(lambda i, s: i < n, lambda i, s: (i + 1, tf.concat([s, [i]], 0)), (0, tf.constant([], tf.int32)), shape_invariants=(tf.TensorShape([]), tf.TensorShape([None])))[1], I32(4))
    f.case(f"While/{v}_until_converged", lambda x: tf.while_loop(lambda s: tf.reduce_sum(tf.abs(s)) > 1.0, lambda s: [s * 0.5], [x])[0], x)
    f.case(f"While/{v}_nested", lambda n: tf.while_loop(lambda i, s: i < n, lambda i, s: (i + 1, tf.while_loop(lambda j, t: j < i, lambda j, t: (j + 1, t + j), (0, s))[1]), (0, 0))[1], I32(5))
    f.case(f"While/{v}_string", lambda n: tf.while_loop(lambda i, s: i < n, lambda i, s: (i + 1, tf.strings.join([s, "x"])), (0, ""))[1], I32(3))
    f.case(f"While/{v}_in_cond", lambda n, x: tf.cond(n > 2, lambda: tf.while_loop(lambda i, s: i < n, lambda i, s: (i + 1, s + 1), (0, x))[1], lambda: x), I32(4), x)
    for branch in (True, False):
        f.case(f"If/{v}_{branch}", lambda c, x: tf.cond(c, lambda: x * 2, lambda: x - 1), np.array(branch), x, spec="both")
        f.case(f"If/{v}_shapes_{branch}", lambda c, x: tf.cond(c, lambda: x[:1], lambda: tf.concat([x, x], 0)), np.array(branch), x, spec="batch")
    f.case(f"If/{v}_several_outputs", lambda c, x: tf.cond(c, lambda: (x + 1, tf.reduce_sum(x)), lambda: (x, tf.constant(3.0))), np.array(True), x)
    f.case(f"If/{v}_of_sum", lambda x: tf.cond(tf.reduce_sum(x) > 0, lambda: x, lambda: -x), x)
    f.case(f"If/{v}_nested", lambda c, d, x: tf.cond(c, lambda: tf.cond(d, lambda: x, lambda: x * 2), lambda: x * 3), np.array(True), np.array(False), x)
    f.case(f"If/{v}_lookup_of_rows", lambda x: tf.cond(tf.shape(x)[0] > 2, lambda: x[:2], lambda: x), x, spec="batch")
    for index in (0, 1, 5):
        f.case(f"Case/{v}_{index}", lambda i, x: tf.switch_case(i, [lambda: x, lambda: x * 2, lambda: x * 3]), I32(index), x)
    f.case(f"Map/{v}_rows", lambda x: tf.map_fn(lambda r: tf.reduce_sum(r) * r, x), x, spec="batch")
    f.case(f"Map/{v}_to_int", lambda x: tf.map_fn(lambda r: tf.argmax(r), x, fn_output_signature=tf.int64), x, spec="batch")
    f.case(f"Map/{v}_strings", lambda x: tf.map_fn(lambda r: tf.strings.join([r, "!"]), x), np.array([b"a", b"b"]), spec="batch")
    f.case(f"Scan/{v}_sum", lambda x: tf.scan(lambda a, b: a + b, x), x)
    f.case(f"Foldl/{v}_sum", lambda x: tf.foldl(lambda a, b: a * 0.5 + b, x), x, spec="batch")
    f.case(f"Foldr/{v}_sum", lambda x: tf.foldr(lambda a, b: a * 0.5 + b, x), x)

    def array_loop(x):
        n = tf.shape(x)[0]
        source = tf.TensorArray(tf.float32, n, clear_after_read=False).unstack(x)
        target = tf.TensorArray(tf.float32, n, element_shape=[4])
        result = tf.while_loop(lambda i, t, s: i < n, lambda i, t, s: (i + 1, t.write(i, source.read(i) + s), s + source.read(i)), (0, target, tf.zeros([4])))
        return [result[1].stack(), result[2]]

    f.case(f"TensorArray/{v}_loop", array_loop, x, spec="batch")

    def array_direct(x):
        t = tf.TensorArray(tf.float32, 3, clear_after_read=False).write(0, x[0]).write(2, x[1]).write(1, x[2])
        return [t.stack(), t.read(1), tf.cast(t.size(), tf.float32)]

    f.case(f"TensorArray/{v}_direct", array_direct, x)
    f.case(f"TensorArray/{v}_concat", lambda x: tf.TensorArray(tf.float32, 2, infer_shape=False).write(0, x).write(1, x[:1]).concat(), x)
    f.case(f"TensorArray/{v}_gather", lambda x: tf.TensorArray(tf.float32, 3).unstack(x).gather([2, 0]), x)
    f.case(f"TensorArray/{v}_split", lambda x: tf.TensorArray(tf.float32, 2, infer_shape=False).split(x, [1, 2]).read(1), x)
    f.case(f"TensorArray/{v}_dynamic_size", lambda n: tf.while_loop(lambda i, t: i < n, lambda i, t: (i + 1, t.write(i, tf.cast(i, tf.float32))), (0, tf.TensorArray(tf.float32, 0, dynamic_size=True, element_shape=[])))[1].stack(), I32(4))

    def recurrent(x):
        w, u = tf.constant(f.rng.random((4, 3)).astype(F32) - 0.5), tf.constant(f.rng.random((3, 3)).astype(F32) - 0.5)
        steps = tf.transpose(x, [1, 0, 2])
        n = tf.shape(steps)[0]
        source = tf.TensorArray(tf.float32, n).unstack(steps)
        out = tf.TensorArray(tf.float32, n, element_shape=[None, 3])
        body = lambda i, h, o: (i + 1, tf.tanh(source.read(i) @ w + h @ u), o.write(i, h))
        _, h, o = tf.while_loop(lambda i, h, o: i < n, body, (0, tf.zeros([tf.shape(x)[0], 3]), out), shape_invariants=(tf.TensorShape([]), tf.TensorShape([None, 3]), out.flow.shape if v == "v1" else tf.TensorShape([])))
        return [h, tf.transpose(o.stack(), [1, 0, 2])]

    f.case(f"RnnLoop/{v}_hand_written", recurrent, f.data(F32, 2, 5, 4), shapes=[[None, None, 4]])


def lists(f):
    x = f.data(F32, 3, 4)
    unstack = lambda x: raw.TensorListFromTensor(tensor=x, element_shape=tf.constant([4]))
    f.case("TensorList/round_trip", lambda x: raw.TensorListStack(input_handle=unstack(x), element_shape=[4], element_dtype=tf.float32), x, spec="batch")
    f.case("TensorList/get", lambda x, i: raw.TensorListGetItem(input_handle=unstack(x), index=i, element_shape=[4], element_dtype=tf.float32), x, I32(1))
    f.case("TensorList/set", lambda x, i: raw.TensorListStack(input_handle=raw.TensorListSetItem(input_handle=unstack(x), index=i, item=tf.zeros([4])), element_shape=[4], element_dtype=tf.float32), x, I32(1))
    f.case("TensorList/length", lambda x: raw.TensorListLength(input_handle=unstack(x)), x, spec="batch")
    f.case("TensorList/reserve_zeros", lambda n: raw.TensorListStack(input_handle=raw.TensorListReserve(element_shape=tf.constant([2]), num_elements=n, element_dtype=tf.float32), element_shape=[2], element_dtype=tf.float32), I32(3))
    f.case("TensorList/push_pop", lambda x: raw.TensorListPopBack(input_handle=raw.TensorListPushBack(input_handle=unstack(x), tensor=x[0] * 2), element_shape=[4], element_dtype=tf.float32)[1], x)
    f.case("TensorList/gather", lambda x: raw.TensorListGather(input_handle=unstack(x), indices=[2, 0], element_shape=[4], element_dtype=tf.float32), x)
    f.case("TensorList/scatter", lambda x: raw.TensorListStack(input_handle=raw.TensorListScatterV2(tensor=x, indices=[2, 0, 1], element_shape=tf.constant([4]), num_elements=3), element_shape=[4], element_dtype=tf.float32), x)
    f.case("TensorList/concat", lambda x: raw.TensorListConcatV2(input_handle=raw.TensorListFromTensor(tensor=tf.reshape(x, [3, 2, 2]), element_shape=tf.constant([2, 2])), element_shape=tf.constant([-1, 2]), leading_dims=tf.constant([], tf.int64), element_dtype=tf.float32)[0], x)
    f.case("TensorList/split", lambda x: raw.TensorListGetItem(input_handle=raw.TensorListSplit(tensor=x, element_shape=tf.constant([-1, 4]), lengths=tf.constant([1, 2], tf.int64)), index=1, element_shape=[-1, 4], element_dtype=tf.float32), x)
    f.case("TensorList/resize", lambda x: raw.TensorListLength(input_handle=raw.TensorListResize(input_handle=unstack(x), size=5)), x)
    f.case("TensorList/concat_lists", lambda x: raw.TensorListStack(input_handle=raw.TensorListConcatLists(input_a=unstack(x), input_b=unstack(x), element_dtype=tf.float32), element_shape=[4], element_dtype=tf.float32), x)


def functions(f):
    x = f.data(F32, 3, 4)

    @tf.function
    def double(v):
        return v * 2

    @tf.function
    def nested(v):
        return double(v) + double(v + 1)

    f.case("PartitionedCall/nested", lambda v: nested(v), x, spec="both")
    f.case("Assert/passes", lambda v: guarded(v), x)
    f.case("Autograph/loop", lambda v, n: autograph(v, n), x, I32(3))
    f.case("Autograph/early_break", lambda v: until_large(v), np.abs(x) + 0.1)
    f.case("PyFunc/refused", lambda v: tf.numpy_function(np.cos, [v], tf.float32), x, refused="PyFunc")


def guarded(v):
    with tf.control_dependencies([tf.debugging.assert_greater(tf.reduce_max(v), -100.0)]):
        return tf.identity(v) * 2


@tf.function
def autograph(v, n):
    for i in tf.range(n):
        if i % 2 == 0:
            v = v + 1.0
        else:
            v = v * 2.0
    return v


@tf.function
def until_large(v):
    while tf.constant(True):
        v = v * 2.0
        if tf.reduce_sum(v) > 100.0:
            break
    return v
