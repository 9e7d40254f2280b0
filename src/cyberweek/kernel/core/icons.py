"""The one family of icons: a 20 px grid, a 1.75 px line, square ends. Name: (classes, shapes)."""

from __future__ import annotations

from typing import Final

_SOLID_TICK: Final = (
    '<circle cx="10" cy="10" r="8" fill="currentColor" stroke="none"/>'
    '<path d="m6.5 10.3 2.5 2.5 4.7-5.3" stroke="var(--surface)" stroke-width="2"/>'
)

SHAPES: Final[dict[str, str]] = {
    "done": _SOLID_TICK,
    "pending": '<circle cx="10" cy="10" r="7"/><path d="M10 3a7 7 0 0 1 0 14Z" fill="currentColor" stroke="none"/>',
    "circle": '<circle cx="10" cy="10" r="6.5"/>',
    "draft": '<circle cx="10" cy="10" r="7" stroke-dasharray="3 2.5"/>',
    "returned": '<circle cx="10" cy="10" r="7"/><path d="M13.5 10h-6M9.8 7 6.8 10l3 3"/>',
    "rejected": '<path d="M6.5 2.5h7l4 4v7l-4 4h-7l-4-4v-7Z"/><path d="m7.2 7.2 5.6 5.6M12.8 7.2l-5.6 5.6"/>',
    "cancelled": '<path d="M6 10h8"/>',
    "warn": '<path d="M10 2.8 18 17H2Z"/><path d="M10 8v4M10 14.6v.1"/>',
    "bad": (
        '<path d="M10 2.2 18.5 17h-17Z" fill="currentColor" stroke="none"/>'
        '<path d="M10 8v4M10 14.6v.1" stroke="var(--surface)" stroke-width="2"/>'
    ),
    "info": '<circle cx="10" cy="10" r="8"/><path d="M10 9v5M10 6v.1" stroke-width="2"/>',
    "place": '<path d="M10 18s6-5.6 6-10A6 6 0 0 0 4 8c0 4.4 6 10 6 10Z"/><circle cx="10" cy="8" r="2"/>',
    "people": (
        '<circle cx="7.5" cy="6.5" r="3"/>'
        '<path d="M2 17v-1a5.5 5.5 0 0 1 11 0v1M13 3.9a3 3 0 0 1 0 5.2M15.5 12.2A5.5 5.5 0 0 1 18 16v1"/>'
    ),
    "person": '<circle cx="10" cy="6.5" r="3.5"/><path d="M3.5 17.5v-1a6.5 6.5 0 0 1 13 0v1"/>',
    "theme": '<circle cx="10" cy="10" r="7"/><path d="M10 3v14a7 7 0 0 0 0-14Z" fill="currentColor"/>',
    "tick": '<path d="m4 10.5 4 4 8-9"/>',
    "task": '<path d="M3 3h14v14H3zM6.3 10.2l2.5 2.5 4.9-5.4"/>',
    "menu": '<path d="M3 5h14M3 10h14M3 15h14"/>',
    "next": '<path d="M3 10h13M11 4.5 16.5 10 11 15.5"/>',
    "back": '<path d="M17 10H4M9 4.5 3.5 10 9 15.5"/>',
    "find": '<circle cx="9" cy="9" r="5.5"/><path d="m13.2 13.2 4.3 4.3"/>',
    "close": '<path d="m5 5 10 10M15 5 5 15"/>',
    "print": '<path d="M5.5 7V2.5h9V7M5.5 14H3V7h14v7h-2.5M5.5 11.5h9v6h-9z"/>',
    "medal": '<circle cx="10" cy="7.5" r="4.5"/><path d="M7 11.5 5.5 18l4.5-2.3 4.5 2.3L13 11.5"/>',
    "case": '<path d="M4 2.5h12v15H4z"/><path d="m10 6 1.2 2.5 2.8.4-2 2 .5 2.8-2.5-1.3-2.5 1.3.5-2.8-2-2 2.8-.4Z"/>',
    "list": '<path d="M7 5h10M7 10h10M7 15h10M3 5h.01M3 10h.01M3 15h.01"/>',
    "bell": '<path d="M4.5 14.5V9a5.5 5.5 0 0 1 11 0v5.5H17H3zM8.5 17.5h3"/>',
    "offline": '<path d="M3 8.5a10 10 0 0 1 14 0M6 12a6 6 0 0 1 8 0M10 15.8v.2M3 3l14 14"/>',
    "calendar": '<path d="M3 5h14v12H3zM3 9h14M7 2.5V6M13 2.5V6"/>',
    "book": '<path d="M3 4h6v13H3zM11 4h6v13h-6M5.5 7.5h1M13.5 7.5h1"/>',
    "chart": '<path d="M3 3v14h14M7 13.5v-3M11 13.5v-7M15 13.5v-5"/>',
    "overview": '<path d="M3 3h6v6H3zM11 3h6v6h-6zM3 11h6v6H3zM11 11h6v6h-6z"/>',
    "ticket": '<path d="M2.5 5h15v3.5a1.5 1.5 0 0 0 0 3V15h-15v-3.5a1.5 1.5 0 0 0 0-3ZM12 5v10"/>',
    "screen": '<path d="M2.5 3.5h15v10h-15zM7 17h6M10 13.5V17"/>',
    "download": '<path d="M10 3v10M5.5 8.8 10 13.3l4.5-4.5M3.5 17h13"/>',
    "share": '<path d="M10 12V2.5M6 6l4-4 4 4M4 10v7.5h12V10"/>',
    "upload": '<path d="M10 13V3M5.5 7.2 10 2.7l4.5 4.5M3.5 17h13"/>',
    "key": '<circle cx="6.5" cy="13.5" r="3.5"/><path d="m9 11 7.5-7.5M13.5 6.5l2.5 2.5"/>',
    "save": '<path d="M3 3h11l3 3v11H3zM6.5 3v4.5h6V3M6.5 17v-5h7v5"/>',
    "filter": '<path d="M2.5 5h15M5.5 10h9M8.5 15h3"/>',
    "plus": '<path d="M10 3.5v13M3.5 10h13"/>',
    "flag": '<path d="M4.5 18V3h11l-2.5 4 2.5 4h-11"/>',
    "tree": '<path d="M7.5 2.5h5v4h-5zM2.5 13.5h5v4h-5zM12.5 13.5h5v4h-5zM10 6.5V10M5 13.5V10h10v3.5"/>',
    "history": '<path d="M3.2 8A7 7 0 1 1 3 11M3 4v4h4M10 6v4l3 2"/>',
    "lock": '<path d="M4 9h12v8.5H4zM6.5 9V6a3.5 3.5 0 0 1 7 0v3"/>',
    "edit": '<path d="m3 17 .8-3.8L13.5 3.5l3 3L6.8 16.2Z"/>',
    "file": '<path d="M4.5 2.5h7l4 4v11h-11zM11.5 2.5v4h4M7.5 10.5h5M7.5 14h5"/>',
    "picture": '<path d="M2.5 3.5h15v13h-15zM3 14l4-4.5 3.5 3.5 2.5-2.5 4 4"/><circle cx="13.2" cy="7.2" r="1.2"/>',
    "film": '<path d="M2.5 4h15v12h-15zM8.3 7.3v5.4l4.4-2.7Z"/>',
    "table": '<path d="M2.5 3.5h15v13h-15zM2.5 8h15M2.5 12.2h15M8 8v8.5"/>',
    "leave": '<path d="M8 3H3v14h5M8 10h9M13.5 6.5 17 10l-3.5 3.5"/>',
}

# These point along the line of reading and turn with it.
TURNING: Final = frozenset({"next", "back", "returned", "leave"})
