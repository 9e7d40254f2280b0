"""The archive of an edition: asked for by those who run it, made by a job, fetched by whom it is for."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import transaction

from cyberweek.editions.models import Edition
from cyberweek.handover.core import archive as packing
from cyberweek.handover.core import records
from cyberweek.handover.models import Archive, ContactOffer
from cyberweek.handover.queries import contents_of
from cyberweek.kernel.actions import record, snapshot
from cyberweek.regions.models import Unit

if TYPE_CHECKING:
    from cyberweek.accounts.models import User

README: Final = """# 网络安全宣传周交接档案 · Hand-over of a cybersecurity week

本档案由上一届主办方签名。下一届主办方在“版本 → 接收交接档案”中导入，核对指纹后生成新一届：日期顺延，任务重新分派。
This archive is signed by the last host. The next host receives it under Editions, compares the fingerprint, and gets a
new edition with its dates moved and its tasks addressed anew.

| file | what | 内容 |
|---|---|---|
| manifest.json, signature.json | the list of files with their SHA-256, and its Ed25519 signature | 文件清单与签名 |
| edition.json | theme, dates, theme days, host | 届次、主题日 |
| plan.json, tasks.json | the plan and its arrangements, days counted from the opening, and how they went | 方案与任务模板 |
| units.json, roles.json | the units that these name, and their part | 单位与角色 |
| contacts.json | people who agreed to be asked | 同意留下联系方式的人员 |
| items.json | how the contest's items did: shown, answered, right, discrimination | 题目统计 |
| indicators.json, history.json | what was counted, how it adds up, and the totals of the years | 指标与历年数据 |
| lessons.json, risks.json, cases.json | what was learnt, what is still open, what is worth doing again | 经验、未结风险、典型案例 |
| schema.json | the JSON Schema of every file | 各文件的 JSON Schema |
"""


@transaction.atomic
def ask_for_archive(*, edition: Edition, by: User | None, now: dt.datetime) -> Archive:
    """Have the archive made; while one is in the making, that one is given."""
    Edition.objects.select_for_update().get(pk=edition.pk)
    found = Archive.objects.filter(edition=edition, made=None).first()
    if found:
        return found
    archive = Archive.objects.create(edition=edition, asked=now, by=by)
    record(actor=by, verb="hand-over.ask", thing=archive, unit=edition.owner_id)
    return archive


def make_archive(pk: int, *, now: dt.datetime) -> None:
    """Fill an archive that was asked for; one that is filled is left as it is."""
    archive = Archive.objects.select_related("edition__owner", "edition__scope").filter(pk=pk, made=None).first()
    if archive is None:
        return
    edition = archive.edition
    contents = contents_of(edition)
    content = packing.pack(
        {**records.written(contents), "readme.md": README.encode()},
        edition=edition.slug,
        about={"title": dict(edition.title), "year": edition.year, "owner": dict(edition.owner.name)},
        made=now.isoformat(timespec="seconds"),
        key=packing.signing_key(settings.SECRET_KEY),
    )
    facts = {"content": content, "size": len(content), "digest": packing.unpack(content).digest, "made": now}
    with transaction.atomic():
        if Archive.objects.filter(pk=pk, made=None).update(**facts):
            archive.refresh_from_db(fields=["digest"])
            record(
                actor=archive.by, verb="hand-over.make", thing=archive, unit=edition.owner_id,
                after={"digest": archive.digest, "size": len(content)},
            )  # fmt: skip


def record_download(*, archive: Archive, by: User) -> None:
    """An archive holds contacts: who fetched it is kept."""
    record(actor=by, verb="hand-over.fetch", thing=archive, unit=archive.edition.owner_id)


@transaction.atomic
def offer_contact(
    *, edition: Edition, person: User, unit: Unit, contact: str, about: str, today: dt.date
) -> ContactOffer:
    """Agree that the next host may ask; again: with other words."""
    offer, _made = ContactOffer.objects.update_or_create(
        edition=edition, person=person, defaults={"unit": unit, "contact": contact, "about": about, "agreed": today}
    )
    record(actor=person, verb="hand-over.offer-contact", thing=offer, unit=unit.pk, after=snapshot(offer, ["about"]))
    return offer


@transaction.atomic
def withdraw_contact(*, edition: Edition, person: User) -> None:
    """Take it back: later archives do not hold it."""
    offer = ContactOffer.objects.filter(edition=edition, person=person).first()
    if offer:
        record(actor=person, verb="hand-over.withdraw-contact", thing=offer, unit=offer.unit_id)
        offer.delete()
