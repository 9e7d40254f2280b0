"""Writes of typical cases."""

from .awards import announce_awards, decide_objection, object_to_award, publish_cases
from .calls import RefusedError, close_call, create_call, edit_call, move_calls, open_call
from .entries import (
    ENTERED,
    MOST_FILES,
    add_files,
    edit_entry,
    lacking,
    remove_file,
    submit_entry,
    take_back_entry,
    withdraw_entry,
    write_entry,
)
from .juries import (
    add_juror,
    assign_sheets,
    begin_scoring,
    declare_conflict,
    end_scoring,
    remove_juror,
    save_sheet,
)
from .samples import open_sample_call

__all__ = [
    "ENTERED", "MOST_FILES", "RefusedError", "add_files", "add_juror", "announce_awards", "assign_sheets", "begin_scoring",
    "close_call", "create_call", "decide_objection", "declare_conflict", "edit_call", "edit_entry", "end_scoring",
    "lacking", "move_calls", "object_to_award", "open_call", "open_sample_call", "publish_cases", "remove_file", "remove_juror",
    "save_sheet", "submit_entry", "take_back_entry", "withdraw_entry", "write_entry",
]  # fmt: skip
