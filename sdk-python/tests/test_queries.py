"""Perf queries: which are accepted."""

from __future__ import annotations

from typing import Any

import pytest

from ceph_module.queries import MDS, OSD, Kind, Queries

KEY = {"type": "pool_id", "regex": "^(.+)$"}


def query(**changes: Any) -> dict[str, Any]:
    return {"key_descriptor": [KEY], "performance_counter_descriptors": ["ops", "write_latency"], **changes}


def test_accepted_queries_are_numbered_and_known_until_they_are_removed() -> None:
    queries = Queries(OSD)
    limit = {"order_by": "ops", "max_count": 10}
    assert [queries.add(query()), queries.add(query(limit=limit))] == [0, 1]
    queries.remove(0)
    queries.remove(99)
    assert [number in queries for number in (0, 1, 2)] == [False, True, False]
    assert queries.add(query()) == 2
    ranks = {
        "key_descriptor": [{"type": "mds_rank", "regex": "^(.*)$"}],
        "performance_counter_descriptors": ["cap_hit"],
    }
    assert Queries(MDS).add(ranks) == 0


@pytest.mark.parametrize(
    "refused",
    [
        None,
        {},
        query(key_descriptor=[]),
        query(key_descriptor=["pool_id"]),
        query(key_descriptor=[{**KEY, "type": "colour"}]),
        query(key_descriptor=[{**KEY, "regex": "no group"}]),
        query(key_descriptor=[{**KEY, "regex": "(broken"}]),
        query(key_descriptor=[{**KEY, "more": 1}]),
        query(performance_counter_descriptors=["speed"]),
        query(performance_counter_descriptors=[["ops"]]),
        query(performance_counter_descriptors="ops"),
        query(limit={"order_by": "ops"}),
        query(limit={"order_by": "speed", "max_count": 1}),
        query(limit={"order_by": "ops", "max_count": 0}),
        query(more=1),
    ],
)
@pytest.mark.parametrize("kind", [OSD, MDS])
def test_what_cannot_be_asked_gets_no_number(refused: Any, kind: Kind) -> None:
    assert Queries(kind).add(refused) is None
