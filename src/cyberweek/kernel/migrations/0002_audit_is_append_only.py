"""Audit events can be added and never changed: the database refuses, whatever the application tries."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION kernel_refuse_rewrite() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON kernel_auditevent
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_refuse_rewrite();
"""

REVERSE = """
DROP TRIGGER audit_append_only ON kernel_auditevent;
DROP FUNCTION kernel_refuse_rewrite();
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, REVERSE)]
