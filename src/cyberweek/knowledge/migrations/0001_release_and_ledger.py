"""The contest's ground: releases that Django writes, the ledger and the standings that the arena writes.

The ledger and the standings are plain SQL: partitions, triggers and set-based upserts are not what the ORM is for.
"""

from django.db import migrations, models

GUARDS = """
CREATE FUNCTION knowledge_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE FUNCTION knowledge_release_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.contest, OLD.number, OLD.sha256, OLD.pack)
            IS DISTINCT FROM (NEW.contest, NEW.number, NEW.sha256, NEW.pack) THEN
        RAISE EXCEPTION 'a release is immutable: make another one' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    PERFORM pg_notify('arena_release', NEW.contest);
    RETURN NEW;
END $$;

CREATE TRIGGER knowledge_release_changed BEFORE INSERT OR UPDATE ON knowledge_release
    FOR EACH ROW EXECUTE FUNCTION knowledge_release_changed();
"""

LEDGER = """
CREATE TABLE ledger_batch (
    number    bigint PRIMARY KEY,
    previous  bytea  NOT NULL,
    size      bigint NOT NULL CHECK (size > 0),
    at_ms     bigint NOT NULL,
    root      bytea  NOT NULL,
    head      bytea  NOT NULL,
    signature bytea  NOT NULL
);
CREATE TRIGGER ledger_batch_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_batch
    FOR EACH STATEMENT EXECUTE FUNCTION knowledge_refuse_change();

-- A row belongs to the contest's local day on which its attempt started, so that all of an attempt is in one partition.
CREATE TABLE ledger_entry (
    batch       bigint   NOT NULL,
    position    integer  NOT NULL,
    kind        text     NOT NULL CHECK (kind IN ('start', 'save', 'submit')),
    day         date     NOT NULL,
    attempt     uuid     NOT NULL,
    contest     text     NOT NULL,
    participant uuid     NOT NULL,
    region      text     NOT NULL,
    ordinal     smallint NOT NULL,
    release     integer  NOT NULL,
    at_ms       bigint   NOT NULL,
    answers     text     NOT NULL,
    answered    bigint   NOT NULL,
    correct     bigint   NOT NULL,
    score       integer  NOT NULL,
    seconds     integer  NOT NULL,
    PRIMARY KEY (batch, position, day)
) PARTITION BY LIST (day);
CREATE UNIQUE INDEX ledger_one_start ON ledger_entry (participant, contest, day, ordinal) WHERE kind = 'start';
CREATE UNIQUE INDEX ledger_one_submit ON ledger_entry (attempt, day) WHERE kind = 'submit';
CREATE TRIGGER ledger_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entry
    FOR EACH STATEMENT EXECUTE FUNCTION knowledge_refuse_change();

CREATE FUNCTION ledger_open_day(day date) RETURNS void LANGUAGE plpgsql AS $$
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

STANDINGS = """
-- How far the standings have read the ledger; one row, written in the same transaction as what was read.
CREATE TABLE standing_progress (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    batch  bigint  NOT NULL
);
INSERT INTO standing_progress (batch) VALUES (0);

CREATE TABLE standing_best (
    contest     text    NOT NULL,
    participant uuid    NOT NULL,
    ancestry    text[]  NOT NULL,
    score       integer NOT NULL,
    seconds     integer NOT NULL,
    at_ms       bigint  NOT NULL,
    attempt     uuid    NOT NULL,
    PRIMARY KEY (contest, participant)
);
-- One index a depth of the region tree: a board is the first twenty entries of a range.
CREATE INDEX standing_best_1 ON standing_best (contest, (ancestry[1]), score DESC, seconds, at_ms, attempt);
CREATE INDEX standing_best_2 ON standing_best (contest, (ancestry[2]), score DESC, seconds, at_ms, attempt);
CREATE INDEX standing_best_3 ON standing_best (contest, (ancestry[3]), score DESC, seconds, at_ms, attempt);
CREATE INDEX standing_best_4 ON standing_best (contest, (ancestry[4]), score DESC, seconds, at_ms, attempt);

-- How many participants of a region have exactly this best: rank is a sum over it.
CREATE TABLE standing_histogram (
    contest      text    NOT NULL,
    region       text    NOT NULL,
    score        integer NOT NULL,
    seconds      integer NOT NULL,
    participants bigint  NOT NULL,
    PRIMARY KEY (contest, region, score, seconds) INCLUDE (participants)
);

CREATE TABLE standing_region (
    contest      text   NOT NULL,
    region       text   NOT NULL,
    participants bigint NOT NULL,
    papers       bigint NOT NULL,
    PRIMARY KEY (contest, region)
);

CREATE TABLE standing_topic (
    contest  text   NOT NULL,
    topic    text   NOT NULL,
    correct  bigint NOT NULL,
    answered bigint NOT NULL,
    PRIMARY KEY (contest, topic)
);

CREATE TABLE standing_minute (
    contest text   NOT NULL,
    minute  bigint NOT NULL,
    papers  bigint NOT NULL,
    PRIMARY KEY (contest, minute)
);
"""

DROP_GUARDS = """
DROP TRIGGER knowledge_release_changed ON knowledge_release;
DROP FUNCTION knowledge_release_changed();
DROP FUNCTION knowledge_refuse_change();
"""
DROP_LEDGER = """
DROP TABLE ledger_entry, ledger_batch;
DROP FUNCTION ledger_open_day(date);
"""
DROP_STANDINGS = """
DROP TABLE standing_progress, standing_best, standing_histogram, standing_region, standing_topic, standing_minute;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Release",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("contest", models.SlugField(max_length=64, verbose_name="contest")),
                ("number", models.PositiveIntegerField(verbose_name="number")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("pack", models.BinaryField(verbose_name="pack")),
                ("published", models.DateTimeField(blank=True, null=True, verbose_name="published")),
            ],
            options={"verbose_name": "release", "verbose_name_plural": "releases"},
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.UniqueConstraint(fields=["contest", "number"], name="knowledge_release_once"),
        ),
        migrations.RunSQL(GUARDS, DROP_GUARDS),
        migrations.RunSQL(LEDGER, DROP_LEDGER),
        migrations.RunSQL(STANDINGS, DROP_STANDINGS),
    ]
