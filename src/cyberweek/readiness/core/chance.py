"""Random numbers that belong to a thing, not to a place in a queue.

The number of (seed, stream, key, run) is always the same, whatever else is drawn: it is the run-th value of a splitmix64
sequence that starts at a hash of the others. So the forecast of a task moves from one night to the next only when the
task or what it hangs on does, any part of a simulation can be drawn again by itself, and two courses of the same run
differ only by what was changed (common random numbers).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

_GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)
_MIX: Final = (
    (np.uint64(30), np.uint64(0xBF58476D1CE4E5B9)),
    (np.uint64(27), np.uint64(0x94D049BB133111EB)),
)
_LAST: Final = np.uint64(31)
_BITS: Final = np.uint64(40)  # 24 are left: as many as a float32 holds
_WORD: Final = 2**64


def uniforms(seed: int, stream: int, keys: Ints, runs: range) -> Floats:
    """Numbers within (0, 1), a row a key, a column a run."""
    salt = _mixed(np.array([(seed * 1_000_003 + stream) % _WORD], dtype=np.uint64))
    starts = _mixed(keys.astype(np.uint64) + salt)
    steps = (np.arange(runs.start, runs.stop, dtype=np.uint64) + np.uint64(1)) * _GOLDEN
    bits = _mixed(starts[:, None] + steps[None, :]) >> _BITS
    return bits.astype(np.float32) * np.float32(2**-24) + np.float32(2**-25)


def logistics(seed: int, stream: int, keys: Ints, runs: range) -> Floats:
    """Numbers of the logistic distribution with standard deviation 1."""
    u = uniforms(seed, stream, keys, runs)
    found: Floats = np.log(u / (1 - u)) * np.float32(TO_SCALE)
    return found


TO_SCALE: Final = 3**0.5 / np.pi
"""The scale of a logistic distribution whose standard deviation is 1."""


def _mixed(words: NDArray[np.uint64]) -> NDArray[np.uint64]:
    for shift, factor in _MIX:
        words = (words ^ (words >> shift)) * factor
    return words ^ (words >> _LAST)
