"""`cyberweek manage`: Django's commands."""

from __future__ import annotations

from .environment import prepared


def manage(arguments: list[str]) -> int:
    """Run a Django command, with the embedded server where no other is named."""
    with prepared():
        from django.core.management import execute_from_command_line  # noqa: PLC0415 -- settings need `prepared`

        execute_from_command_line(["cyberweek manage", *arguments])
    return 0
