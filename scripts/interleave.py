"""Times contenders in interleaved rounds: in each, a block of calls per contender, in an order shuffled anew."""
import random
import time
from statistics import median

import numpy as np

BLOCK_SECONDS = 0.1


def time_rounds(contenders, expected, count):
    """contenders: functions from a number of calls to the seconds of each, with an attribute output.
    expected: the values that each must give. Returns, per contender, a list of rounds."""
    blocks = {}
    for name, call in contenders.items():
        call(20)
        np.testing.assert_allclose(call.output(), np.ravel(expected), rtol=1e-3, atol=1e-5, err_msg=name)
        blocks[name] = max(5, min(5000, int(BLOCK_SECONDS / median(call(20)))))
    rounds = {name: [] for name in contenders}
    for _ in range(count):
        for name in random.sample(list(contenders), len(contenders)):
            rounds[name].append(contenders[name](blocks[name]))
    return rounds


def in_python(function):
    """Makes a contender of a function: from a number of calls to the seconds of each. The attribute output is the caller's."""
    def call(count):
        seconds = []
        for _ in range(count):
            started = time.perf_counter()
            function()
            seconds.append(time.perf_counter() - started)
        return seconds
    return call
