"""The low-level classes do what Ceph's `mgr_module.py` expects of them."""

from __future__ import annotations

import json
import sys
import types
from collections import Counter
from pathlib import Path
from typing import Any, Callable

import pytest

from mgrd.osdmap import BasePyCRUSH, BasePyOSDMap, BasePyOSDMapIncremental

DATA = Path(__file__).parent / "data"


def osdmap(name: str = "osdmap_recorded.json") -> BasePyOSDMap:
    case = json.loads((DATA / name).read_text())
    return BasePyOSDMap(case["osd_map"], case["osd_map_crush"])


@pytest.fixture(autouse=True)
def no_mgr_module(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "mgr_module", raising=False)


def test_dumps_are_the_documents_and_the_callers_own() -> None:
    case = json.loads((DATA / "osdmap_recorded.json").read_text())
    for dump, document in (
        (osdmap()._dump, case["osd_map"]),
        (osdmap()._get_crush()._dump, case["osd_map_crush"]),
    ):
        assert dump() == document
        dump().clear()
        assert dump() == document


def test_modules_see_the_classes_of_mgr_module(monkeypatch: pytest.MonkeyPatch) -> None:
    module = types.ModuleType("mgr_module")
    bases = {"OSDMap": BasePyOSDMap, "CRUSHMap": BasePyCRUSH, "OSDMapIncremental": BasePyOSDMapIncremental}
    for name, base in bases.items():
        setattr(module, name, type(name, (base,), {}))
    monkeypatch.setitem(sys.modules, "mgr_module", module)
    step = osdmap()._new_incremental()
    seen = (osdmap()._apply_incremental(step), osdmap()._get_crush(), step, BasePyOSDMap._build_simple())
    assert [type(value).__name__ for value in seen] == ["OSDMap", "CRUSHMap", "OSDMapIncremental", "OSDMap"]


def test_crush_questions() -> None:
    crush = osdmap()._get_crush()
    assert [crush._get_item_name(item) for item in (-1, 2, 99, -99)] == ["default", "osd.2", None, None]
    assert [crush._get_item_weight(item) for item in (-1, 2, 99, -99)] == [195 / 65536, 65 / 65536, None, None]
    assert crush._find_takes() == {"takes": [-1]}
    assert crush._find_roots() == {"roots": [-2, -1]}
    weights = crush._get_take_weight_osd_map(-1)["weights"]
    assert weights == {"0": pytest.approx(1 / 3), "1": pytest.approx(1 / 3), "2": pytest.approx(1 / 3)}


def test_pool_questions() -> None:
    real = osdmap()
    assert real._get_pools_by_take(-1) == {"pools": [1, 2, 3, 4, 5]}
    assert real._get_pools_by_take(-2) == {"pools": []}
    assert [real._pool_raw_used_rate(pool) for pool in (2, 5)] == [3.0, 1.5]
    assert (real._get_epoch(), real._get_crush_version()) == (28, 8)


@pytest.mark.parametrize(
    "ask",
    [
        lambda real: real._map_pool_pgs_up(99),
        lambda real: real._pool_raw_used_rate(99),
        lambda real: real._balance_primaries(99, real._new_incremental()),
        lambda real: real._calc_pg_upmaps(real._new_incremental(), 1, 10, ["nope"]),
    ],
)
def test_a_missing_pool_is_a_system_error_that_names_it(ask: Callable[[BasePyOSDMap], Any]) -> None:
    with pytest.raises(SystemError, match=r"99|nope"):
        ask(osdmap())


def test_reweights_are_clamped_and_applied() -> None:
    before = osdmap()
    step = before._new_incremental()
    step._set_osd_reweights({0: -1.0, 1: 7.0, 2: 0.5})
    assert step._dump()["new_weight"] == [
        {"osd": 0, "weight": 0},
        {"osd": 1, "weight": 65536},
        {"osd": 2, "weight": 32768},
    ]
    after = before._apply_incremental(step)
    assert after._get_epoch() == step._get_epoch() == 29
    assert [(osd["in"], osd["weight"]) for osd in after._dump()["osds"]] == [(0, 0.0), (1, 1.0), (1, 0.5)]
    assert all(0 not in up for up in after._map_pool_pgs_up(2).values())
    assert before._dump()["osds"][0]["in"] == 1


def test_an_incremental_fits_one_epoch_only() -> None:
    before = osdmap()
    step = before._new_incremental()
    with pytest.raises(ValueError, match="does not follow"):
        before._apply_incremental(step)._apply_incremental(step)


def test_compat_weights_move_data_but_not_crush_weights() -> None:
    before = osdmap("osdmap_upmaps.json")
    step = before._new_incremental()
    step._set_crush_compat_weight_set_weights({0: 0.0})
    after = before._apply_incremental(step)
    assert any(0 in up for up in before._map_pool_pgs_up(1).values())
    assert all(0 not in up for up in after._map_pool_pgs_up(1).values())
    crush = after._get_crush()._dump()
    assert after._get_crush_version() == before._get_crush_version() + 1
    assert crush["buckets"] == before._get_crush()._dump()["buckets"]
    sums = {entry["bucket_id"]: sum(entry["weight_set"][0]) for entry in crush["choose_args"]["-1"]}
    plain = {bucket["id"]: bucket["weight"] / 65536 for bucket in crush["buckets"]}
    assert {bucket: plain[bucket] - total for bucket, total in sums.items() if plain[bucket] != total} == {
        -1: 1.0,
        -2: 1.0,
    }
    with pytest.raises(ValueError, match=r"osd\.77"):
        step._set_crush_compat_weight_set_weights({77: 1.0})


def counts(real: BasePyOSDMap) -> Counter[int]:
    return Counter(osd for up in real._map_pool_pgs_up(1).values() for osd in up)


def test_upmaps_even_out_the_load_and_keep_failure_domains() -> None:
    before = osdmap("osdmap_upmaps.json")
    step = before._new_incremental()
    changes = before._calc_pg_upmaps(step, 1, 500, ["rbd"])
    after = before._apply_incremental(step)
    shares = share_of_pgs(after)
    off = max(abs(counts(after)[osd] - share) for osd, share in shares.items())
    assert 0 < changes < 500
    assert off <= 1 < max(abs(counts(before)[osd] - share) for osd, share in shares.items())
    for up in after._map_pool_pgs_up(1).values():
        assert len({osd // 4 for osd in up}) == 3, "two replicas on one host"
    assert after._calc_pg_upmaps(after._new_incremental(), 1, 500) == 0


def share_of_pgs(real: BasePyOSDMap) -> dict[int, float]:
    weights = real._get_crush()._get_take_weight_osd_map(-1)["weights"]
    usable = {osd["osd"] for osd in real._dump()["osds"] if osd["in"]}
    total = sum(weights[str(osd)] for osd in usable)
    return {osd: weights[str(osd)] / total * 384 * 3 for osd in usable}


def test_upmaps_stop_at_the_number_asked_for() -> None:
    real = osdmap("osdmap_upmaps.json")
    step = real._new_incremental()
    assert real._calc_pg_upmaps(step, 1, 3) == 3
    assert len(step._dump()["new_pg_upmap_items"]) + len(step._dump()["old_pg_upmap_items"]) <= 3


def test_primaries_even_out_without_moving_data() -> None:
    before = osdmap("osdmap_upmaps.json")
    step = before._new_incremental()
    assert before._balance_primaries(1, step) > 0
    after = before._apply_incremental(step)
    led, held = Counter(up[0] for up in after._map_pool_pgs_up(1).values()), counts(after)
    assert all(abs(led[osd] - held[osd] / 3) <= 2 for osd in held)
    old, new = before._map_pool_pgs_up(1), after._map_pool_pgs_up(1)
    assert {pg: set(up) for pg, up in old.items()} == {pg: set(up) for pg, up in new.items()}
    assert osdmap()._balance_primaries(5, osdmap()._new_incremental()) < 0


def test_build_simple() -> None:
    simple = BasePyOSDMap._build_simple(epoch=3, uuid="u", num_osd=4)
    assert (simple._get_epoch(), simple._dump()["fsid"], len(simple._dump()["osds"])) == (3, "u", 4)
    assert simple._get_crush()._find_roots() == {"roots": [-1]}
    assert BasePyOSDMap._build_simple()._dump()["osds"] == []
