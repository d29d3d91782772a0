"""`BasePyOSDMapIncremental`: changes to one OSD map, to look at or to apply."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ._choose import IN
from ._classes import fresh
from ._crushmap import Document
from ._weightset import with_compat_weights


class BasePyOSDMapIncremental:
    """The changes from one epoch to the next. The OSD map to which it belongs makes it."""

    def __init__(self, epoch: int, fsid: str, crush: Document) -> None:
        """`crush` is the CRUSH document of the map from which the changes start."""
        self.epoch = epoch
        self._fsid = fsid
        self._base_crush = crush
        self.new_crush: dict[str, Any] | None = None
        self.new_weight: dict[int, int] = {}
        self.new_pg_upmap_items: dict[str, list[tuple[int, int]]] = {}
        self.old_pg_upmap_items: set[str] = set()
        self.new_pg_upmap_primaries: dict[str, int] = {}
        self.old_pg_upmap_primaries: set[str] = set()

    def _get_epoch(self) -> int:
        """The epoch after these changes."""
        return self.epoch

    def _set_osd_reweights(self, weightmap: Mapping[int, float]) -> None:
        """Sets the reweights of some OSDs. Values are limited to 0 to 1."""
        for osd, weight in weightmap.items():
            self.new_weight[int(osd)] = int(min(max(float(weight), 0.0), 1.0) * IN)

    def _set_crush_compat_weight_set_weights(self, weightmap: Mapping[int, float]) -> None:
        """Sets device weights in the default weight set, and creates that if there is none."""
        self.new_crush = with_compat_weights(self._base_crush, weightmap)

    def set_upmap_items(self, pgid: str, items: list[tuple[int, int]]) -> None:
        """Replaces the (from, to) pairs of a PG. An empty list removes the entry."""
        self.new_pg_upmap_items.pop(pgid, None)
        self.old_pg_upmap_items.discard(pgid)
        if items:
            self.new_pg_upmap_items[pgid] = items
        else:
            self.old_pg_upmap_items.add(pgid)

    def _dump(self) -> dict[str, Any]:
        """The changes as a document, in Ceph's form."""
        document: dict[str, Any] = {"epoch": self.epoch, "fsid": self._fsid}
        document.update({"new_pool_max": -1, "new_flags": -1})
        document["crush"] = fresh(self._base_crush if self.new_crush is None else self.new_crush)
        document.update({"new_max_osd": -1, "new_pools": [], "new_pool_names": [], "old_pools": [], "new_up_osds": []})
        document["new_weight"] = [{"osd": osd, "weight": weight} for osd, weight in sorted(self.new_weight.items())]
        document.update({"osd_state_xor": [], "new_pg_temp": [], "primary_temp": [], "new_pg_upmap": []})
        document.update({"old_pg_upmap": [], "new_pg_upmap_items": upmap_items_document(self.new_pg_upmap_items)})
        document["old_pg_upmap_items"] = sorted(self.old_pg_upmap_items)
        document["new_pg_upmap_primaries"] = upmap_primaries_document(self.new_pg_upmap_primaries)
        document["old_pg_upmap_primaries"] = [{"pgid": pgid} for pgid in sorted(self.old_pg_upmap_primaries)]
        document.update({"new_up_thru": [], "new_lost": [], "new_last_clean_interval": [], "new_blocklist": []})
        document.update({"old_blocklist": [], "new_xinfo": [], "new_erasure_code_profiles": {}})
        document.update({"old_erasure_code_profiles": [], "new_removed_snaps": [], "new_purged_snaps": []})
        document.update({"new_crush_node_flags": {}, "new_device_class_flags": {}})
        return document


def upmap_items_document(items: Mapping[str, list[tuple[int, int]]]) -> list[dict[str, Any]]:
    """Upmap items as OSD maps write them, by pool and PG."""
    return [
        {"pgid": pgid, "mappings": [{"from": source, "to": target} for source, target in items[pgid]]}
        for pgid in sorted(items, key=pgid_order)
    ]


def upmap_primaries_document(primaries: Mapping[str, int]) -> list[dict[str, Any]]:
    """Chosen primaries as OSD maps write them, by pool and PG."""
    return [{"pgid": pgid, "primary_osd": primaries[pgid]} for pgid in sorted(primaries, key=pgid_order)]


def pgid_order(pgid: str) -> tuple[int, int]:
    """Sorts PG names as numbers."""
    pool, _, seed = pgid.partition(".")
    return int(pool), int(seed, 16)
