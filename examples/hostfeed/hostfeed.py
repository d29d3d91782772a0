"""A feed for a cluster that is not Ceph: this machine. Its disks, network interfaces and services are the daemons.

Run it by hand while mgrd runs: `MGRD_SOCKET=… python examples/hostfeed/hostfeed.py`
"""

from __future__ import annotations

import contextlib
import os
import platform
import shutil
import socket
import sys
import time
from pathlib import Path
from typing import Iterator, NamedTuple

from mgrd.feed import GAUGE, Counter, Feed, Refused

PERIOD = float(os.environ.get("HOSTFEED_PERIOD", "5"))  # seconds
SECTOR = 512  # bytes; the kernel counts in these for all disks
FULL = 0.9

DISK = [
    Counter("disk.reads", "reads completed", priority=8, nick="rd"),
    Counter("disk.read_bytes", "bytes read", unit=0),
    Counter("disk.writes", "writes completed", priority=8, nick="wr"),
    Counter("disk.write_bytes", "bytes written", unit=0),
    Counter("disk.in_flight", "requests under way", kind=GAUGE),
]
NIC = [
    Counter("nic.rx_bytes", "bytes received", unit=0, priority=8, nick="rx"),
    Counter("nic.tx_bytes", "bytes sent", unit=0, priority=8, nick="tx"),
    Counter("nic.rx_errors", "receive errors"),
    Counter("nic.tx_errors", "transmit errors"),
]
SERVICE = [
    Counter("service.memory", "resident memory", kind=GAUGE, unit=0),
    Counter("service.processes", "processes", kind=GAUGE, priority=8, nick="procs"),
]


class Thing(NamedTuple):
    """The current state of a daemon."""

    kind: str
    name: str
    schema: list[Counter]
    values: list[int]
    metadata: dict[str, str]


def disks() -> Iterator[Thing]:
    for line in Path("/proc/diskstats").read_text().splitlines():
        _, _, name, *fields = line.split()
        if not Path(f"/sys/block/{name}").exists() or name.startswith(("loop", "ram", "zram")):
            continue
        reads, _, sectors_read, _, writes, _, sectors_written, _, in_flight = map(int, fields[:9])
        size = int(Path(f"/sys/block/{name}/size").read_text()) * SECTOR
        values = [reads, sectors_read * SECTOR, writes, sectors_written * SECTOR, in_flight]
        yield Thing("disk", name, DISK, values, {"size": str(size)})


def interfaces() -> Iterator[Thing]:
    for folder in sorted(Path("/sys/class/net").iterdir()):
        if (folder / "statistics").is_dir():
            values = [int((folder / "statistics" / counter.path.removeprefix("nic.")).read_text()) for counter in NIC]
            metadata = {name: (folder / name).read_text().strip() for name in ("address", "operstate")}
            metadata["physical"] = str((folder / "device").exists()).lower()
            yield Thing("nic", folder.name, NIC, values, metadata)


def services() -> Iterator[Thing]:
    """The programs that the machine itself started, by name."""
    found: dict[str, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            name, _, rest = (folder / "stat").read_text().partition("(")[2].rpartition(")")
            pages = int((folder / "statm").read_text().split()[1])
        except OSError:
            continue  # it has ended
        parent = int(rest.split()[1])
        if parent == 1 and pages:
            memory, processes = found.get(name, [0, 0])
            found[name] = [memory + pages * os.sysconf("SC_PAGE_SIZE"), processes + 1]
    for name, values in sorted(found.items()):
        yield Thing("service", name, SERVICE, values, {})


def health(things: list[Thing]) -> dict[str, dict[str, object]]:
    checks = {}
    usage = shutil.disk_usage("/")
    if usage.used > FULL * usage.total:
        checks["HOST_FULL"] = check("warning", f"/ is {usage.used / usage.total:.0%} full", ["/"])
    nics = [thing for thing in things if thing.metadata.get("physical") == "true"]
    down = [nic.name for nic in nics if nic.metadata["operstate"] == "down"]
    if down:
        checks["HOST_NIC_DOWN"] = check(
            "warning", f"{len(down)} network interface(s) down", [f"{name} is down" for name in down]
        )
    load = os.getloadavg()[1] / (os.cpu_count() or 1)
    if load > 4:
        checks["HOST_LOAD"] = check("warning", f"{load:.1f} processes for each processor", [])
    return checks


def check(severity: str, summary: str, detail: list[str]) -> dict[str, object]:
    return {"severity": severity, "summary": summary, "count": max(len(detail), 1), "detail": detail}


def report(feed: Feed, known: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Sends the current state. Returns the daemons that exist."""
    things = [*disks(), *interfaces(), *services()]
    here = {(thing.kind, thing.name) for thing in things}
    for thing in things:
        if (thing.kind, thing.name) not in known:
            feed.put_daemon(
                thing.kind, thing.name, hostname=socket.gethostname(), metadata=thing.metadata, schema=thing.schema
            )
    for kind, name in known - here:
        feed.remove_daemon(kind, name)
    feed.put_counters({(thing.kind, thing.name): thing.values for thing in things})
    feed.put_health_checks(health(things))
    return here


def main() -> None:
    path = os.environ.get("MGRD_SOCKET")
    if not path:
        sys.exit("hostfeed: set MGRD_SOCKET to the public socket of mgrd (its --socket)")
    with Feed("host", path, cluster_version=platform.platform(), stale_after=3 * PERIOD) as feed:
        known = report(feed, set())
        feed.complete_snapshot()  # removes daemons that disappeared while no hostfeed ran
        while True:
            feed.flush()
            time.sleep(PERIOD)
            known = report(feed, known)


if __name__ == "__main__":
    try:
        with contextlib.suppress(KeyboardInterrupt):
            main()
    except Refused as error:
        sys.exit(f"hostfeed: {error}")
