"""A greedy balancer of primaries: makes another OSD of a PG its primary, without moving data."""

from __future__ import annotations

import errno
from collections import defaultdict

from ._incremental import BasePyOSDMapIncremental
from ._placement import NO_PRIMARY, Placement
from ._pools import Pool


def balance_primaries(placement: Placement, pool: Pool, inc: BasePyOSDMapIncremental) -> int:
    """Adds primaries for the PGs of a pool to `inc` until each OSD is primary of about its share of the PGs that it holds.
    Returns the number of changes, or -EINVAL for a pool that is not replicated."""
    if not pool.closes_gaps:
        return -errno.EINVAL
    pgs = {pool.pgid(seed): placement.locate(pool.pool_id, seed) for seed in range(pool.pg_num)}
    leaders = {pgid: mapping.up_primary for pgid, mapping in pgs.items() if mapping.up_primary != NO_PRIMARY}
    # Of how many PGs more than its share each OSD is the primary.
    surplus: dict[int, float] = defaultdict(float)
    for pgid, leader in leaders.items():
        surplus[leader] += 1
        for osd in pgs[pgid].up:
            surplus[osd] -= 1 / len(pgs[pgid].up)
    changed = {}
    moved = True
    while moved:
        moved = False
        for pgid in sorted(leaders, key=lambda pgid: -surplus[leaders[pgid]]):
            leader, best = leaders[pgid], min(pgs[pgid].up, key=lambda osd: (surplus[osd], osd))
            if surplus[leader] - surplus[best] > 1:
                surplus[leader] -= 1
                surplus[best] += 1
                leaders[pgid] = changed[pgid] = best
                moved = True
    effective = {pgid: osd for pgid, osd in changed.items() if osd != pgs[pgid].up_primary}
    inc.new_pg_upmap_primaries.update(effective)
    return len(effective)
