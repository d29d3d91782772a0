"""Applies an incremental to the documents of the map that it was made from."""

from __future__ import annotations

from typing import Any

from ._choose import IN
from ._classes import fresh
from ._crushmap import Document
from ._incremental import BasePyOSDMapIncremental, upmap_items_document, upmap_primaries_document


def applied(osd_map: Document, crush: Document, inc: BasePyOSDMapIncremental) -> tuple[dict[str, Any], Document]:
    """The OSD map and CRUSH documents of the next epoch; ValueError if `inc` belongs to another epoch."""
    if inc.epoch != osd_map["epoch"] + 1:
        raise ValueError(
            f"incremental for epoch {inc.epoch} does not follow epoch {osd_map['epoch']}: "
            "make it with new_incremental() of this map"
        )
    document: dict[str, Any] = dict(fresh(osd_map))
    document["epoch"] = inc.epoch
    for osd in document["osds"]:
        if osd["osd"] in inc.new_weight:
            _reweigh(osd, inc.new_weight[osd["osd"]])
    _apply_upmaps(document, inc)
    if inc.new_crush is None:
        return document, crush
    document["crush_version"] += 1
    return document, fresh(inc.new_crush)


def _reweigh(osd: dict[str, Any], weight: int) -> None:
    osd["weight"] = weight / IN
    osd["in"] = int(weight > 0)
    if weight:  # An OSD with a new weight is no longer out, so the states that say why are gone.
        osd["state"] = [state for state in osd.get("state", ()) if state not in ("autoout", "new")]


def _apply_upmaps(document: dict[str, Any], inc: BasePyOSDMapIncremental) -> None:
    items = {
        entry["pgid"]: [(pair["from"], pair["to"]) for pair in entry["mappings"]]
        for entry in document.get("pg_upmap_items", ())
    }
    items.update(inc.new_pg_upmap_items)
    for pgid in inc.old_pg_upmap_items:
        items.pop(pgid, None)
    document["pg_upmap_items"] = upmap_items_document(items)
    primaries = {entry["pgid"]: entry["primary_osd"] for entry in document.get("pg_upmap_primaries", ())}
    primaries.update(inc.new_pg_upmap_primaries)
    for pgid in inc.old_pg_upmap_primaries:
        primaries.pop(pgid, None)
    # Maps that are older than the feature have no such key, and get it only if there is something in it.
    if primaries or "pg_upmap_primaries" in document:
        document["pg_upmap_primaries"] = upmap_primaries_document(primaries)
