"""What stands in the foot of every page: the publisher's line, where the page lives, the start of its hash."""

from __future__ import annotations

from cyberweek.documents.core.parts import Document, Run

_DIGEST = 16  # signs of the hash: enough to tell two versions apart, few enough to be compared by eye


def foot(document: Document) -> tuple[Run, ...]:
    pieces: list[Run] = []
    if document.footer:
        pieces.append(Run(document.footer))
    if document.link:
        pieces.append(Run(document.link.removeprefix("https://").removeprefix("http://"), href=document.link))
    if document.digest:
        pieces.append(Run(f"SHA-256 {document.digest[:_DIGEST]}"))
    return tuple(run for piece in pieces for run in (Run("  ·  "), piece))[1:]
