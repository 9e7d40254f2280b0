"""A form counts once for the whole house (ADR 50): an incident needs no key of its own."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("readiness", "0003_fixed")]

    operations = [
        migrations.RemoveConstraint("incident", "incident_entered_once"),
        migrations.RemoveField("incident", "key"),
    ]
