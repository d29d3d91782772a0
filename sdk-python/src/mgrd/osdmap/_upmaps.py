"""A greedy balancer: moves single PG replicas from the fullest OSDs to the emptiest by upmap items.

Each move respects the rule of the pool: the new OSD is below the same take, in the same chosen buckets on the way down,
and in another failure domain than the other OSDs of the PG.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from ._crushmap import ITEM_NONE
from ._incremental import BasePyOSDMapIncremental
from ._placement import Placement
from ._pools import Pool


def balance_upmaps(
    placement: Placement,
    pools: Sequence[Pool],
    inc: BasePyOSDMapIncremental,
    max_deviation: int,
    max_changes: int,
) -> int:
    """Adds up to `max_changes` changes to `inc`, until each OSD is within `max_deviation` PGs of its share.

    Returns how many. The deviation is at least one PG.
    """
    balance = _Balance(placement, pools)
    changes = 0
    while changes < max_changes and balance.worst() > max(max_deviation, 1):
        if not balance.improve(inc):
            break
        changes += 1
    return changes


class _Balance:
    def __init__(self, placement: Placement, pools: Sequence[Pool]) -> None:
        self._placement = placement
        self._items = {pgid: list(items) for pgid, items in placement.upmap_items.items()}
        self._pgs: dict[str, tuple[_Domains, list[int], list[int]]] = {}
        self._held: dict[int, set[str]] = defaultdict(set)
        self._deviation: dict[int, float] = defaultdict(float)
        for pool in pools:
            domains = _Domains(placement, pool)
            for osd, share in domains.shares().items():
                self._deviation[osd] -= share * pool.pg_num * pool.size
            for seed in range(pool.pg_num):
                osds = placement.upmapped(pool, seed)
                self._pgs[pool.pgid(seed)] = (domains, placement.raw(pool, seed), osds)
                for osd in set(osds) - {ITEM_NONE}:
                    self._deviation[osd] += 1
                    self._held[osd].add(pool.pgid(seed))

    def worst(self) -> float:
        """The largest distance of an OSD from its share, in PGs."""
        return max(map(abs, self._deviation.values()), default=0.0)

    def improve(self, inc: BasePyOSDMapIncremental) -> bool:
        """Makes the best move; False if no move is left."""
        fullest = sorted(self._deviation, key=lambda osd: (-self._deviation[osd], osd))
        for source in fullest:
            for target in reversed(fullest):
                # A move that only turns the imbalance around is useless.
                if self._deviation[source] - self._deviation[target] <= 1:
                    break
                for pgid in sorted(self._held[source]):
                    domains, _, osds = self._pgs[pgid]
                    if domains.allow(osds, source, target) and self._move(pgid, source, target, inc):
                        return True
        return False

    def _move(self, pgid: str, source: int, target: int, inc: BasePyOSDMapIncremental) -> bool:
        _, raw, osds = self._pgs[pgid]
        items = [pair for pair in self._items.get(pgid, []) if pair[1] != source]
        replaced = next((pair[0] for pair in self._items.get(pgid, []) if pair[1] == source), source)
        if replaced != target:
            # If the target is in the result of CRUSH itself, the item is ignored or undone.
            if target in raw or replaced not in raw:
                return False
            items.append((replaced, target))
        self._items[pgid] = items
        inc.set_upmap_items(pgid, items)
        osds[osds.index(source)] = target
        self._held[source].discard(pgid)
        self._held[target].add(pgid)
        self._deviation[source] -= 1
        self._deviation[target] += 1
        return True


class _Domains:
    """Which OSD may replace which, according to the rule of a pool."""

    def __init__(self, placement: Placement, pool: Pool) -> None:
        self._placement = placement
        crush = placement.crush
        rule = crush.rule_for(pool.crush_rule, pool.kind, pool.size)
        steps = rule.steps if rule else ()
        self._takes = [step["item"] for step in steps if step.get("op") == "take"]
        kinds = [crush.kinds[step["type"]] for step in steps if str(step.get("op")).startswith("choose")]
        # For `choose dc, chooseleaf host`, the hosts must differ, and a replacement must be in the same dc.
        self._stay, self._apart = kinds[:-1], kinds[-1] if kinds else 0
        self._ancestors: dict[tuple[int, int, int], int | None] = {}
        self._under = [(take, crush.leaf_weights(take)) for take in self._takes]

    def shares(self) -> dict[int, float]:
        """The share of the pool that each OSD that is in and up should hold."""
        weights: dict[int, float] = defaultdict(float)
        reweights = self._placement.reweights
        for _, leaves in self._under:
            for osd, weight in leaves.items():
                if osd in self._placement.up and reweights[osd]:
                    weights[osd] += weight * reweights[osd]
        total = sum(weights.values())
        return {osd: weight / total for osd, weight in weights.items()} if total else {}

    def allow(self, osds: Sequence[int], source: int, target: int) -> bool:
        """Whether `target` may replace `source` in a PG on `osds`."""
        usable = target in self._placement.up and self._placement.reweights[target] > 0
        if target in osds or not usable:
            return False
        for take, leaves in self._under:
            if source in leaves and target in leaves:
                return self._fits(take, osds, source, target)
        return False

    def _fits(self, take: int, osds: Sequence[int], source: int, target: int) -> bool:
        if any(self._above(source, kind, take) != self._above(target, kind, take) for kind in self._stay):
            return False
        domain = self._above(target, self._apart, take)
        others = [osd for osd in osds if osd not in (source, ITEM_NONE)]
        return domain is not None and all(self._above(osd, self._apart, take) != domain for osd in others)

    def _above(self, osd: int, kind: int, take: int) -> int | None:
        key = (osd, kind, take)
        if key not in self._ancestors:
            self._ancestors[key] = self._placement.crush.ancestor(osd, kind, take)
        return self._ancestors[key]
