"""The compat weight set: second weights for the same hierarchy, kept in the CRUSH map's default choose_args."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ._classes import fresh
from ._crushmap import DEFAULT_CHOOSE_ARGS, Document

_UNIT = 0x10000


def with_compat_weights(crush: Document, weights: Mapping[int, float]) -> dict[str, Any]:
    """A copy of the CRUSH document in which the default weight set has these weights for devices and the sums above them.

    Raises ValueError for a device that no bucket holds.
    """
    document: dict[str, Any] = dict(fresh(crush))
    sets = _default_set(document)
    held = {item["id"] for bucket in document["buckets"] for item in bucket["items"]}
    for osd, weight in weights.items():
        if int(osd) not in held:
            raise ValueError(f"osd.{osd} is in no CRUSH bucket: give weights only for OSDs that get_osds_under() lists")
        _adjust(document, sets, int(osd), [float(weight)])
    return document


def _default_set(document: dict[str, Any]) -> dict[int, list[list[float]]]:
    """The weights of the default set by bucket and position. If there is no such set, it is made from the plain weights."""
    entries = document.setdefault("choose_args", {}).setdefault(DEFAULT_CHOOSE_ARGS, [])
    known = {entry["bucket_id"]: entry for entry in entries}
    positions = max((len(entry.get("weight_set", ())) for entry in entries), default=0) or 1
    sets: dict[int, list[list[float]]] = {}
    for bucket in document["buckets"]:
        entry = known.get(bucket["id"])
        if entry is None:
            entry = {"bucket_id": bucket["id"]}
            entries.append(entry)
        plain = [item["weight"] / _UNIT for item in bucket["items"]]
        sets[bucket["id"]] = entry.setdefault("weight_set", [list(plain) for _ in range(positions)])
    entries.sort(key=lambda entry: -int(entry["bucket_id"]))
    return sets


def _adjust(document: Document, sets: Mapping[int, list[list[float]]], item: int, weights: list[float]) -> None:
    """Sets an item's weight in all buckets that hold it, and the sums above them."""
    for bucket in document["buckets"]:
        places = [index for index, held in enumerate(bucket["items"]) if held["id"] == item]
        if not places:
            continue
        positions = sets[bucket["id"]]
        for position, row in enumerate(positions):
            for place in places:
                # Whole 16.16 steps, as the binary map keeps them.
                row[place] = int(weights[min(position, len(weights) - 1)] * _UNIT) / _UNIT
        _adjust(document, sets, bucket["id"], [sum(row) for row in positions])
