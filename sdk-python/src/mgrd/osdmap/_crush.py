"""`BasePyCRUSH`: the base class of Ceph's `mgr_module.CRUSHMap`."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from ._classes import fresh
from ._crushmap import CrushMap, Document

WEIGHT_ONE = 0x10000
"""The weight 1, as documents write weights."""


class BasePyCRUSH:
    """A CRUSH document, with the queries that need no placement."""

    def __init__(self, document: Document) -> None:
        """`document` has the plain JSON values of `osd_map_crush`. The caller must not change it any more."""
        self._document = document

    @cached_property
    def _map(self) -> CrushMap:
        return CrushMap(self._document)

    def _dump(self) -> dict[str, Any]:
        """A copy of the whole document."""
        return dict(fresh(self._document))

    def _get_item_name(self, item: int) -> str | None:
        """The name of a bucket or device; None if there is no such item."""
        entries = self._document["buckets"] if item < 0 else self._document["devices"]
        return next((entry["name"] for entry in entries if entry["id"] == item), None)

    def _get_item_weight(self, item: int) -> float | None:
        """The weight of a bucket or device, 1 for what the document writes as 65536; None if there is no such item."""
        if self._get_item_name(item) is None:
            return None
        for bucket in self._document["buckets"]:
            if bucket["id"] == item:
                return float(bucket["weight"]) / WEIGHT_ONE
        held = (entry for bucket in self._document["buckets"] for entry in bucket["items"])
        return next((float(entry["weight"]) / WEIGHT_ONE for entry in held if entry["id"] == item), None)

    def _find_takes(self) -> dict[str, list[int]]:
        """`{"takes": …}`: the items that rules start from, ascending."""
        steps = (step for rule in self._document["rules"] for step in rule["steps"])
        return {"takes": sorted({step["item"] for step in steps if step.get("op") == "take"})}

    def _find_roots(self) -> dict[str, list[int]]:
        """`{"roots": …}`: the buckets that no bucket holds, the shadow trees of device classes included, ascending."""
        held = {entry["id"] for bucket in self._document["buckets"] for entry in bucket["items"]}
        return {"roots": sorted({bucket["id"] for bucket in self._document["buckets"]} - held)}

    def _get_take_weight_osd_map(self, root: int) -> dict[str, dict[str, float]]:
        """`{"weights": {osd: share}}`: what each OSD below `root` weighs; the shares sum to 1."""
        return {"weights": {str(osd): share for osd, share in self._map.leaf_weights(root).items()}}
