"""Writes of the item bank, of contests and of their releases."""

from .contests import create_contest, edit_contest, open_sample_contest
from .exports import make_export, publish_head
from .items import (
    Loaded,
    create_item,
    edit_item,
    import_items,
    load_bank,
    load_topics,
    restore_item,
    retire_item,
)
from .refusals import (
    ContestRefusedError,
    ItemRefusedError,
    ItemsRefusedError,
    NothingNewError,
    ReasonRefusedError,
    StaleItemError,
)
from .releases import follow_edition, publish_release
from .rulings import append_entry, append_ruling

__all__ = [
    "ContestRefusedError",
    "ItemRefusedError",
    "ItemsRefusedError",
    "Loaded",
    "NothingNewError",
    "ReasonRefusedError",
    "StaleItemError",
    "append_entry",
    "append_ruling",
    "create_contest",
    "create_item",
    "edit_contest",
    "edit_item",
    "follow_edition",
    "import_items",
    "load_bank",
    "load_topics",
    "make_export",
    "open_sample_contest",
    "publish_head",
    "publish_release",
    "restore_item",
    "retire_item",
]
