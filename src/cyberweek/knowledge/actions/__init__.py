"""Writes of the item bank, of contests and of their releases."""

from .contests import create_contest, edit_contest, open_sample_contest
from .exclusions import MAX_OBJECTION_DAYS, exclude_participant, readmit_participant, set_objection_days
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
from .objections import decide_objection, make_objection
from .promotions import decline_place, publish_promotion
from .refusals import (
    ContestRefusedError,
    ItemRefusedError,
    ItemsRefusedError,
    NothingNewError,
    PromotionRefusedError,
    ReasonRefusedError,
    RulingRefusedError,
    StaleItemError,
)
from .regrades import apply_regrade, begin_preview, count_preview, hash_version, told_by
from .releases import follow_edition, publish_release
from .rulings import append_entry, append_ruling
from .statistics import count_items

__all__ = [
    "MAX_OBJECTION_DAYS",
    "ContestRefusedError",
    "ItemRefusedError",
    "ItemsRefusedError",
    "Loaded",
    "NothingNewError",
    "PromotionRefusedError",
    "ReasonRefusedError",
    "RulingRefusedError",
    "StaleItemError",
    "append_entry",
    "append_ruling",
    "apply_regrade",
    "begin_preview",
    "count_items",
    "count_preview",
    "create_contest",
    "create_item",
    "decide_objection",
    "decline_place",
    "edit_contest",
    "edit_item",
    "exclude_participant",
    "follow_edition",
    "hash_version",
    "import_items",
    "load_bank",
    "load_topics",
    "make_export",
    "make_objection",
    "open_sample_contest",
    "publish_head",
    "publish_promotion",
    "publish_release",
    "readmit_participant",
    "renew_code",
    "restore_item",
    "retire_item",
    "set_objection_days",
    "told_by",
    "withdraw_group",
]
