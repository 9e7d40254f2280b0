"""The database keeps `ancestry` of regions and units: derived from the parent, moved with it, never in a circle."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION {table}_place() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    above {type}[];
BEGIN
    IF NEW.{parent} IS NULL THEN
        NEW.ancestry := ARRAY[NEW.{key}]::{type}[];
        RETURN NEW;
    END IF;
    -- One mover at a time: two moves that are each harmless could close a circle together.
    IF TG_OP = 'UPDATE' AND NEW.{parent} IS DISTINCT FROM OLD.{parent} THEN
        PERFORM pg_advisory_xact_lock(hashtext('{table}'));
    END IF;
    SELECT ancestry INTO above FROM {table} WHERE {key} = NEW.{parent};
    IF above IS NULL THEN
        RAISE EXCEPTION '{table}: the parent of % does not exist', NEW.{key} USING ERRCODE = 'foreign_key_violation';
    END IF;
    IF NEW.{key} = ANY (above) THEN
        RAISE EXCEPTION '{table}: % cannot stand under itself', NEW.{key} USING ERRCODE = 'check_violation';
    END IF;
    NEW.ancestry := above || NEW.{key}::{type};
    RETURN NEW;
END $$;
CREATE TRIGGER {table}_place BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_place();

CREATE FUNCTION {table}_move_children() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE {table} SET {parent} = NEW.{key} WHERE {parent} = NEW.{key};  -- each child is placed anew, then its own
    RETURN NULL;
END $$;
CREATE TRIGGER {table}_move_children AFTER UPDATE ON {table} FOR EACH ROW
    WHEN (OLD.ancestry IS DISTINCT FROM NEW.ancestry) EXECUTE FUNCTION {table}_move_children();
"""

REVERSE = """
DROP TRIGGER {table}_move_children ON {table};
DROP TRIGGER {table}_place ON {table};
DROP FUNCTION {table}_move_children();
DROP FUNCTION {table}_place();
"""

TABLES = [
    {"table": "regions_region", "key": "code", "parent": "parent_id", "type": "varchar"},
    {"table": "regions_unit", "key": "id", "parent": "parent_id", "type": "bigint"},
]


class Migration(migrations.Migration):
    dependencies = [("regions", "0001_initial")]

    operations = [
        migrations.RunSQL(FUNCTION.format(**names), REVERSE.format(**names)) for names in TABLES
    ]
