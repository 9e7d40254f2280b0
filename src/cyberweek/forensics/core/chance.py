"""How likely something is by chance: exact tails, no tables."""

from collections.abc import Iterable
from math import exp, lgamma, log


def binomial_tail(n: int, k: int, p: float) -> float:
    """P(X ≥ k) for X ~ Binomial(n, p)."""
    if k > n:
        return 0.0
    if k <= 0 or p >= 1:
        return 1.0
    if p <= 0:
        return 0.0
    terms = (
        lgamma(n + 1) - lgamma(i + 1) - lgamma(n - i + 1) + i * log(p) + (n - i) * log(1 - p) for i in range(k, n + 1)
    )
    return min(1.0, sum(exp(term) for term in terms))


def poisson_binomial_tail(chances: Iterable[float], k: int) -> float:
    """P(X ≥ k) for a sum of independent yes-or-no events with these chances."""
    below = [1.0] + [0.0] * max(0, k - 1)  # below[i]: exactly i so far, for i < k
    if k <= 0:
        return 1.0
    tail = 0.0
    for chance in chances:
        tail += below[k - 1] * chance
        for i in range(k - 1, 0, -1):
            below[i] += chance * (below[i - 1] - below[i])
        below[0] *= 1 - chance
    return min(1.0, tail)
