"""The ledger holds the steps of prize draws."""

from django.db import migrations

KINDS = """
ALTER TABLE ledger_entry DROP CONSTRAINT ledger_entry_kind_check;
ALTER TABLE ledger_entry ADD CONSTRAINT ledger_entry_kind_check
    CHECK (kind IN ('start', 'save', 'step', 'submit', 'exclude', 'readmit', 'regrade', 'draw'));
"""
OLD_KINDS = """
ALTER TABLE ledger_entry DROP CONSTRAINT ledger_entry_kind_check;
ALTER TABLE ledger_entry ADD CONSTRAINT ledger_entry_kind_check
    CHECK (kind IN ('start', 'save', 'step', 'submit', 'exclude', 'readmit', 'regrade'));
"""


class Migration(migrations.Migration):
    dependencies = [
        ("knowledge", "0005_forms"),
    ]

    operations = [
        migrations.RunSQL(KINDS, OLD_KINDS),
    ]
