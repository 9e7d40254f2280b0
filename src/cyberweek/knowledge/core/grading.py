"""Grading: from the answers that came in to a sheet, and from the sheet to a score.

A sheet is what the ledger keeps: for each item of the paper, in order, the letters of the ticked options, joined by
commas ("a,bd,,c"). A letter is the option's place in the release, not on the screen. Unanswered is empty, and wrong.
A multiple-choice item is right when exactly the key's options are ticked.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from cyberweek.knowledge.core.release import Item

_LETTERS: Final = "abcdefgh"
Answers = Mapping[str, tuple[str, ...]]


class AnswersRefusedError(ValueError):
    """The answers do not fit the paper: which item, and why (a slug of `problems`)."""

    def __init__(self, reason: str, item: str, option: str = "") -> None:
        super().__init__(f"{reason}: {item} {option}")
        self.reason = reason
        self.item = item
        self.option = option


class Question:
    """An item prepared for grading."""

    __slots__ = ("_letters", "_one_answer", "id", "key", "usual")

    def __init__(self, item: Item) -> None:
        self.id = item.id
        self._one_answer = item.kind != "multiple"
        self._letters = {option.id: letter for option, letter in zip(item.options, _LETTERS, strict=False)}
        self.key = self.letters_of(item.key)
        # Nearly every answer is one option, none, or the key: those need no thought.
        self.usual = {(): "", tuple(item.key): self.key} | {(id_,): letter for id_, letter in self._letters.items()}

    def letters_of(self, options: Sequence[str]) -> str:
        """A key in this item's letters; "?", which no sheet holds, when it names an option that is not here."""
        return "".join(sorted(self._letters.get(option, "?") for option in options))

    def mark(self, given: tuple[str, ...]) -> str:
        """The letters of the options that were ticked."""
        usual = self.usual.get(given)
        if usual is not None:
            return usual
        for option in given:
            if option not in self._letters:
                raise AnswersRefusedError("unknown-option", self.id, option)
        if self._one_answer:
            raise AnswersRefusedError("too-many-options", self.id)
        if len(set(given)) != len(given):
            raise AnswersRefusedError("repeated-option", self.id)
        return "".join(sorted(self._letters[option] for option in given))


class Grade(NamedTuple):
    answered: int
    """Bit i is set when item i of the paper was answered."""
    correct: int
    """Bit i is set when item i of the paper was answered rightly."""


class Marked(NamedTuple):
    sheet: str
    grade: Grade


def mark_paper(paper: Sequence[Question], answers: Answers) -> Marked:
    """Sheet and grade in one walk; raises AnswersRefusedError naming the first item that does not fit."""
    marks = []
    stray = len(answers)
    answered = correct = 0
    bit = 1
    for question in paper:
        given = answers.get(question.id)
        mark = ""
        if given is not None:
            stray -= 1
            usual = question.usual.get(given)
            mark = question.mark(given) if usual is None else usual
            if mark:
                answered |= bit
                if mark == question.key:
                    correct |= bit
        marks.append(mark)
        bit <<= 1
    if stray:
        raise AnswersRefusedError("item-not-on-paper", min(answers.keys() - {question.id for question in paper}))
    return Marked(",".join(marks), Grade(answered, correct))
