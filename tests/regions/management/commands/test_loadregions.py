from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from cyberweek.kernel.models import AuditEvent
from cyberweek.regions.core.divisions import HEADER
from cyberweek.regions.models import Region

pytestmark = pytest.mark.django_db


def load(*arguments: str) -> str:
    out = StringIO()
    call_command("loadregions", *arguments, stdout=out)
    return out.getvalue().strip()


def test_china_is_loaded_and_loading_again_changes_nothing():
    assert load() == "3343 regions added, 0 changed, 0 as they were."
    assert Region.objects.get(pk="130102").ancestry == ["CN", "130000", "130100", "130102"]
    assert Region.objects.filter(parent="CN").count() == 34
    assert load() == "0 regions added, 0 changed, 3343 as they were."
    assert AuditEvent.objects.filter(verb="region.load").count() == 1


def test_another_country_loads_beside_it(tmp_path):
    from cyberweek.regions.management.commands.loadregions import CHINA

    load(str(CHINA.with_name("ie.csv")))
    assert Region.objects.get(pk="IE-CO").ancestry == ["IE", "IE-M", "IE-CO"]


def test_what_differs_is_changed_and_moved_with_all_under_it(tmp_path):
    file = tmp_path / "x.csv"
    head = ",".join(HEADER)
    rows = [
        "N,,nation,国,,,,,",
        "P,N,province,甲,,,,,",
        "Q,N,province,乙,,,,,",
        "C,P,city,丙,,,,,",
        "D,C,county,丁,,,,,",
    ]
    file.write_text("\n".join([head, *rows]))
    load(str(file))
    rows[3] = "C,Q,city,丙,,,,,"
    file.write_text("\n".join([head, *rows]), encoding="utf-8-sig")

    assert load(str(file)) == "0 regions added, 1 changed, 4 as they were."
    assert Region.objects.get(pk="D").ancestry == ["N", "Q", "C", "D"]


def test_a_table_with_a_mistake_changes_nothing(tmp_path):
    file = tmp_path / "x.csv"
    file.write_text(",".join(HEADER) + "\nN,,nation,国,,,,,\nP,X,province,甲,,,,,\n")

    with pytest.raises(CommandError, match="line 3: unknown parent X"):
        load(str(file))
    assert not Region.objects.exists()


def test_a_file_that_is_not_there_is_one_sentence(tmp_path):
    with pytest.raises(CommandError, match=r"Cannot read .*nowhere\.csv: No such file"):
        load(str(tmp_path / "nowhere.csv"))


def test_a_table_in_gbk_is_told_how_to_be_saved(tmp_path):
    file = tmp_path / "x.csv"
    file.write_bytes((",".join(HEADER) + "\nN,,nation,中国,,,,,\n").encode("gbk"))
    with pytest.raises(CommandError, match="line 2: this is not UTF-8"):
        load(str(file))
