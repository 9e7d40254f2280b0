"""How many participants have how many points in which half minute, in every region and team.

A rank is a sum over this, and over the histogram's cells of one half minute only: each of those is likely to lie on a page
of its own, and a rank used to read up to six hundred of them.
"""

from django.db import migrations

HALF_MINUTES = """
DROP TABLE standing_score;
CREATE TABLE standing_score (
    contest      text COLLATE "C" NOT NULL,
    region       text COLLATE "C" NOT NULL,
    score        integer NOT NULL,
    half_minute  integer NOT NULL,
    participants bigint  NOT NULL,
    PRIMARY KEY (contest, region, score, half_minute)
) WITH (fillfactor = 50);
INSERT INTO standing_score
SELECT contest, region, score, seconds / 30, sum(participants) FROM standing_histogram
GROUP BY contest, region, score, seconds / 30;
"""
POINTS_ONLY = """
DROP TABLE standing_score;
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


class Migration(migrations.Migration):
    dependencies = [
        ("knowledge", "0011_item_figures"),
    ]

    operations = [
        migrations.RunSQL(HALF_MINUTES, POINTS_ONLY),
    ]
