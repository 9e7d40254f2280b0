"""What the tests of claims share."""

from __future__ import annotations

import datetime as dt
import uuid

from django.conf import settings
from django.utils import timezone

from cyberweek.passport import actions
from cyberweek.passport.core.contacts import ContactDetails
from cyberweek.passport.core.passports import Passport, PassportOffice

DETAILS = ContactDetails("王小明", "13800000000", "福州市鼓楼区")


def passport_of(participant=None, *, days=10):
    expires = int((timezone.now() + dt.timedelta(days=days)).timestamp() * 1000)
    return Passport(str(participant or uuid.uuid4()), "130102", "12-17", "education", "小明", expires)


def token_of(passport):
    return PassportOffice(settings.SECRET_KEY).issue(passport)


def invite(cast, *participants, unit=None, award="draw-1", contest="week", days=7, now=None):
    now = now or timezone.now()
    return actions.invite_to_claim(
        contest=contest, edition=cast.edition, unit=unit or cast.city_unit, participants=participants or [uuid.uuid4()],
        award=award, purpose={"zh-Hans": "每日抽奖三等奖", "en": "Third prize of the daily draw"},
        closes=now + dt.timedelta(days=days), delete_on=(now + dt.timedelta(days=days + 30)).date(), by=cast.national,
        now=now,
    )  # fmt: skip
