"""Writes of the indicators: the dictionary, reports and their figures, machine figures, and the totals made of them."""

from .calling_off import let_go_of
from .dictionary import (
    MeaningKept,
    copy_dictionary,
    define_indicator,
    load_dictionary,
    redefine_indicator,
    take_dictionary,
)
from .evidence import add_evidence, remove_evidence
from .machines import read_machines
from .populations import Resident, enter_population, import_table, keep_table, load_populations
from .reminders import remind_of_reports
from .reports import (
    Entered,
    NeverHappened,
    NotOpen,
    move_reports,
    open_report,
    open_reports_due,
    reject_report,
    save_report,
    send_report,
    take_back_report,
    verify_report,
)
from .rolling import mark_stale, roll_up, roll_up_stale
from .sample import open_sample_reports
from .sketches import add_sketch

__all__ = [
    "Entered",
    "MeaningKept",
    "NeverHappened",
    "NotOpen",
    "Resident",
    "add_evidence",
    "add_sketch",
    "copy_dictionary",
    "define_indicator",
    "enter_population",
    "import_table",
    "keep_table",
    "let_go_of",
    "load_dictionary",
    "load_populations",
    "mark_stale",
    "move_reports",
    "open_report",
    "open_reports_due",
    "open_sample_reports",
    "read_machines",
    "redefine_indicator",
    "reject_report",
    "remind_of_reports",
    "remove_evidence",
    "roll_up",
    "roll_up_stale",
    "save_report",
    "send_report",
    "take_back_report",
    "take_dictionary",
    "verify_report",
]  # fmt: skip
