"""The desk's pages, found by following links as a person would: a new page is measured without being listed anywhere."""

import re
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Final
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

_LINK: Final = re.compile(r'<a\b[^>]*?\shref="([^"]+)"', re.IGNORECASE)
_HEAVY: Final = ("sign-out", "i18n")
PATIENCE: Final = 60


@dataclass
class Page:
    """One address of one kind of page, seen by one person. `kind`: its name in the URLconf."""

    kind: str
    path: str
    is_file: bool
    size: int
    seconds: list[float] = field(default_factory=list)
    queries: int = 0
    status: int = 200


def pages_of(client: httpx.Client, edition: str) -> dict[str, Page]:
    """One page of each kind that the person reaches, and the second page of lists."""
    found: dict[str, Page] = {}
    waiting = deque(["/desk/", f"/desk/{edition}/"])
    seen: set[str] = set()
    while waiting:
        path = waiting.popleft()
        if (kind := kind_of(path, edition)) is None or kind in found:
            continue
        page, links = _look(client, kind, path)
        waiting.extend(link for link in links if link not in seen)
        seen.update(links)
        if page:
            found[kind] = page
    return found


def _look(client: httpx.Client, kind: str, path: str) -> tuple[Page | None, list[str]]:
    """The page at an address, None where it leads elsewhere or is not for this person; and where its links lead."""
    if "." in urlsplit(path).path.rsplit("/", 1)[-1]:  # a table of 60,000 rows takes its time; it is no page
        return None, []
    try:
        with client.stream("GET", path, timeout=PATIENCE) as answer:
            is_html = answer.headers.get("content-type", "").startswith("text/html")
            if is_html:  # of a file, nothing but that it is one
                answer.read()
    except httpx.HTTPError:
        return Page(kind, path, is_file=False, size=0, status=0), []
    if answer.is_redirect:
        return None, [urljoin(path, answer.headers["location"])]
    if answer.status_code >= 500:
        return Page(kind, path, is_file=False, size=0, status=answer.status_code), []
    if answer.status_code != 200:
        return None, []
    page = Page(kind, path, is_file=not is_html, size=len(answer.content) if is_html else 0)
    links = [urljoin(path, unescape(href).split("#")[0]) for href in _LINK.findall(answer.text)] if is_html else []
    return page, list(dict.fromkeys(link for link in links if not urlsplit(link).netloc))


def kind_of(path: str, edition: str) -> str | None:
    """The name of the page in the URLconf, of a list's later pages with a mark; None for what is not of the desk."""
    split = urlsplit(path)
    if not split.path.startswith("/desk/"):
        return None
    try:
        match = resolve(split.path)
    except Resolver404:
        return None
    if match.kwargs.get("edition", edition) != edition or any(word in match.view_name for word in _HEAVY):
        return None
    return f"{match.view_name} (page 2)" if parse_qs(split.query).get("page") else match.view_name


def measure(client: httpx.Client, page: Page, times: int) -> None:
    """Fetch a page once to warm it, then so many times; a file once."""
    for n in range((1 if page.is_file else times) + 1):
        began = time.perf_counter()
        try:
            answer = client.get(page.path, timeout=PATIENCE)
        except httpx.TimeoutException:
            page.seconds.append(time.perf_counter() - began)
            return
        if answer.status_code != 200:
            page.status = answer.status_code
            return
        if n:
            page.seconds.append(time.perf_counter() - began)


def kinds_of_desk() -> Iterator[str]:
    """The names of all addresses under /desk/: beside what was reached they show what no link leads to."""
    yield from _walk(get_resolver().url_patterns, "", "")


def _walk(patterns: list[URLPattern | URLResolver], prefix: str, space: str) -> Iterator[str]:
    for one in patterns:
        route = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            inside = f"{space}{one.namespace}:" if one.namespace else space
            yield from _walk(one.url_patterns, route, inside)
        elif route.startswith("desk/"):
            yield f"{space}{one.name}"
