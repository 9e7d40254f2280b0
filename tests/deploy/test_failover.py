"""The primary of a real Patroni cluster is killed while a crowd plays: `make failover`, with one kill."""

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HAS_ALL = all(map(shutil.which, ("patroni", "etcd"))) and any(Path("/usr/lib/postgresql").glob("*/bin/postgres"))


@pytest.mark.skipif(not HAS_ALL, reason="apt-get install patroni etcd-server postgresql")
def test_a_killed_primary_costs_no_acknowledged_answer_and_less_than_30_seconds():
    command = [sys.executable, "-m", "bench.failover", "--kills", "1", "--crashes", "0", "--standbys", "0"]
    command += ["--switches", "0", "--people", "10", "--calm", "2", "--short"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-6000:]
    assert "None is lost, none twice" in done.stdout


def test_the_longest_pause_counts_from_the_event_itself():
    spec = importlib.util.find_spec("bench.failover")
    if spec is None:
        sys.path.insert(0, str(ROOT))
    from bench.failover import longest_pause

    assert longest_pause([1.0, 2.0, 9.0, 9.5], 0.5, 10.0) == 7.0
    assert longest_pause([], 5.0, 12.0) == 7.0
    assert longest_pause([4.0, 30.0], 5.0, 12.0) == 7.0
