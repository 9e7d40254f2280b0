"""The units, checked by systemd itself where it is installed."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from cyberweek.settings.environment import VARIABLES

UNITS = Path(__file__).parents[2] / "deploy" / "systemd"
SERVICES = sorted(path.name for path in UNITS.glob("*.service"))
needs_systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="apt-get install systemd")


@pytest.fixture
def installed(tmp_path):
    """The units as on a host, with a program that exists, and one arena named."""
    for unit in UNITS.glob("cyberweek*.*"):
        text = unit.read_text().replace("/opt/cyberweek/bin/cyberweek", "/bin/true")
        (tmp_path / unit.name.replace("@.", "@8101.")).write_text(text)
    return tmp_path


@needs_systemd
def test_systemd_finds_nothing_to_say(installed):
    units = [str(path) for path in installed.iterdir() if path.suffix in {".service", ".target"}]
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


@needs_systemd
@pytest.mark.parametrize("name", [name.replace("@.", "@8101.") for name in SERVICES])
def test_a_service_is_exposed_as_little_as_can_be(installed, name):
    command = ["systemd-analyze", "security", "--offline=true", "--threshold=20", str(installed / name)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-300:]


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_sets_only_names_that_are_read(name):
    text = (UNITS / name).read_text()
    words = " ".join(re.findall(r"^Environment=(.*)$", text, re.MULTILINE)).split()
    assert {word.partition("=")[0] for word in words} <= VARIABLES.keys()
    assert "MemoryMax=" in text


def test_the_example_of_an_environment_names_only_what_is_read():
    lines = (UNITS / "cyberweek.env.example").read_text().splitlines()
    assert {line.partition("=")[0] for line in lines if not line.startswith("#")} <= VARIABLES.keys()
