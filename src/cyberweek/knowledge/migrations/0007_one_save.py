from django.db import migrations

ONE_SAVE = """
-- The column seconds holds a save's own number; 0 for a save that has none.
CREATE UNIQUE INDEX ledger_one_save ON ledger_entry (attempt, day, seconds) WHERE kind = 'save' AND seconds <> 0;
"""


class Migration(migrations.Migration):
    dependencies = [
        ('knowledge', '0006_draw_entries'),
    ]

    operations = [
        migrations.RunSQL(ONE_SAVE, 'DROP INDEX ledger_one_save;'),
    ]
