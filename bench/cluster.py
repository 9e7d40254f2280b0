"""Three PostgreSQL servers under Patroni and one etcd, on loopback, from the templates of deploy/patroni.

Everything runs from Debian's packages, in a folder of its own, as the system user `postgres` where we are root.
"""

import json
import os
import secrets
import shutil
import signal
import socket
import string
import subprocess
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psycopg

TEMPLATES = Path(__file__).resolve().parent.parent / "deploy" / "patroni"
NEEDED = {"patroni": "patroni", "etcd": "etcd-server"}
NODES = ("one", "two", "three")
HOST = "127.0.0.1"


class NotReadyError(Exception):
    """Something did not come about in its time; the message says what."""


def missing() -> str | None:
    """The sentence that says what to install, or None."""
    packages = [package for program, package in NEEDED.items() if shutil.which(program) is None]
    if postgres_programs() is None:
        packages.append("postgresql")
    return f"apt-get install {' '.join(packages)}" if packages else None


def postgres_programs() -> Path | None:
    """The newest of Debian's PostgreSQL servers."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")]
    return max(found, key=lambda path: int(path.parent.name), default=None)


class Cluster:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.passwords = {name: secrets.token_hex(12) for name in ("SUPERUSER", "REPLICATION", "REWIND", "APP")}
        ports = free_ports(2 + 2 * len(NODES))
        self.etcd_port, self.etcd_peer_port = ports[:2]
        self.ports = dict(zip(NODES, ports[2::2], strict=True))
        self.rest_ports = dict(zip(NODES, ports[3::2], strict=True))
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self) -> None:
        """Returns with a primary, two standbys and the application's empty database."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._give(self.folder)
        self._write("etcd", "etcd.yml", HOST)
        self._run("etcd", "etcd", "--config-file", str(self.folder / "etcd" / "etcd.yml"))
        for node in NODES:
            self._write(node, "patroni.yml", node)
            self.start_node(node)
            if node == NODES[0]:
                wait("the first node leads", lambda: self.leader() == NODES[0], 60)
        wait("two standbys stream, one of them in step", self.is_whole, 90)
        self._make_database()

    def stop(self) -> None:
        for name in list(self._processes):
            self._processes[name].send_signal(signal.SIGCONT)
            if name == "etcd":
                self._processes[name].kill()
            else:
                self.kill(name)
            self._processes[name].wait(20)

    def start_node(self, node: str) -> None:
        self._run(node, "patroni", str(self.folder / node / "patroni.yml"))

    def kill(self, node: str) -> None:
        """kill -9 of Patroni and of every process of its PostgreSQL: what a power cut leaves behind."""
        process = self._processes[node]
        process.kill()
        self.kill_postgres(node)
        process.wait(20)

    def kill_postgres(self, node: str) -> None:
        with suppress(OSError, ValueError, IndexError):
            postmaster = int((self.folder / node / "postgres" / "postmaster.pid").read_text().split()[0])
            for pid in [postmaster, *children(postmaster)]:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    def switch_over(self) -> str:
        """A clean change of primary; the name of the one that leads afterwards."""
        leader = self.leader()
        to = self.synchronous_standby()
        body = json.dumps({"leader": leader, "candidate": to}).encode()
        request = urllib.request.Request(f"http://{HOST}:{self.rest_ports[leader]}/switchover", body)
        urllib.request.urlopen(request, timeout=60).read()  # noqa: S310 -- an address of our own
        return to

    def synchronous_standby(self) -> str:
        return next(member["name"] for member in self.members() if member.get("role") == "sync_standby")

    def url(self) -> str:
        """The application's: libpq tries the hosts in turn and keeps the one that may write."""
        hosts = ",".join(f"{HOST}:{port}" for port in self.ports.values())
        password = self.passwords["APP"]
        return f"postgresql://cyberweek:{password}@{hosts}/cyberweek?target_session_attrs=read-write&connect_timeout=3"

    def members(self) -> list[dict]:
        for node in NODES:
            with suppress(OSError, ValueError):
                answer = urllib.request.urlopen(f"http://{HOST}:{self.rest_ports[node]}/cluster", timeout=2)
                return json.loads(answer.read())["members"]
        return []

    def leader(self) -> str:
        """The node that leads and says so itself; '' for none."""
        for node in NODES:
            with suppress(OSError):
                if urllib.request.urlopen(f"http://{HOST}:{self.rest_ports[node]}/primary", timeout=2).status == 200:
                    return node
        return ""

    def is_whole(self) -> bool:
        """A leader and two standbys that follow it, one of them synchronous."""
        members = {member["name"]: member for member in self.members()}
        roles = sorted(member.get("role", "") for member in members.values())
        running = all(m.get("state") in {"running", "streaming"} for m in members.values())
        timelines = {member.get("timeline") for member in members.values()}
        return roles == ["leader", "replica", "sync_standby"] and running and len(timelines) == 1

    def may_write(self) -> bool:
        """Whether the application's address leads to a primary."""
        try:
            psycopg.connect(self.url()).close()
        except psycopg.Error:
            return False
        return True

    def superuser_url(self) -> str:
        return f"postgresql://postgres:{self.passwords['SUPERUSER']}@{HOST}:{self.ports[self.leader()]}/postgres"

    def _make_database(self) -> None:
        with psycopg.connect(self.superuser_url(), autocommit=True) as connection:
            connection.execute(f"CREATE ROLE cyberweek LOGIN PASSWORD '{self.passwords['APP']}'")
            connection.execute("CREATE DATABASE cyberweek OWNER cyberweek")

    def _write(self, name: str, template: str, node: str) -> None:
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        values = {
            "NODE": node, "HOST": HOST, "DATA": str(folder), "BIN": str(postgres_programs()),
            "PORT": str(self.ports.get(node)), "REST_PORT": str(self.rest_ports.get(node)),
            "ETCD_PORT": str(self.etcd_port), "ETCD_PEER_PORT": str(self.etcd_peer_port),
            "ETCD_CLUSTER": f"{node}=http://{HOST}:{self.etcd_peer_port}",
            "ETCD_HOSTS": f"{HOST}:{self.etcd_port}", "NETWORK": f"{HOST}/32", "SHARED_BUFFERS": "64MB",
            **{f"{role}_PASSWORD": self.passwords[role] for role in ("SUPERUSER", "REPLICATION", "REWIND")},
        }  # fmt: skip
        text = (TEMPLATES / template).read_text(encoding="utf-8")
        text = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
        path = folder / template
        path.write_text(string.Template(text).substitute(values), encoding="utf-8")
        path.chmod(0o600)
        self._give(folder)
        self._give(path)

    def _run(self, name: str, *command: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self._processes[name] = subprocess.Popen(
                command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"},
                **({"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}),
            )  # fmt: skip

    def _give(self, path: Path) -> None:
        if os.geteuid() == 0:
            shutil.chown(path, "postgres", "postgres")


def children(pid: int) -> list[int]:
    with suppress(OSError):
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def free_ports(count: int) -> list[int]:
    """Ports of loopback that nothing listens on now."""
    sockets = [socket.socket() for _ in range(count)]
    for held in sockets:
        held.bind((HOST, 0))
    ports = [held.getsockname()[1] for held in sockets]
    for held in sockets:
        held.close()
    return ports


def wait(what: str, holds: Callable[[], bool], seconds: float) -> float:
    """Seconds until `holds`; raises NotReadyError when it does not in time."""
    began = time.monotonic()
    while time.monotonic() < began + seconds:
        if holds():
            return time.monotonic() - began
        time.sleep(0.2)
    raise NotReadyError(f"not within {seconds:.0f} s: {what}")
