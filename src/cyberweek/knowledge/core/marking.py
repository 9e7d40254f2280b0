"""Marking a paper again, from the ledger's entry and the release that it was written on."""

from typing import NamedTuple

from cyberweek.knowledge.core.chain import Entry
from cyberweek.knowledge.core.grading import Question
from cyberweek.knowledge.core.papers import Deck
from cyberweek.knowledge.core.release import Pack


class Marks(NamedTuple):
    answered: int
    correct: int
    score: int


class Marker:
    """A release prepared for marking."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.deck = Deck(pack)
        self._questions = [Question(item) for item in pack.bank]
        self._keys = [question.key for question in self._questions]
        self._keys_by: dict[int, list[str]] = {}
        self.topics = topic_masks(pack)
        self.score_of = _score_of_run if pack.form == "endless" else _score_of_paper

    def mark(self, entry: Entry, later: "Marker | None" = None) -> Marks:
        """Marks a submit or a step by its own keys, or by those of a later release.

        Raises ValueError when the sheet does not have the paper's length."""
        keys = self.keys(later)
        paper = self.deck.items(entry.participant, entry.day, entry.ordinal)
        marks = entry.answers.split(",")
        if len(marks) != len(paper) and not (self.pack.form == "endless" and len(marks) < len(paper)):
            raise ValueError(f"the sheet has {len(marks)} answers, the paper {len(paper)} items")
        answered = correct = 0
        for place, mark in enumerate(marks):
            if mark:
                answered |= 1 << place
                correct |= (mark == keys[paper[place]]) << place
        return Marks(answered, correct, self.score_of(correct) * self.pack.points)

    def keys(self, later: "Marker | None" = None) -> list[str]:
        """For each item of the bank the letters of its key, or of the key that a later release gives it."""
        return self._keys if later is None else self._keys_of(later)

    def _keys_of(self, later: "Marker") -> list[str]:
        """The later release's keys in the letters of this one; an item that it no longer has keeps its key."""
        keys = self._keys_by.get(later.pack.number)
        if keys is None:
            named = {item.id: item.key for item in later.pack.bank}
            keys = [question.letters_of(named[question.id]) if question.id in named else question.key
                    for question in self._questions]  # fmt: skip
            self._keys_by[later.pack.number] = keys
        return keys


def _score_of_paper(correct: int) -> int:
    return correct.bit_count()


def _score_of_run(correct: int) -> int:
    """How many are right before the first that is not."""
    return (~correct & (correct + 1)).bit_length() - 1


def topic_masks(pack: Pack) -> dict[str, int]:
    """For each topic the bits of its items: a paper goes by the blueprint, so they are the same on every paper."""
    masks, place = {}, 0
    for quota in pack.blueprint:
        masks[quota.topic] = ((1 << quota.count) - 1) << place
        place += quota.count
    return masks
