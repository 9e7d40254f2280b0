from .coverage import ask_for_activities
from .issuing import PlanRefused, begin_issue, move_tasks, run_issue
from .plans import (
    ENTERED,
    add_arrangement,
    create_plan,
    edit_arrangement,
    edit_plan,
    import_arrangements,
    restore_arrangement,
    take_arrangements,
    withdraw_arrangement,
)
from .sample import open_sample_plan

__all__ = [
    "ENTERED",
    "PlanRefused",
    "add_arrangement",
    "ask_for_activities",
    "begin_issue",
    "create_plan",
    "edit_arrangement",
    "edit_plan",
    "import_arrangements",
    "move_tasks",
    "open_sample_plan",
    "restore_arrangement",
    "run_issue",
    "take_arrangements",
    "withdraw_arrangement",
]
