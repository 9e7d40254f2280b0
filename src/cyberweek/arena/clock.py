"""Time that does not jump.

The wall clock of a server may be set while people are writing; their seconds and deadlines must not feel it. This clock
runs with the monotonic one and walks towards the wall clock by at most a tenth of the time that passes, so it never
goes back, and a jump of an hour moves a paper of 20 minutes by two at most. The deadline itself was fixed at the start.
"""

import time
from collections.abc import Callable

_STEERING = 0.1


class Clock:
    def __init__(self, wall: Callable[[], float] = time.time, steady: Callable[[], float] = time.monotonic) -> None:
        self._wall = wall
        self._steady = steady
        self._now = wall()
        self._read = steady()

    def now_ms(self) -> int:
        read = self._steady()
        passed = read - self._read
        self._read = read
        self._now += passed
        leeway = passed * _STEERING
        self._now += min(max(self._wall() - self._now, -leeway), leeway)
        return int(self._now * 1000)
