"""Counters from memory: never older than what the host said, and requested once."""

from __future__ import annotations

from typing import Any, Callable

import pytest

from mgrd._proto import module_host_pb2 as pb
from mgrd._proto import types_pb2
from mgrd.session import _latest
from mgrd.session._latest import LatestCounters

SCHEMA = pb.PerfSchema(
    id=7,
    counters=[
        types_pb2.CounterSchema(path="lat", type=5),
        types_pb2.CounterSchema(path="op", type=10),
        types_pb2.CounterSchema(path="op", type=10, labels={"pool": "rbd"}),
        types_pb2.CounterSchema(path="other_lat", type=5),
    ],
)


class Host:
    """Answers GetPerfCounters."""

    def __init__(self) -> None:
        self.time = 1.0
        self.asked: list[Any] = []
        self.meanwhile: Callable[[], None] = lambda: None

    def call(self, name: str, request: Any) -> Any:
        assert name == "GetPerfCounters"
        assert request.watch
        self.asked.append(request)
        if request.daemon.type != "osd":
            return pb.GetPerfCountersResponse()
        n = int(self.time)
        row = pb.PackedCounters(
            daemon=request.daemon, schema_id=7, time=self.time, values=[n, 10 * n, 0, 100 * n], counts=[2, 3]
        )
        self.meanwhile()
        return pb.GetPerfCountersResponse(schemas=[] if 7 in request.known_schemas else [SCHEMA], daemons=[row])


def test_one_question_a_daemon_and_change() -> None:
    host = Host()
    counters = LatestCounters(host.call)
    for _ in range(3):
        assert counters.point("osd", "0", "op") == [1.0, 10]
        assert counters.point("osd", "0", "lat") == [1.0, 1, 2]
        assert counters.point("osd", "0", "other_lat") == [1.0, 100, 3]
        assert counters.point("osd", "0", "nothing") == []
        assert counters.point("mds", "a", "op") == []
    assert len(host.asked) == 2
    host.time = 2.0
    counters.changed()
    assert counters.point("osd", "0", "op") == [2.0, 20]
    assert list(host.asked[-1].known_schemas) == [7]


def test_points_belong_to_the_caller() -> None:
    counters = LatestCounters(Host().call)
    counters.point("osd", "0", "op").clear()
    assert counters.point("osd", "0", "op") == [1.0, 10]


def test_an_answer_that_a_change_overtook_is_used_once() -> None:
    host = Host()
    counters = LatestCounters(host.call)
    host.meanwhile = counters.changed
    assert counters.point("osd", "0", "op") == [1.0, 10]
    host.meanwhile, host.time = lambda: None, 2.0
    assert counters.point("osd", "0", "op") == [2.0, 20]


def test_a_daemon_that_has_not_reported_has_no_points() -> None:
    host = Host()
    host.time = 0.0
    assert LatestCounters(host.call).point("osd", "0", "op") == []


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_latest, "MOST_DAEMONS", 2)
    host = Host()
    counters = LatestCounters(host.call)
    for ident in "0121":
        counters.point("osd", ident, "op")
    assert [request.daemon.id for request in host.asked] == ["0", "1", "2"]
    counters.point("osd", "0", "op")
    assert len(host.asked) == 4
    assert len(counters._rows) == 2


def test_only_text_names_a_daemon() -> None:
    with pytest.raises(TypeError):
        LatestCounters(Host().call).point("osd", 0, "op")  # type: ignore[arg-type]
