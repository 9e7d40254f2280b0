"""The database refuses another unit of count once there are figures, and marks totals that want making again."""

from django.db import migrations

KEEP = """
CREATE FUNCTION indicators_keep_meaning() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM indicators_figure WHERE indicator_id = OLD.id) THEN
        RAISE EXCEPTION 'indicators_indicator: % has figures; its unit of count and way of adding stay', OLD.code
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER indicators_keep_meaning BEFORE UPDATE ON indicators_indicator FOR EACH ROW
    WHEN (OLD.count IS DISTINCT FROM NEW.count OR OLD.adding IS DISTINCT FROM NEW.adding
          OR OLD.code IS DISTINCT FROM NEW.code OR OLD.edition_id IS DISTINCT FROM NEW.edition_id)
    EXECUTE FUNCTION indicators_keep_meaning();
"""
LET_GO = """
DROP TRIGGER indicators_keep_meaning ON indicators_indicator;
DROP FUNCTION indicators_keep_meaning();
"""

MARK = """
CREATE FUNCTION indicators_mark_all() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Without a condition on stale_since: whoever makes totals just now has to see every mark that comes after.
    UPDATE indicators_roll SET stale_since = clock_timestamp() WHERE started IS NOT NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER indicators_unit_moved AFTER UPDATE ON regions_unit FOR EACH ROW
    WHEN (OLD.region_id IS DISTINCT FROM NEW.region_id) EXECUTE FUNCTION indicators_mark_all();
CREATE TRIGGER indicators_region_moved AFTER UPDATE ON regions_region FOR EACH ROW
    WHEN (OLD.ancestry IS DISTINCT FROM NEW.ancestry) EXECUTE FUNCTION indicators_mark_all();

CREATE FUNCTION indicators_mark_one() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE indicators_report SET unit_id = NEW.lead_id WHERE activity_id = NEW.id AND unit_id <> NEW.lead_id;
    IF OLD.region_id IS DISTINCT FROM NEW.region_id OR OLD.status IS DISTINCT FROM NEW.status THEN
        UPDATE indicators_roll SET stale_since = clock_timestamp()
            WHERE edition_id = NEW.edition_id
            AND EXISTS (SELECT 1 FROM indicators_report WHERE activity_id = NEW.id AND sent IS NOT NULL);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER indicators_activity_changed AFTER UPDATE ON programme_activity FOR EACH ROW
    WHEN (OLD.region_id IS DISTINCT FROM NEW.region_id OR OLD.status IS DISTINCT FROM NEW.status
          OR OLD.lead_id IS DISTINCT FROM NEW.lead_id) EXECUTE FUNCTION indicators_mark_one();
"""
UNMARK = """
DROP TRIGGER indicators_activity_changed ON programme_activity;
DROP TRIGGER indicators_region_moved ON regions_region;
DROP TRIGGER indicators_unit_moved ON regions_unit;
DROP FUNCTION indicators_mark_one();
DROP FUNCTION indicators_mark_all();
"""


class Migration(migrations.Migration):
    dependencies = [("indicators", "0001_initial"), ("regions", "0002_ancestry"), ("programme", "0001_initial")]

    operations = [migrations.RunSQL(KEEP, LET_GO), migrations.RunSQL(MARK, UNMARK)]
