"""Plain functions that make rows for tests; each gives sensible values for whatever the test does not name."""

from itertools import count


def numbers() -> count:
    """For codes and names. All have five digits: as text too they stand in the order in which they were made, however
    many rows the tests before have made, and none is found within another."""
    return count(10_000)
