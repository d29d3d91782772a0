"""Where the PGs of one OSD map are: CRUSH, then overrides, OSD states, primary affinity and temporary mappings."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from ._choose import IN
from ._crushmap import ITEM_NONE, CrushMap, Document
from ._pools import Pool
from ._rjenkins import hash2
from ._rules import run_rule

NO_PRIMARY = -1


@dataclass(frozen=True)
class Mapping:
    """The OSDs of one PG. ITEM_NONE marks a missing shard, NO_PRIMARY a PG without a primary."""

    up: list[int] = field(default_factory=list)
    acting: list[int] = field(default_factory=list)
    up_primary: int = NO_PRIMARY
    acting_primary: int = NO_PRIMARY


class Placement:
    """Maps the PGs of one pair of documents. It keeps what it computed, so the documents must not change."""

    def __init__(self, osd_map: Document, crush: Document) -> None:
        self._osd_map = osd_map
        self._crush = crush
        self._raw: dict[tuple[int, int], list[int]] = {}
        self.pools = {entry["pool"]: Pool.from_document(entry) for entry in osd_map["pools"]}

    @cached_property
    def crush(self) -> CrushMap:
        """The CRUSH map. It is read when it is first needed."""
        return CrushMap(self._crush)

    @cached_property
    def reweights(self) -> list[int]:
        """The 16.16 reweight of every OSD id; 0 for one that is out or does not exist."""
        weights = [0] * int(self._osd_map["max_osd"])
        for osd in self._osd_map["osds"]:
            weights[osd["osd"]] = round(osd["weight"] * IN)
        return weights

    @cached_property
    def existing(self) -> frozenset[int]:
        """The OSDs that exist."""
        return frozenset(osd["osd"] for osd in self._osd_map["osds"])

    @cached_property
    def up(self) -> frozenset[int]:
        """The OSDs that exist and are up."""
        return frozenset(osd["osd"] for osd in self._osd_map["osds"] if osd["up"])

    @cached_property
    def _affinities(self) -> dict[int, int]:
        """The 16.16 primary affinity of the OSDs for which it is less than 1."""
        affinities = {osd["osd"]: round(osd.get("primary_affinity", 1.0) * IN) for osd in self._osd_map["osds"]}
        return {osd: affinity for osd, affinity in affinities.items() if affinity != IN}

    @cached_property
    def _upmaps(self) -> dict[str, list[int]]:
        return {entry["pgid"]: entry["osds"] for entry in self._osd_map.get("pg_upmap", ())}

    @cached_property
    def upmap_items(self) -> dict[str, list[tuple[int, int]]]:
        """The (from, to) replacements that apply, by PG."""
        return {
            entry["pgid"]: [(pair["from"], pair["to"]) for pair in entry["mappings"]]
            for entry in self._osd_map.get("pg_upmap_items", ())
        }

    @cached_property
    def _upmap_primaries(self) -> dict[str, int]:
        return {entry["pgid"]: entry["primary_osd"] for entry in self._osd_map.get("pg_upmap_primaries", ())}

    @cached_property
    def _temps(self) -> dict[str, list[int]]:
        return {entry["pgid"]: entry["osds"] for entry in self._osd_map.get("pg_temp", ())}

    @cached_property
    def _primary_temps(self) -> dict[str, int]:
        return {entry["pgid"]: entry["osd"] for entry in self._osd_map.get("primary_temp", ())}

    def locate(self, pool_id: int, seed: int) -> Mapping:
        """The OSDs of the PG that `seed` belongs to; an empty mapping for a pool that does not exist."""
        pool = self.pools.get(pool_id)
        if pool is None:
            return Mapping()
        up, up_primary = self._up(pool, seed)
        acting, acting_primary = self._temp(pool, pool.pgid(pool.fold(seed)))
        if not acting:
            acting = list(up)
            if acting_primary == NO_PRIMARY:
                acting_primary = up_primary
        return Mapping(up, acting, up_primary, acting_primary)

    def raw(self, pool: Pool, seed: int) -> list[int]:
        """The result of CRUSH alone, without OSDs that do not exist."""
        folded = pool.fold(seed)
        key = (pool.pool_id, folded)
        if key not in self._raw:
            rule = self.crush.rule_for(pool.crush_rule, pool.kind, pool.size)
            chosen: list[int] = []
            if rule is not None:
                x = pool.input_of(folded)
                chosen = run_rule(self.crush, rule, x, pool.size, self.reweights, pool.pool_id)
            self._raw[key] = _keep(pool, chosen, self.existing)
        return list(self._raw[key])

    def upmapped(self, pool: Pool, seed: int) -> list[int]:
        """The result of CRUSH after the explicit overrides. It still contains OSDs that are down."""
        osds = self.raw(pool, seed)
        pgid = pool.pgid(pool.fold(seed))
        if pgid in self._upmaps:
            if any(self._is_out(osd) for osd in self._upmaps[pgid]):
                return osds
            osds = list(self._upmaps[pgid])
        for source, target in self.upmap_items.get(pgid, ()):
            if source in osds and target not in osds and not self._is_out(target):
                osds[osds.index(source)] = target
        primary = self._upmap_primaries.get(pgid)
        if primary in osds[1:] and primary is not None and not self._is_out(primary):
            place = osds.index(primary)
            osds[0], osds[place] = primary, osds[0]
        return osds

    def _is_out(self, osd: int) -> bool:
        return 0 <= osd < len(self.reweights) and self.reweights[osd] == 0

    def _up(self, pool: Pool, seed: int) -> tuple[list[int], int]:
        osds = _keep(pool, self.upmapped(pool, seed), self.up)
        primary = next((osd for osd in osds if osd != ITEM_NONE), NO_PRIMARY)
        if self._affinities.keys().isdisjoint(osds):
            return osds, primary
        return self._with_affinity(pool, pool.input_of(pool.fold(seed)), osds)

    def _with_affinity(self, pool: Pool, x: int, osds: list[int]) -> tuple[list[int], int]:
        """Chooses the primary. Each OSD in turn declines with a frequency that depends on its affinity; if all decline, it is
        the first one."""
        candidates = [osd for osd in osds if osd != ITEM_NONE]
        primary = next((osd for osd in candidates if not self._declines(x, osd)), candidates[0])
        if pool.closes_gaps:
            osds = [primary] + [osd for osd in osds if osd != primary]
        return osds, primary

    def _declines(self, x: int, osd: int) -> bool:
        affinity = self._affinities.get(osd, IN)
        return affinity < IN and hash2(x, osd) >> 16 >= affinity

    def _temp(self, pool: Pool, pgid: str) -> tuple[list[int], int]:
        osds = _keep(pool, self._temps.get(pgid, []), self.up)
        leader = next((osd for osd in osds if osd != ITEM_NONE), NO_PRIMARY)
        return osds, self._primary_temps.get(pgid, leader)


def _keep(pool: Pool, osds: list[int], wanted: frozenset[int]) -> list[int]:
    """The wanted OSDs. In a pool whose positions matter, the others leave a hole."""
    if pool.closes_gaps:
        return [osd for osd in osds if osd in wanted]
    return [osd if osd in wanted else ITEM_NONE for osd in osds]
