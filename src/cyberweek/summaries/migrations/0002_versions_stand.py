"""A frozen version and its short links are never changed nor deleted: the database refuses, whoever asks."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION summaries_version_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a frozen version is not changed' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER summaries_version_stands BEFORE UPDATE OR DELETE ON summaries_version
    FOR EACH ROW EXECUTE FUNCTION summaries_version_stands();
CREATE TRIGGER summaries_link_stands BEFORE UPDATE OR DELETE ON summaries_link
    FOR EACH ROW EXECUTE FUNCTION summaries_version_stands();
"""

REVERSE = """
DROP TRIGGER summaries_link_stands ON summaries_link;
DROP TRIGGER summaries_version_stands ON summaries_version;
DROP FUNCTION summaries_version_stands();
"""


class Migration(migrations.Migration):
    dependencies = [("summaries", "0001_summaries")]

    operations = [migrations.RunSQL(FORWARD, REVERSE)]
