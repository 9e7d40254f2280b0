"""The ledger learns of teams, of the steps of endless runs, and of rulings."""

from django.db import migrations

KINDS = """
ALTER TABLE ledger_entry DROP CONSTRAINT ledger_entry_kind_check;
ALTER TABLE ledger_entry ADD CONSTRAINT ledger_entry_kind_check
    CHECK (kind IN ('start', 'save', 'step', 'submit', 'exclude', 'readmit', 'regrade'));
"""
OLD_KINDS = """
ALTER TABLE ledger_entry DROP CONSTRAINT ledger_entry_kind_check;
ALTER TABLE ledger_entry ADD CONSTRAINT ledger_entry_kind_check CHECK (kind IN ('start', 'save', 'submit'));
"""
TEAM = """
ALTER TABLE ledger_entry ADD COLUMN team text NOT NULL DEFAULT '';
ALTER TABLE ledger_entry ALTER COLUMN team DROP DEFAULT;
"""
INDEXES = """
-- A step is known by the places answered so far: an answer once given is final.
CREATE UNIQUE INDEX ledger_one_step ON ledger_entry (attempt, day, answered) WHERE kind = 'step';
CREATE INDEX ledger_rulings ON ledger_entry (batch, position) WHERE kind IN ('exclude', 'readmit', 'regrade');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("knowledge", "0003_top_boards"),
    ]

    operations = [
        migrations.RunSQL(KINDS, OLD_KINDS),
        migrations.RunSQL(TEAM, "ALTER TABLE ledger_entry DROP COLUMN team"),
        migrations.RunSQL(INDEXES, "DROP INDEX ledger_one_step, ledger_rulings"),
    ]
