"""Reads a CRUSH document (`osd_map_crush`) into buckets, rules and tunables for placement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ._buckets import Bucket, ListBucket, Straw2Bucket, StrawBucket, TreeBucket, UniformBucket

Document = Mapping[str, Any]

ITEM_NONE = 0x7FFFFFFF
"""Marks a position in a result for which no item was found."""

DEFAULT_CHOOSE_ARGS = "-1"
"""The weight set for pools that have none of their own."""


@dataclass(frozen=True)
class Rule:
    """A placement rule and the pools it may serve."""

    rule_id: int
    ruleset: int
    pool_type: int
    min_size: int
    max_size: int
    steps: tuple[Document, ...]

    def serves(self, crush_rule: int, pool_type: int, size: int) -> bool:
        """Whether a pool that names `crush_rule` is placed by this rule."""
        fits = self.min_size <= size <= self.max_size
        return self.ruleset == crush_rule and self.pool_type == pool_type and fits


class CrushMap:
    """The hierarchy, rules and tunables of one CRUSH document."""

    def __init__(self, document: Document) -> None:
        self.tunables: dict[str, Any] = dict(document.get("tunables", {}))
        self.kinds = {entry["name"]: int(entry["type_id"]) for entry in document["types"]}
        self.rules = [_rule(entry) for entry in document["rules"]]
        self.parents: dict[int, list[int]] = {}
        self._documents = {entry["id"]: entry for entry in document["buckets"]}
        self._choose_args = {
            str(key): {entry["bucket_id"]: entry for entry in entries}
            for key, entries in document.get("choose_args", {}).items()
        }
        self._buckets: dict[str, dict[int, Bucket]] = {}
        for bucket_id, entry in self._documents.items():
            for item in entry["items"]:
                self.parents.setdefault(item["id"], []).append(bucket_id)

    def rule_for(self, crush_rule: int, pool_type: int, size: int) -> Rule | None:
        """The rule that places such a pool, if there is one."""
        return next((rule for rule in self.rules if rule.serves(crush_rule, pool_type, size)), None)

    def buckets_for(self, pool_id: int) -> Mapping[int, Bucket]:
        """All buckets, with the weights of the pool's weight set or of the default one."""
        key = str(pool_id) if str(pool_id) in self._choose_args else DEFAULT_CHOOSE_ARGS
        if key not in self._buckets:
            overrides = self._choose_args.get(key, {})
            version = int(self.tunables.get("straw_calc_version", 1))
            self._buckets[key] = {
                bucket_id: _bucket(entry, overrides.get(bucket_id, {}), version)
                for bucket_id, entry in self._documents.items()
            }
        return self._buckets[key]

    def kind_of(self, item: int) -> int:
        """The type id of an item: 0 for a device, -1 for a bucket that does not exist."""
        return 0 if item >= 0 else int(self._documents.get(item, {"type_id": -1})["type_id"])

    def ancestor(self, item: int, kind: int, root: int) -> int | None:
        """The item of type `kind` on the path from `item` up to `root`, both included; None if there is none."""
        for path in self._paths(item, root):
            return next((step for step in path if self.kind_of(step) == kind), None)
        return None

    def _paths(self, item: int, root: int) -> list[list[int]]:
        if item == root:
            return [[item]]
        above = (path for parent in self.parents.get(item, []) for path in self._paths(parent, root))
        return [[item, *path] for path in above]

    def leaf_weights(self, root: int) -> dict[int, float]:
        """Each device under `root` with its share of the total weight."""
        weights: dict[int, int] = {root: 1} if root >= 0 else {}
        pending = [root]
        for bucket_id in pending:
            for item in self._documents.get(bucket_id, {"items": ()})["items"]:
                if item["id"] >= 0:
                    weights[item["id"]] = item["weight"]
                else:
                    pending.append(item["id"])
        total = sum(weights.values())
        return {osd: weight / total if total else 0.0 for osd, weight in sorted(weights.items())}


def _rule(entry: Document) -> Rule:
    # Documents since reef have no rule sets and no sizes: the id alone decides.
    return Rule(
        rule_id=entry["rule_id"],
        ruleset=entry.get("ruleset", entry["rule_id"]),
        pool_type=entry["type"],
        min_size=entry.get("min_size", 0),
        max_size=entry.get("max_size", ITEM_NONE),
        steps=tuple(entry["steps"]),
    )


def _bucket(entry: Document, override: Document, straw_version: int) -> Bucket:
    bucket_id, kind, alg = entry["id"], entry["type_id"], entry["alg"]
    items = [item["id"] for item in entry["items"]]
    weights = [item["weight"] for item in entry["items"]]
    if alg == "straw2":
        sets = [_fixed(weight_set) for weight_set in override.get("weight_set", ())]
        return Straw2Bucket(bucket_id, kind, items, sets or [weights], override.get("ids") or items)
    if alg == "straw":
        return StrawBucket(bucket_id, kind, items, weights, straw_version)
    if alg == "list":
        return ListBucket(bucket_id, kind, items, weights)
    if alg == "tree":
        return TreeBucket(bucket_id, kind, items, weights)
    if alg == "uniform":
        return UniformBucket(bucket_id, kind, items)
    raise ValueError(
        f"bucket {entry.get('name', bucket_id)!r}: unknown algorithm {alg!r}; "
        "known are straw2, straw, list, tree, uniform"
    )


def _fixed(weights: Sequence[float]) -> list[int]:
    return [round(weight * 0x10000) for weight in weights]
