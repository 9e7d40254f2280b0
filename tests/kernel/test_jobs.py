"""Mail leaves the house once what it tells of is certain."""

from __future__ import annotations

import smtplib

import pytest
from django.core import mail
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django.models import ProcrastinateJob

from cyberweek.kernel import jobs
from tests.factories.regions import make_user

pytestmark = pytest.mark.django_db


def person(**fields):
    return make_user(**{"email": "someone@week.example", **fields})


def queued() -> list[dict]:
    return [job.args for job in ProcrastinateJob.objects.filter(task_name="cyberweek.kernel.jobs.deliver_mail")]


def test_a_mail_is_queued_and_then_delivered() -> None:
    assert jobs.send_mail_to(person(), "Three days left", "Your report is due.")
    (args,) = queued()
    jobs.deliver_mail(**args)
    (sent,) = mail.outbox
    assert (sent.to, sent.subject, sent.body) == (["someone@week.example"], "Three days left", "Your report is due.")


def test_words_of_ours_are_written_in_both_languages() -> None:
    jobs.send_mail_to(person(), _("County"), lambda: str(_("County")) + "!")
    (args,) = queued()
    assert args["subject"].split(" · ")[1] == "County"
    assert args["text"].split("\n\n――――――\n\n")[1] == "County!"


def test_nobody_is_written_to_without_an_address_or_after_leaving() -> None:
    assert not jobs.send_mail_to(person(email=""), "a", "b")
    assert not jobs.send_mail_to(person(is_active=False), "a", "b")
    assert queued() == []


def test_what_is_rolled_back_is_not_mailed() -> None:
    someone = person()

    def work() -> None:
        with transaction.atomic():
            jobs.send_mail_to(someone, "a", "b")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        work()
    assert queued() == []


def test_a_subject_cannot_smuggle_in_a_header() -> None:
    jobs.send_mail_to(person(), "Hello\r\nBcc: everybody@week.example", "b")
    (args,) = queued()
    assert args["subject"] == "Hello Bcc: everybody@week.example"


def test_a_server_that_is_away_is_tried_again_for_two_days() -> None:
    strategy = jobs.deliver_mail.retry_strategy
    pauses = []
    for attempts in range(20):
        job = type("Job", (), {"attempts": attempts})()
        decision = strategy.get_retry_decision(exception=smtplib.SMTPException(), job=job)
        if decision is None:
            break
        pauses.append(decision)
    assert len(pauses) == 7
