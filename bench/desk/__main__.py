"""How fast every page of the desk answers with a whole nation in the database: one machine, everything on loopback.

Coordinators of the nation, a province, a city and a county sign in and follow every link of the desk to one page of
each kind; each is then fetched warm, one after another. Beside it a page of the same server that does next to nothing,
and `SELECT 1`.
Usage: python -m bench.desk [--times 20] [--people nation,province] [--database URL] [--write docs/loads.md]
"""

import argparse
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Final

import psycopg
from bench.arena import report
from bench.arena.report import Row
from bench.desk import ground
from bench.desk.ground import say

MEDIAN_MS: Final = 300
P95_MS: Final = 1000


def main() -> None:
    options = arguments()
    began = time.monotonic()
    with ground.database(options.database) as (url, steps):
        os.environ.update(ground.environment(url))
        import django  # noqa: PLC0415 -- wants the database's address first

        django.setup()
        from bench.desk import crawl, queries  # noqa: PLC0415 -- as above

        from cyberweek.nation.actions import AUTHENTICATOR_KEY, PASSWORD  # noqa: PLC0415 -- as above

        found: dict[str, dict[str, crawl.Page]] = {}
        with ground.website(url):
            clients = {
                who: ground.signed_in(ground.PEOPLE[who], PASSWORD, bytes.fromhex(AUTHENTICATOR_KEY))
                for who in options.people.split(",")
            }
            for who, client in clients.items():
                found[who] = crawl.pages_of(client, ground.EDITION)
                say(f"{who}: {len(found[who])} pages")
            idle = milliseconds(lambda: next(iter(clients.values())).get("/me/"), options.times)
            for who, client in clients.items():
                for page in found[who].values():
                    if page.status == 200:
                        crawl.measure(client, page, options.times)
        for who, client in clients.items():
            queries.count(client, found[who].values())
        with psycopg.connect(url) as connection:
            bare = milliseconds(lambda: connection.execute("SELECT 1").fetchone(), 200)
        missing = sorted(
            set(crawl.kinds_of_desk()) - {page.kind for pages in found.values() for page in pages.values()}
        )
    text = [*report.machine(f"python -m bench.desk --times {options.times}"), ""]
    text += [
        f"It took {(time.monotonic() - began) / 60:.0f} minutes.",
        "",
        *report.table(goals(found, steps, idle, bare)),
    ]
    text += ["", *table(found)]
    text += ["", f"Addresses that no link leads to with a GET (forms sent, files, parts): {len(missing)}."]
    print("\n" + "\n".join(text))
    say("not reached: " + ", ".join(missing))
    if options.write:
        report.keep(options.write, "desk", "\n".join(text))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--people", default=",".join(ground.PEOPLE), help="of nation, province, city, county")
    parser.add_argument("--database", help="one with the nation in it already; default: a fresh one is made and wiped")
    parser.add_argument("--write", type=Path, help="put the report into this file, between its two marks")
    return parser.parse_args()


def milliseconds(what: Callable[[], object], times: int) -> float:
    taken = []
    for _ in range(times + 1):
        began = time.perf_counter()
        what()
        taken.append(time.perf_counter() - began)
    return 1000 * median(taken[1:])


def p95(seconds: list[float]) -> float:
    ordered = sorted(seconds)
    return 1000 * ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]


def goals(found: dict, steps: dict[str, float], idle: float, bare: float) -> list[Row]:
    pages = [page for some in found.values() for page in some.values() if page.seconds and not page.is_file]
    broken = [page for some in found.values() for page in some.values() if page.status != 200]
    slow = [page for page in pages if 1000 * median(page.seconds) >= MEDIAN_MS]
    late = [page for page in pages if p95(page.seconds) >= P95_MS]
    worst = max(pages, key=lambda page: median(page.seconds))
    rows = [
        Row(f"{len(pages)} desk pages (kind × person), median", f"< {MEDIAN_MS} ms each",
            f"{len(pages) - len(slow)} are; worst {1000 * median(worst.seconds):.0f} ms ({worst.kind})", not slow),
        Row("the same, p95", f"< {P95_MS} ms each",
            f"{len(pages) - len(late)} are; worst {max(p95(page.seconds) for page in pages):.0f} ms", not late),
        Row("a page of the same server that does next to nothing (`/me/`), median", "–", f"{idle:.1f} ms", None),
        Row("`SELECT 1`, median", "–", f"{bare:.2f} ms", None),
    ]  # fmt: skip
    for what, limit in (("issuing the plan", 30), ("roll-up", 60), ("forecast", None)):
        if what in steps:
            must = f"< {limit} s" if limit else "–"
            rows.append(Row(f"{what}, the whole nation", must, f"{steps[what]:.1f} s", limit and steps[what] < limit))
    if broken:
        rows.append(Row("pages that fail", "0", ", ".join(f"{page.kind} {page.status}" for page in broken), False))
    return rows


def table(found: dict) -> list[str]:
    """A row for each kind of page, slowest first: median by person, p95 of the worst, most queries."""
    kinds: dict[str, dict] = {}
    for who, pages in found.items():
        for page in pages.values():
            if page.seconds:
                kinds.setdefault(page.kind, {})[who] = page
    lines = ["| page | " + " | ".join(f"{who}, ms" for who in found) + " | worst p95 | queries | KB |"]
    lines.append("|---|" + "---|" * (len(found) + 3))
    for kind, by in sorted(kinds.items(), key=lambda pair: -max(median(page.seconds) for page in pair[1].values())):
        some = by.values()
        cells = " | ".join(f"{1000 * median(by[who].seconds):.0f}" if who in by else "" for who in found)
        name = f"{kind} (file)" if any(page.is_file for page in some) else kind
        worst, most = max(p95(page.seconds) for page in some), max(page.queries for page in some)
        lines.append(f"| {name} | {cells} | {worst:.0f} | {most} | {max(page.size for page in some) / 1024:.0f} |")
    return lines


if __name__ == "__main__":
    sys.exit(main())
