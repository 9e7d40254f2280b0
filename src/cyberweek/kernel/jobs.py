"""Housekeeping of the kernel, and the mail that leaves the house."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Protocol

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.core.mail import send_mail
from django.utils import translation
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app

from cyberweek.kernel import actions

if TYPE_CHECKING:
    from procrastinate.jobs import Job

_PAUSES: Final = (5, 25, 125, 600, 600, 600, 600)  # minutes after each failure; then the mail is given up


class Addressee(Protocol):
    """Somebody who may have an address and may still sign in."""

    email: str
    is_active: bool


class _Pauses(BaseRetryStrategy):
    """A mail server that is away is tried again for about two days."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:  # noqa: ARG002 -- the signature of procrastinate
        if job.attempts >= len(_PAUSES):
            return None
        return RetryDecision(retry_in={"minutes": _PAUSES[job.attempts]})


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="clear-expired-sessions", pass_context=False)
def clear_expired_sessions(timestamp: int) -> None:  # noqa: ARG001 -- periodic tasks are told when they were due
    """Delete sessions that nobody can use any more."""
    SessionStore.clear_expired()


@app.periodic(cron="27 3 * * *")
@app.task(queueing_lock="forget-presses", pass_context=False)
def forget_presses(timestamp: int) -> None:
    """Delete what was kept of forms so that they count once."""
    actions.forget_presses(now=dt.datetime.fromtimestamp(timestamp, tz=dt.UTC))


@app.task(retry=_Pauses(), pass_context=False)
def deliver_mail(to: str, subject: str, text: str) -> None:
    """Hand one mail to the server, or to the folder where mail is kept."""
    send_mail(subject, text, None, [to])


def send_mail_to(person: Addressee, subject: str | Callable[[], str], text: str | Callable[[], str]) -> bool:
    """Queue a mail to a person, in the caller's transaction: what is rolled back is not mailed.

    Nobody's language is known from an address: a lazy string or a function is written out in every language of the
    house, one beneath the other. False where the person has no address or may not sign in any more.
    """
    if not person.email or not person.is_active:
        return False
    line = " ".join(" · ".join(_in_languages(subject)).split())  # one line: no header can be smuggled in
    deliver_mail.defer(to=person.email, subject=line[:200], text="\n\n――――――\n\n".join(_in_languages(text)))
    return True


def _in_languages(said: str | Callable[[], str]) -> list[str]:
    texts = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            texts.append(str(said() if callable(said) else said).strip())
    return list(dict.fromkeys(texts))
