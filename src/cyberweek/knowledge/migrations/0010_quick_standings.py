"""Boards keep more than they show, ranks in a large region are counted by points first, keys compare byte by byte.

A country has some 3,300 boards. Sorting every board that a set of papers touches was half of the standings' time; now an
entrant is put down, and a board is cut back to twenty when it has grown threefold. `standing_region` holds how many lie
on it and what the twentieth had when it was cut: who has less does not enter.
"""

from django.db import migrations

ENTRANTS = """
ALTER TABLE standing_top RENAME TO standing_entrant;
ALTER TABLE standing_entrant RENAME CONSTRAINT standing_top_pkey TO standing_entrant_pkey;
ALTER TABLE standing_region ADD COLUMN entrants bigint NOT NULL DEFAULT 0, ADD COLUMN last_score integer,
    ADD COLUMN last_seconds integer;
ALTER TABLE standing_region SET (fillfactor = 50);
UPDATE standing_region r SET entrants = e.count
FROM (SELECT contest, region, count(*) FROM standing_entrant GROUP BY contest, region) AS e
WHERE (e.contest, e.region) = (r.contest, r.region);
CREATE VIEW standing_top AS
SELECT contest, region, participant, score, seconds, at_ms, attempt FROM (
    SELECT *, row_number() OVER (PARTITION BY contest, region ORDER BY score DESC, seconds, at_ms, attempt) AS place
    FROM standing_entrant
) AS placed WHERE place <= 20;
"""
NO_ENTRANTS = """
DROP VIEW standing_top;
DELETE FROM standing_entrant e USING (
    SELECT *, row_number() OVER (PARTITION BY contest, region ORDER BY score DESC, seconds, at_ms, attempt) AS place
    FROM standing_entrant
) AS placed
WHERE place > 20 AND (e.contest, e.region, e.participant) = (placed.contest, placed.region, placed.participant);
ALTER TABLE standing_entrant RENAME CONSTRAINT standing_entrant_pkey TO standing_top_pkey;
ALTER TABLE standing_entrant RENAME TO standing_top;
ALTER TABLE standing_region DROP COLUMN entrants, DROP COLUMN last_score, DROP COLUMN last_seconds;
ALTER TABLE standing_region RESET (fillfactor);
"""
SCORES = """
-- How many participants have exactly this score, for the nation and its provinces: their histograms are long.
CREATE TABLE standing_score (
    contest      text COLLATE "C" NOT NULL,
    region       text COLLATE "C" NOT NULL,
    score        integer NOT NULL,
    participants bigint  NOT NULL,
    PRIMARY KEY (contest, region, score)
) WITH (fillfactor = 50);
INSERT INTO standing_score
SELECT contest, home, score, count(*) FROM standing_best, unnest(ancestry[:2]) AS home GROUP BY contest, home, score;
"""
BYTES = """
ALTER TABLE standing_best ALTER contest TYPE text COLLATE "C";
ALTER TABLE standing_histogram ALTER contest TYPE text COLLATE "C", ALTER region TYPE text COLLATE "C";
ALTER TABLE standing_region ALTER contest TYPE text COLLATE "C", ALTER region TYPE text COLLATE "C";
ALTER TABLE standing_top ALTER contest TYPE text COLLATE "C", ALTER region TYPE text COLLATE "C";
"""
NO_BYTES = BYTES.replace('"C"', '"default"')


class Migration(migrations.Migration):
    dependencies = [
        ("knowledge", "0009_results"),
    ]

    operations = [
        migrations.RunSQL(BYTES, NO_BYTES),
        migrations.RunSQL(ENTRANTS, NO_ENTRANTS),
        migrations.RunSQL(SCORES, "DROP TABLE standing_score"),
        migrations.AlterModelTable(name="top", table="standing_entrant"),
    ]
