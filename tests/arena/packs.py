"""A small contest for the arena's tests: 3 topics, 12 items, a paper of 6."""

from datetime import UTC, datetime, timedelta

import msgspec

from cyberweek.knowledge.core.release import Item, Option, Pack, Quota, Reference, SealedRelease, seal

TOPICS = ("phishing", "passwords", "laws")
KINDS = ("single", "multiple", "true-false", "single")


def text(words):
    return {"en": words, "zh-Hans": f"{words}(中)"}


def make_item(topic, number, kind, **changes):
    letters = "ab" if kind == "true-false" else "abcd"
    item = Item(
        id=f"{topic}-{number:03d}",
        topic=topic,
        kind=kind,
        stem=text(f"{topic} {number}?"),
        options=[Option(letter, text(f"option {letter}")) for letter in letters],
        key=["a", "c"] if kind == "multiple" else [letters[number % len(letters)]],
        explanation=text(f"because {number}"),
        reference=Reference(kind="law", title=text("Cybersecurity Law"), version="2017", article="24"),
    )
    return msgspec.structs.replace(item, **changes)


def make_pack(contest="week", **changes):
    now = datetime.now(UTC)
    pack = Pack(
        contest=contest,
        number=1,
        title=text("The Week's contest"),
        opens=now - timedelta(days=1),
        closes=now + timedelta(days=1),
        zone="Asia/Shanghai",
        items=6,
        minutes=20,
        grace_seconds=30,
        attempts_per_day=3,
        points=5,
        blueprint=[Quota(topic, 2) for topic in TOPICS],
        bank=[make_item(topic, number, kind) for topic in TOPICS for number, kind in enumerate(KINDS)],
        draw_salt="a salt that nobody knows yet",
    )
    return msgspec.structs.replace(pack, **changes)


def make_release(contest="week", **changes) -> SealedRelease:
    return seal(make_pack(contest, **changes))


def right_answers(pack, items):
    keys = {item.id: item.key for item in pack.bank}
    return {item["id"]: keys[item["id"]] for item in items}
