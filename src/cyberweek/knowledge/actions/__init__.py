"""Writes of the item bank, of contests and of their releases."""

from .contests import create_contest, edit_contest, open_sample_contest
from .exports import make_export, publish_head
from .groups import renew_code, withdraw_group
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
from .promotions import decline_place, publish_promotion
from .refusals import (
    ContestRefusedError,
    ItemRefusedError,
    ItemsRefusedError,
    NothingNewError,
    PromotionRefusedError,
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
    "PromotionRefusedError",
    "ReasonRefusedError",
    "StaleItemError",
    "append_entry",
    "append_ruling",
    "create_contest",
    "create_item",
    "decline_place",
    "edit_contest",
    "edit_item",
    "follow_edition",
    "import_items",
    "load_bank",
    "load_topics",
    "make_export",
    "open_sample_contest",
    "publish_head",
    "publish_promotion",
    "publish_release",
    "renew_code",
    "restore_item",
    "retire_item",
    "withdraw_group",
]
