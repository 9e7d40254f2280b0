from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cyberweek.forensics.core.chance import binomial_tail, poisson_binomial_tail

chances = st.floats(0, 1)


@given(st.integers(1, 40), st.integers(-1, 41), chances)
def test_a_binomial_tail_is_the_sum_of_its_terms(n, k, p):
    exact = sum(comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(max(0, k), n + 1))
    assert binomial_tail(n, k, p) == pytest.approx(exact, abs=1e-9)


@given(st.integers(0, 25), st.integers(0, 26), chances)
def test_equal_chances_are_binomial(n, k, p):
    assert poisson_binomial_tail([p] * n, k) == pytest.approx(binomial_tail(n, k, p), abs=1e-9)


@given(st.lists(chances, max_size=7), st.integers(0, 8))
def test_a_poisson_binomial_tail_is_the_sum_over_all_outcomes(ps, k):
    total = 0.0
    for outcome in range(1 << len(ps)):
        if outcome.bit_count() >= k:
            likely = 1.0
            for place, p in enumerate(ps):
                likely *= p if outcome >> place & 1 else 1 - p
            total += likely
    assert poisson_binomial_tail(ps, k) == pytest.approx(total, abs=1e-9)
