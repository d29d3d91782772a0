"""Placement equals, bit for bit, what a real cluster and Ceph's own tools computed for the same maps."""

from __future__ import annotations

import json
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest

from mgrd.osdmap import BasePyOSDMap
from mgrd.osdmap._crushmap import ITEM_NONE, CrushMap
from mgrd.osdmap._fixedlog import straw2_costs
from mgrd.osdmap._pools import stable_mod
from mgrd.osdmap._rjenkins import Lanes, hash2, hash3, hash3_lanes
from mgrd.osdmap._rules import run_rule

DATA = Path(__file__).parent / "data"


def load(name: str) -> Any:
    return json.loads((DATA / name).read_text())


RULE_CASES = load("crush_rules.json")


@pytest.mark.parametrize("case", RULE_CASES, ids=[case["name"] for case in RULE_CASES])
def test_rules_place_as_crushtool_does(case: Any) -> None:
    crush = CrushMap(case["crush"])
    for rule, placed in zip(crush.rules, case["placed"]):
        for x, expected in enumerate(placed):
            assert run_rule(crush, rule, hash2(x, 0), 4, case["reweights"], 0) == expected, (rule.rule_id, x)


def test_pools_map_as_a_real_cluster_did() -> None:
    recorded = load("osdmap_recorded.json")
    osdmap = BasePyOSDMap(recorded["osd_map"], recorded["osd_map_crush"])
    assert {pool: osdmap._map_pool_pgs_up(int(pool)) for pool in recorded["up"]} == recorded["up"]


def test_upmaps_apply_as_osdmaptool_does() -> None:
    """30 upmap items, some of whose targets are out."""
    case = load("osdmap_upmaps.json")
    assert BasePyOSDMap(case["osd_map"], case["osd_map_crush"])._map_pool_pgs_up(1) == case["up"]


def test_the_logarithm_is_the_published_one() -> None:
    """A wrong bit shows in few placements; the sum is of what the published tables give."""
    assert zlib.crc32(struct.pack("<65536Q", *straw2_costs())) == 2752023115


def test_many_hashes_at_once_are_the_hashes_one_by_one() -> None:
    ids = [-70000, -1, 0, 1, 5, 0x7FFFFFFF]
    lanes = Lanes(len(ids))
    together = lanes.low16(hash3_lanes(lanes.fill(0xFFFFFFFF), lanes.pack(ids), lanes.fill(3), lanes))
    assert list(together) == [hash3(0xFFFFFFFF, item, 3) & 0xFFFF for item in ids]


@pytest.mark.parametrize(
    ("value", "count", "expected"), [(5, 8, 5), (13, 12, 5), (11, 12, 11), (27, 12, 11), (7, 1, 0)]
)
def test_stable_mod(value: int, count: int, expected: int) -> None:
    assert stable_mod(value, count) == expected


class TestStates:
    """Replicated pool 2 and erasure-coded pool 5 of the recorded cluster, with some changes."""

    def located(self, pool: int, seed: int, **osd_map: Any) -> dict[str, Any]:
        recorded = load("osdmap_recorded.json")
        for osd, changes in osd_map.pop("osds", {}).items():
            recorded["osd_map"]["osds"][osd].update(changes)
        recorded["osd_map"].update(osd_map)
        return BasePyOSDMap(recorded["osd_map"], recorded["osd_map_crush"])._pg_to_up_acting_osds(pool, seed)

    @pytest.mark.parametrize(("pool", "up"), [(2, [2, 0]), (5, [2, ITEM_NONE, 0])])
    def test_a_down_osd_closes_up_or_leaves_a_hole(self, pool: int, up: list[int]) -> None:
        located = self.located(pool, 0, osds={1: {"up": 0}})
        assert located == {"up": up, "acting": up, "up_primary": 2, "acting_primary": 2}

    def test_a_hole_in_front_does_not_lead(self) -> None:
        located = self.located(5, 0, osds={2: {"up": 0}})
        assert (located["up"], located["up_primary"]) == ([ITEM_NONE, 1, 0], 1)

    def test_seeds_beyond_pg_num_fold(self) -> None:
        assert self.located(2, 16 + 8) == self.located(2, 8)

    @pytest.mark.parametrize(("pool", "up"), [(2, [1, 2, 0]), (5, [2, 1, 0])])
    def test_an_osd_without_affinity_does_not_lead(self, pool: int, up: list[int]) -> None:
        located = self.located(pool, 0, osds={2: {"primary_affinity": 0.0}})
        assert (located["up"], located["up_primary"]) == (up, 1)

    def test_if_all_osds_decline_the_first_is_primary(self) -> None:
        unwilling = {osd: {"primary_affinity": 0.0} for osd in range(3)}
        assert self.located(2, 0, osds=unwilling)["up_primary"] == 2

    def test_temporary_mappings_change_who_acts(self) -> None:
        temp = self.located(2, 0, pg_temp=[{"pgid": "2.0", "osds": [0, 1]}])
        assert temp == {"up": [2, 1, 0], "acting": [0, 1], "up_primary": 2, "acting_primary": 0}
        primary = self.located(2, 0, primary_temp=[{"pgid": "2.0", "osd": 1}])
        assert primary == {"up": [2, 1, 0], "acting": [2, 1, 0], "up_primary": 2, "acting_primary": 1}

    def test_explicit_upmap(self) -> None:
        upmap = [{"pgid": "2.0", "osds": [0, 2]}]
        assert self.located(2, 0, pg_upmap=upmap)["up"] == [0, 2]
        # A target that is out voids it.
        assert self.located(2, 0, pg_upmap=upmap, osds={2: {"weight": 0.0}})["up"] != [0, 2]

    def test_a_chosen_primary_leads(self) -> None:
        chosen = [{"pgid": "2.0", "primary_osd": 0}]
        assert self.located(2, 0, pg_upmap_primaries=chosen)["up"] == [0, 1, 2]

    def test_a_pool_that_does_not_exist(self) -> None:
        assert self.located(99, 0) == {"up": [], "acting": [], "up_primary": -1, "acting_primary": -1}
