"""What both reports share: the machine, and the place in a document where a report is kept."""

import os
import platform
import re
from pathlib import Path


def machine() -> str:
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    load = os.getloadavg()[2]
    return (
        f"{os.cpu_count()} cores ({model[1] if model else platform.machine()}), Python {platform.python_version()}, "
        f"load of the machine over a quarter of an hour {load:.1f}"
    )


def keep(path: Path, mark: str, report: str) -> None:
    """Replaces what stands between `<!-- mark -->` and `<!-- /mark -->`."""
    text = path.read_text(encoding="utf-8")
    before, _, rest = text.partition(f"<!-- {mark} -->")
    _, _, after = rest.partition(f"<!-- /{mark} -->")
    path.write_text(f"{before}<!-- {mark} -->\n{report}\n<!-- /{mark} -->{after}", encoding="utf-8")
