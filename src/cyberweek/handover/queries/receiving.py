"""A received archive, looked through."""

from __future__ import annotations

from dataclasses import dataclass

from cyberweek.handover.core import archive as packing
from cyberweek.handover.core import records
from cyberweek.handover.core.archive import Archive
from cyberweek.handover.core.matching import Match, Unit, matched, wanted
from cyberweek.handover.core.records import Contents
from cyberweek.handover.models import Reception
from cyberweek.kernel.core.localized import LocalizedText
from cyberweek.regions.models import Unit as OurUnit
from cyberweek.regions.queries import all_codes


@dataclass(frozen=True)
class Found:
    """What is in it, and which unit of this house would take the place of each that it names."""

    archive: Archive
    contents: Contents
    matches: list[Match]

    @property
    def title(self) -> LocalizedText:
        return LocalizedText(self.contents.edition.title)

    @property
    def open_matches(self) -> int:
        return sum(not match.target for match in self.matches)


def look_through(reception: Reception, *, host: str) -> Found:
    """Reads the archive again, whole. `host`: the code of the region that is to be host; the last one where empty."""
    archive = packing.unpack(bytes(reception.content))
    contents = records.read(archive.files)
    sources = wanted(contents)
    rows = OurUnit.objects.filter(
        level__in={one.level for one in sources}, sector__in={one.sector for one in sources}
    ) | OurUnit.objects.filter(code__in={one.code for one in sources})
    units = [Unit(*row) for row in rows.values_list("code", "level", "sector", "region_id")]
    old = contents.edition.host
    return Found(archive, contents, matched(sources, units, old_host=old, new_host=host or old, regions=all_codes()))
