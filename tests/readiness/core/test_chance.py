import numpy as np

from cyberweek.readiness.core.chance import logistics, uniforms

KEYS = np.arange(2000)


def test_numbers_are_even_and_within_nought_and_one():
    found = uniforms(1, 0, KEYS, range(300))
    assert found.min() > 0
    assert found.max() < 1
    assert abs(found.mean() - 0.5) < 0.002
    counts = np.histogram(found, bins=20, range=(0, 1))[0]
    expected = found.size / 20
    assert ((counts - expected) ** 2 / expected).sum() < 45  # chi-squared, 19 degrees: one seed in a thousand


def test_a_thing_keeps_its_numbers_whatever_else_is_drawn():
    alone = uniforms(7, 2, np.array([42]), range(10, 20))
    among = uniforms(7, 2, KEYS, range(300))
    assert (alone[0] == among[42, 10:20]).all()


def test_neighbours_runs_streams_and_seeds_have_nothing_in_common():
    one = uniforms(7, 0, KEYS, range(50))
    for other in (
        uniforms(8, 0, KEYS, range(50)),
        uniforms(7, 1, KEYS, range(50)),
        uniforms(7, 0, KEYS + 1, range(50)),
    ):
        assert abs(np.corrcoef(one.ravel(), other.ravel())[0, 1]) < 0.015
    assert abs(np.corrcoef(one[:, 0], one[:, 1])[0, 1]) < 0.1


def test_the_logistic_has_a_standard_deviation_of_one():
    assert abs(logistics(3, 0, KEYS, range(200)).std() - 1) < 0.01
