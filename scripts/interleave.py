"""Times contenders in interleaved rounds: in each, a block of calls per contender, in an order shuffled anew."""
import random
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
