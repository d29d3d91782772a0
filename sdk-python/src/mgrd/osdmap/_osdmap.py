"""`BasePyOSDMap`: the base class of Ceph's `mgr_module.OSDMap`."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from ._apply import applied
from ._classes import fresh, public_class
from ._crush import BasePyCRUSH
from ._crushmap import Document
from ._incremental import BasePyOSDMapIncremental
from ._placement import Placement
from ._pools import Pool
from ._primaries import balance_primaries
from ._simple import simple_documents
from ._upmaps import balance_upmaps


class BasePyOSDMap:
    """A private copy of one OSD map that computes where its PGs are.

    For a pool that does not exist it raises SystemError, as Ceph's class does, but with a message.
    """

    def __init__(self, osd_map: Document, crush: Document) -> None:
        """The documents `osd_map` and `osd_map_crush`, as plain JSON values. The caller must not change them any more."""
        self._osd_map = osd_map
        self._crush = crush

    @classmethod
    def _build_simple(cls, epoch: int = 1, uuid: str | None = None, num_osd: int = -1) -> BasePyOSDMap:
        """A generic map for tests, with `num_osd` OSDs on one host. They exist, but are down and out."""
        return public_class("OSDMap", BasePyOSDMap)(*simple_documents(epoch, uuid, num_osd))

    @cached_property
    def _placement(self) -> Placement:
        return Placement(self._osd_map, self._crush)

    def _pool(self, pool_id: int) -> Pool:
        pool = self._placement.pools.get(pool_id)
        if pool is None:
            raise SystemError(
                f"pool {pool_id} does not exist in OSD map epoch {self._get_epoch()}; get_pools() lists them"
            )
        return pool

    def _get_epoch(self) -> int:
        return int(self._osd_map["epoch"])

    def _get_crush_version(self) -> int:
        return int(self._osd_map["crush_version"])

    def _dump(self) -> dict[str, Any]:
        """A copy of the whole document."""
        return dict(fresh(self._osd_map))

    def _get_crush(self) -> BasePyCRUSH:
        return public_class("CRUSHMap", BasePyCRUSH)(self._crush)

    def _new_incremental(self) -> BasePyOSDMapIncremental:
        """An empty set of changes for the next epoch."""
        cls = public_class("OSDMapIncremental", BasePyOSDMapIncremental)
        return cls(self._get_epoch() + 1, str(self._osd_map["fsid"]), self._crush)

    def _apply_incremental(self, inc: BasePyOSDMapIncremental) -> BasePyOSDMap:
        """A new map with these changes. Raises ValueError if they start from another epoch."""
        return public_class("OSDMap", BasePyOSDMap)(*applied(self._osd_map, self._crush, inc))

    def _get_pools_by_take(self, take: int) -> dict[str, list[int]]:
        """`{"pools": …}`: the pools whose rule starts from bucket `take`, ascending."""
        takes = {
            rule.rule_id: {step["item"] for step in rule.steps if step.get("op") == "take"}
            for rule in self._placement.crush.rules
        }
        pools = self._placement.pools.values()
        return {"pools": sorted(pool.pool_id for pool in pools if take in takes.get(pool.crush_rule, ()))}

    def _calc_pg_upmaps(
        self,
        inc: BasePyOSDMapIncremental,
        max_deviation: int,
        max_iterations: int = 10,
        pools: list[str] | None = None,
    ) -> int:
        """Adds up to `max_iterations` upmap changes to `inc`, until each OSD is within `max_deviation` PGs of its share of
        the named pools, or of all pools if none is named. Returns how many. Raises SystemError for an unknown name."""
        by_name = {pool.name: pool for pool in self._placement.pools.values()}
        for name in pools or ():
            if name not in by_name:
                raise SystemError(f"pool {name!r} does not exist; get_pools_by_name() lists them")
        chosen = [by_name[name] for name in pools or by_name]
        return balance_upmaps(self._placement, chosen, inc, max_deviation, max_iterations)

    def _balance_primaries(self, pool_id: int, inc: BasePyOSDMapIncremental) -> int:
        """Spreads the primaries of a replicated pool evenly. Returns how many changes it added to `inc`, or -EINVAL for a
        pool that is not replicated."""
        return balance_primaries(self._placement, self._pool(pool_id), inc)

    def _map_pool_pgs_up(self, poolid: int) -> dict[str, list[int]]:
        """The up OSDs of every PG of a pool, by name (`2.1f`)."""
        pool = self._pool(poolid)
        return {pool.pgid(seed): self._placement.locate(poolid, seed).up for seed in range(pool.pg_num)}

    def _pg_to_up_acting_osds(self, pool_id: int, ps: int) -> dict[str, Any]:
        """The OSDs of one PG; -1 and empty lists for a pool that does not exist."""
        mapping = self._placement.locate(pool_id, ps)
        return {
            "up": mapping.up,
            "acting": mapping.acting,
            "up_primary": mapping.up_primary,
            "acting_primary": mapping.acting_primary,
        }

    def _pool_raw_used_rate(self, pool_id: int) -> float:
        """Raw bytes used per byte stored; 0 for an erasure-coded pool whose profile does not say."""
        pool = self._pool(pool_id)
        if not pool.is_erasure:
            return float(pool.size)
        profile = self._osd_map["erasure_code_profiles"].get(pool.erasure_code_profile, {})
        data, coding = int(profile.get("k", 0)), int(profile.get("m", 0))
        return (data + coding) / data if data else 0.0
