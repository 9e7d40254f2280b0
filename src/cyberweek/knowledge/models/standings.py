"""The arena's standings, read only: its elected worker writes these tables (migrations 0001, 0003, 0010 and 0012), nothing here does."""

from __future__ import annotations

from django.db import models

from cyberweek.passport.models import Participant


class Top(models.Model):
    """An entry on a region's board: the first twenty are shown, some more may lie behind them (migration 0010)."""

    pk = models.CompositePrimaryKey("contest", "region", "participant_id")
    contest = models.TextField()
    region = models.TextField()
    participant = models.ForeignKey(
        Participant, on_delete=models.DO_NOTHING, db_column="participant", db_constraint=False, related_name="+"
    )
    score = models.IntegerField()
    seconds = models.IntegerField()
    at_ms = models.BigIntegerField()
    attempt = models.UUIDField()

    class Meta:
        managed = False
        db_table = "standing_entrant"

    def __str__(self) -> str:
        return f"{self.contest} {self.region} {self.score}"


class RegionStanding(models.Model):
    """How many people and papers a region and those under it have."""

    pk = models.CompositePrimaryKey("contest", "region")
    contest = models.TextField()
    region = models.TextField()
    participants = models.BigIntegerField()
    papers = models.BigIntegerField()

    class Meta:
        managed = False
        db_table = "standing_region"

    def __str__(self) -> str:
        return f"{self.contest} {self.region}"


class TopicStanding(models.Model):
    """How many answers of a topic were given, and how many were right."""

    pk = models.CompositePrimaryKey("contest", "topic")
    contest = models.TextField()
    topic = models.TextField()
    correct = models.BigIntegerField()
    answered = models.BigIntegerField()

    class Meta:
        managed = False
        db_table = "standing_topic"

    def __str__(self) -> str:
        return f"{self.contest} {self.topic}"


class MinuteStanding(models.Model):
    """Papers handed in, by minute since the epoch."""

    pk = models.CompositePrimaryKey("contest", "minute")
    contest = models.TextField()
    minute = models.BigIntegerField()
    papers = models.BigIntegerField()

    class Meta:
        managed = False
        db_table = "standing_minute"

    def __str__(self) -> str:
        return f"{self.contest} {self.minute}"
