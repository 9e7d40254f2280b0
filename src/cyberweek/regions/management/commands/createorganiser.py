from __future__ import annotations

import sys
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from cyberweek.accounts.actions import create_organiser
from cyberweek.accounts.models import User
from cyberweek.accounts.queries import people_named
from cyberweek.regions.actions import appoint
from cyberweek.regions.enums import Role
from cyberweek.regions.queries import unit_of_code


class Command(BaseCommand):
    help = "Make an account for an organiser. The password is asked for, or read from standard input."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", required=True, help="the person's name, as shown")
        parser.add_argument("--email", default="")
        parser.add_argument("--unit", default="", help="code of the unit where the person serves")
        parser.add_argument("--roles", default=Role.COORDINATOR.value, help="with commas: " + ", ".join(Role.values))
        parser.add_argument("--keeper", action="store_true", help="may open editions and place units at the top")

    @transaction.atomic
    def handle(self, *_arguments: Any, username: str, name: str, unit: str, roles: str, **options: Any) -> None:
        wanted = [role.strip() for role in roles.split(",") if role.strip()]
        if unknown := set(wanted) - set(Role.values):
            raise CommandError(f"There is no role {', '.join(sorted(unknown))}; there are {', '.join(Role.values)}.")
        if people_named(username).exists():
            raise CommandError(f"There is an account {username} already.")
        place = unit_of_code(unit) if unit else None
        if unit and place is None:
            raise CommandError(f"There is no unit {unit}.")
        password = self.password(User(username=username, name=name))
        person = create_organiser(
            username=username,
            name=name,
            password=password,
            by=None,
            email=options["email"],
            is_keeper=options["keeper"],
        )
        if place:
            appoint(person=person, unit=place, roles=wanted, by=None)
        self.stdout.write(f"{person.username} can sign in, and sets up a second factor then.")

    def password(self, user: User) -> str:
        """The password from the prompt (twice) or the first line of standard input, checked as in the browser."""
        if sys.stdin.isatty():
            given = getpass("Password: ")
            if getpass("Again: ") != given:
                raise CommandError("The two are not the same.")
        else:
            given = sys.stdin.readline().rstrip("\n")
        try:
            validate_password(given, user)
        except ValidationError as problem:
            raise CommandError(" ".join(problem.messages)) from None
        return given
