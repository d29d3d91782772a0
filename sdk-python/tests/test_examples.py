"""The Python examples do what their README lines say."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from mgrd._proto import feed_pb2
from mgrd.feed import Feed, Refused
from mgrd.feed._client import SERVICE
from mgrd.testing import Harness
from mgrd.testing._server import Server

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
SRC = EXAMPLES.parent / "sdk-python" / "src"


def example(path: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"example_{Path(path).parent}", EXAMPLES / path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def osd_map(*up: int) -> dict[str, Any]:
    return {"epoch": 7, "osds": [{"osd": number, "up": state} for number, state in enumerate(up)]}


def test_osdwatch_raises_clears_and_remembers() -> None:
    with Harness(
        example("osdwatch/module.py").Module, name="osdwatch", documents={"osd_map": osd_map(1, 1)}
    ) as harness:
        harness.instance.serve()
        assert harness.host.health_checks == {}
        harness.set_document("osd_map", osd_map(1, 0))
        check = harness.host.health_checks["OSDWATCH_DOWN"]
        assert (check.summary, list(check.detail)) == ("1 OSD is down", ["osd.1 is down"])
        harness.set_option("severity", "error")
        assert harness.host.health_checks["OSDWATCH_DOWN"].severity == 2
        harness.set_document("osd_map", osd_map(1, 1))
        assert harness.host.health_checks == {}
        history = json.loads(harness.command("osdwatch history", format="json").stdout)
        assert [(entry["osd"], entry["state"]) for entry in history] == [(1, "down"), (1, "up")]
        assert "osd.1    down  (epoch 7)" in harness.command("osdwatch history").stdout
        assert harness.command("osdwatch forget").stderr == "forgot 2 entries"


def test_osdwatch_keeps_as_many_entries_as_its_option_says() -> None:
    options = {"keep": "3"}
    with Harness(
        example("osdwatch/module.py").Module, name="osdwatch", options=options, documents={"osd_map": osd_map(1)}
    ) as harness:
        harness.instance.serve()
        for state in (0, 1, 0, 1, 0):
            harness.set_document("osd_map", osd_map(state))
        assert len(json.loads(harness.command("osdwatch history", format="json").stdout)) == 3


def test_antigravity() -> None:
    pytest.importorskip("object_format")
    with Harness(example("antigravity/module.py").Antigravity) as harness:
        assert harness.command("foobar", myarg="gravity") == (0, "gravity is awesome", "")
        assert harness.command("antigravity send to blackhole", oid="pear") == (-2, "", "object 'pear' not found")
        assert (
            harness.command("antigravity send to blackhole", "1-MGC\n", oid="apple").stdout
            == "the black hole swallowed 'apple'"
        )
        assert harness.host.store["swallowed/apple"].value == "CGM-1"
        assert harness.command("antigravity create wormhole", oid="apple", name="newton") == (0, "", "")
        assert harness.command("antigravity create wormhole", oid="apple", name="a b").retval == -22
        assert json.loads(harness.command("antigravity list wormholes", oid="apple").stdout) == [{"name": "newton"}]
        details = harness.command("antigravity list wormholes", oid="apple", details=True, format="yaml").stdout
        assert "destination: andromeda" in details
        assert harness.command("antigravity list wormholes", oid="pear") == (-2, "", "Unknown oid: pear")
        harness.set_option("strength", "5")
        assert json.loads(harness.command("antigravity dump config", oid="apple").stdout)["strength"] == 5


class FeedHost:
    """Keeps what a feed sends."""

    def __init__(self) -> None:
        self.taken: list[feed_pb2.PublishRequest] = []

    def serve(self, _method: str, requests: Iterator[feed_pb2.PublishRequest]) -> Iterator[feed_pb2.PublishResponse]:
        for request in requests:
            self.taken.append(request)
            kind = request.WhichOneof("message")
            if kind == "hello":
                yield feed_pb2.PublishResponse(welcome=feed_pb2.FeedWelcome(protocol_version=1))
            elif kind == "put_document":
                yield feed_pb2.PublishResponse(refused=feed_pb2.Refused(seq=request.seq, reason="no documents today"))
            else:
                yield feed_pb2.PublishResponse(ack=feed_pb2.Ack(seq=request.seq))


@pytest.fixture
def feed_host() -> Iterator[tuple[FeedHost, str]]:
    host = FeedHost()
    server = Server(host, SERVICE)  # type: ignore[arg-type]
    yield host, server.socket
    server.stop()


def test_hostfeed_reports_this_machine(feed_host: tuple[FeedHost, str]) -> None:
    host, socket = feed_host
    hostfeed = example("hostfeed/hostfeed.py")
    with Feed("host", socket) as feed:
        known = hostfeed.report(feed, {("disk", "gone")})
        feed.flush()
    assert ("nic", "lo") in known
    kinds = [request.WhichOneof("message") for request in host.taken]
    assert {"hello", "put_daemon", "put_counters", "put_health_checks", "remove_daemon"} <= set(kinds)
    counters = next(request.put_counters for request in host.taken if request.HasField("put_counters"))
    loopback = next(row for row in counters.daemons if (row.daemon.type, row.daemon.id) == ("nic", "lo"))
    assert len(loopback.values) == len(hostfeed.NIC)


def test_hostfeed_without_a_daemon_ends_with_one_line(tmp_path: Path) -> None:
    environment = {**os.environ, "MGRD_SOCKET": f"{tmp_path}/nothing", "PYTHONPATH": str(SRC)}
    ended = subprocess.run(
        [sys.executable, str(EXAMPLES / "hostfeed" / "hostfeed.py")], env=environment, capture_output=True, text=True
    )
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1, ended.stderr
    assert ended.stderr.startswith("hostfeed: ")
    assert f"{tmp_path}/nothing" in ended.stderr


def test_a_refused_message_is_raised(feed_host: tuple[FeedHost, str]) -> None:
    with Feed("host", feed_host[1]) as feed:
        feed.put_document("d", {})
        with pytest.raises(Refused, match="no documents today"):
            feed.flush()


def test_a_feed_without_host(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="refused the feed 'host'"), Feed("host", f"{tmp_path}/nothing"):
        pass
