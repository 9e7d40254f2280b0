"""Boards keep their first twenty rows instead of an index a depth over everybody; releases refuse to be deleted.

A best paper only ever gets better, so who has left a region's first twenty comes back only by improving: the worker
keeps the twenty exactly, from what is new. The histogram's counts leave its index, so that counting up touches no index.
"""

import django.db.models.deletion
from django.db import migrations, models

TOP = """
CREATE TABLE standing_top (
    contest     text    NOT NULL,
    region      text    NOT NULL,
    participant uuid    NOT NULL,
    score       integer NOT NULL,
    seconds     integer NOT NULL,
    at_ms       bigint  NOT NULL,
    attempt     uuid    NOT NULL,
    PRIMARY KEY (contest, region, participant)
) WITH (fillfactor = 50);
INSERT INTO standing_top
SELECT contest, region, participant, score, seconds, at_ms, attempt FROM (
    SELECT *, row_number() OVER (PARTITION BY contest, region ORDER BY score DESC, seconds, at_ms, attempt) AS place
    FROM standing_best CROSS JOIN LATERAL unnest(ancestry) AS region
) AS placed WHERE place <= 20;
DROP INDEX standing_best_1, standing_best_2, standing_best_3, standing_best_4;
"""
NO_TOP = """
DROP TABLE standing_top;
CREATE INDEX standing_best_1 ON standing_best (contest, (ancestry[1]), score DESC, seconds, at_ms, attempt);
CREATE INDEX standing_best_2 ON standing_best (contest, (ancestry[2]), score DESC, seconds, at_ms, attempt);
CREATE INDEX standing_best_3 ON standing_best (contest, (ancestry[3]), score DESC, seconds, at_ms, attempt);
CREATE INDEX standing_best_4 ON standing_best (contest, (ancestry[4]), score DESC, seconds, at_ms, attempt);
"""
HISTOGRAM = """
ALTER TABLE standing_histogram DROP CONSTRAINT standing_histogram_pkey;
ALTER TABLE standing_histogram ADD PRIMARY KEY (contest, region, score, seconds);
ALTER TABLE standing_histogram SET (fillfactor = 70);
ALTER TABLE standing_best SET (fillfactor = 90);
"""
OLD_HISTOGRAM = """
ALTER TABLE standing_best RESET (fillfactor);
ALTER TABLE standing_histogram RESET (fillfactor);
ALTER TABLE standing_histogram DROP CONSTRAINT standing_histogram_pkey;
ALTER TABLE standing_histogram ADD PRIMARY KEY (contest, region, score, seconds) INCLUDE (participants);
"""
OPEN_DAY = """
CREATE OR REPLACE FUNCTION ledger_open_day(day date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    partition text := 'ledger_entry_' || to_char(day, 'YYYYMMDD');
BEGIN
    IF to_regclass(partition) IS NOT NULL THEN RETURN; END IF;
    PERFORM pg_advisory_xact_lock(hashtext('ledger_open_day'));
    -- Looking again would not do: what a session knows of the catalogue may be older than the lock.
    EXECUTE format('CREATE TABLE %I PARTITION OF ledger_entry FOR VALUES IN (%L)', partition, day);
    EXECUTE format('CREATE TRIGGER ledger_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I '
                   'FOR EACH STATEMENT EXECUTE FUNCTION knowledge_refuse_change()', partition);
EXCEPTION WHEN duplicate_table THEN
    NULL;  -- another session opened it while we waited
END $$;
"""
OLD_OPEN_DAY = """
CREATE OR REPLACE FUNCTION ledger_open_day(day date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    partition text := 'ledger_entry_' || to_char(day, 'YYYYMMDD');
BEGIN
    IF to_regclass(partition) IS NOT NULL THEN RETURN; END IF;
    PERFORM pg_advisory_xact_lock(hashtext('ledger_open_day'));
    IF to_regclass(partition) IS NOT NULL THEN RETURN; END IF;
    EXECUTE format('CREATE TABLE %I PARTITION OF ledger_entry FOR VALUES IN (%L)', partition, day);
    EXECUTE format('CREATE TRIGGER ledger_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I '
                   'FOR EACH STATEMENT EXECUTE FUNCTION knowledge_refuse_change()', partition);
END $$;
"""
KEEP_RELEASES = """
CREATE TRIGGER knowledge_release_kept BEFORE DELETE OR TRUNCATE ON knowledge_release
    FOR EACH STATEMENT EXECUTE FUNCTION knowledge_refuse_change();
"""
LOSE_RELEASES = "DROP TRIGGER knowledge_release_kept ON knowledge_release"


class Migration(migrations.Migration):
    dependencies = [
        ("knowledge", "0002_items_and_contests"),
    ]

    operations = [
        migrations.RunSQL(TOP, NO_TOP),
        migrations.RunSQL(HISTOGRAM, OLD_HISTOGRAM),
        migrations.RunSQL(OPEN_DAY, OLD_OPEN_DAY),
        migrations.RunSQL(KEEP_RELEASES, LOSE_RELEASES),
        migrations.CreateModel(
            name="Top",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "contest",
                        "region",
                        "participant_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("contest", models.TextField()),
                ("region", models.TextField()),
                ("score", models.IntegerField()),
                ("seconds", models.IntegerField()),
                ("at_ms", models.BigIntegerField()),
                ("attempt", models.UUIDField()),
                (
                    "participant",
                    models.ForeignKey(
                        db_column="participant",
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="passport.participant",
                    ),
                ),
            ],
            options={"db_table": "standing_top", "managed": False},
        ),
    ]
