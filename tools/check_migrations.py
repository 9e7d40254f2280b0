"""Fail when a model differs from what the migrations make. Needs no database: only the files are compared."""

import sys

import django
from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.questioner import NonInteractiveMigrationQuestioner
from django.db.migrations.state import ProjectState


def main() -> int:
    django.setup()
    loader = MigrationLoader(None)
    if conflicts := loader.detect_conflicts():
        print(f"Two migrations want to be last: {conflicts}")
        return 1
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("cyberweek.")}
    detector = MigrationAutodetector(
        loader.project_state(), ProjectState.from_apps(apps), NonInteractiveMigrationQuestioner(specified_apps=ours)
    )
    changes = {label: found for label, found in detector.changes(graph=loader.graph).items() if label in ours}
    for label, found in changes.items():
        print(f"{label}: {[operation.describe() for one in found for operation in one.operations]}")
    return 1 if changes else 0


if __name__ == "__main__":
    sys.exit(main())
