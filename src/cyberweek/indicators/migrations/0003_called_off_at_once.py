"""Who calls an activity off moves its totals along in the same transaction: the database need not mark them all."""

from django.db import migrations

AT_ONCE = """
CREATE OR REPLACE FUNCTION indicators_mark_one() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE indicators_report SET unit_id = NEW.lead_id WHERE activity_id = NEW.id AND unit_id <> NEW.lead_id;
    IF OLD.region_id IS DISTINCT FROM NEW.region_id THEN
        UPDATE indicators_roll SET stale_since = clock_timestamp()
            WHERE edition_id = NEW.edition_id
            AND EXISTS (SELECT 1 FROM indicators_report WHERE activity_id = NEW.id AND sent IS NOT NULL);
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER indicators_activity_changed ON programme_activity;
CREATE TRIGGER indicators_activity_changed AFTER UPDATE ON programme_activity FOR EACH ROW
    WHEN (OLD.region_id IS DISTINCT FROM NEW.region_id OR OLD.lead_id IS DISTINCT FROM NEW.lead_id)
    EXECUTE FUNCTION indicators_mark_one();
"""
LATER = """
CREATE OR REPLACE FUNCTION indicators_mark_one() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE indicators_report SET unit_id = NEW.lead_id WHERE activity_id = NEW.id AND unit_id <> NEW.lead_id;
    IF OLD.region_id IS DISTINCT FROM NEW.region_id OR OLD.status IS DISTINCT FROM NEW.status THEN
        UPDATE indicators_roll SET stale_since = clock_timestamp()
            WHERE edition_id = NEW.edition_id
            AND EXISTS (SELECT 1 FROM indicators_report WHERE activity_id = NEW.id AND sent IS NOT NULL);
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER indicators_activity_changed ON programme_activity;
CREATE TRIGGER indicators_activity_changed AFTER UPDATE ON programme_activity FOR EACH ROW
    WHEN (OLD.region_id IS DISTINCT FROM NEW.region_id OR OLD.status IS DISTINCT FROM NEW.status
          OR OLD.lead_id IS DISTINCT FROM NEW.lead_id) EXECUTE FUNCTION indicators_mark_one();
"""


class Migration(migrations.Migration):
    dependencies = [("indicators", "0002_the_database_keeps_the_dictionary")]

    operations = [migrations.RunSQL(AT_ONCE, LATER)]
