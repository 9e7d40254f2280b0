"""Bursts: many all-right papers from one network within a minute.

A school behind one address sends many papers at once and may do so. What is looked for is a minute in which far more of
a network's papers are all right than of everybody's. With n papers in WINDOW_MS, k of them all right, and a share f of
all papers of the contest being so, p = P(Binomial(n, max(f, LEAST_SHARE)) ≥ k). Flagged: n ≥ LEAST_PAPERS, k ≥ half of n,
and p ≤ ALPHA / windows looked at. The share is never taken below LEAST_SHARE: a good class is better than the country.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from cyberweek.forensics.core.chance import binomial_tail

WINDOW_MS: Final = 60_000
LEAST_PAPERS: Final = 20
LEAST_SHARE: Final = 0.3
ALPHA: Final = 0.001


class Handed(NamedTuple):
    """A paper as bursts see it."""

    at_ms: int
    participant: str
    all_right: bool


class Burst(NamedTuple):
    network: str
    from_ms: int
    papers: int
    all_right: int
    p: float
    participants: tuple[str, ...]


def bursts(networks: Mapping[str, Iterable[Handed]], share: float) -> tuple[list[Burst], int]:
    """The worst minute of each network that stands out, and how many windows were looked at."""
    found, looked = [], 0
    for network, handed in networks.items():
        windows = _windows(sorted(handed))
        looked += len(windows)
        judged = [_judge(network, window, share) for window in windows]
        found += sorted((one for one in judged if 2 * one.all_right >= one.papers), key=lambda one: one.p)[:1]
    return [one for one in found if one.p <= ALPHA / max(1, looked)], looked


def _windows(handed: Sequence[Handed]) -> list[Sequence[Handed]]:
    """Runs of papers within a minute of each other's first, that do not overlap, with enough papers in them."""
    windows, start = [], 0
    while start < len(handed):
        end = start
        while end < len(handed) and handed[end].at_ms < handed[start].at_ms + WINDOW_MS:
            end += 1
        if end - start >= LEAST_PAPERS:
            windows.append(handed[start:end])
        start = end
    return windows


def _judge(network: str, window: Sequence[Handed], share: float) -> Burst:
    right = sum(one.all_right for one in window)
    p = binomial_tail(len(window), right, max(share, LEAST_SHARE))
    who = tuple(dict.fromkeys(one.participant for one in window if one.all_right))
    return Burst(network, window[0].at_ms, len(window), right, p, who)
