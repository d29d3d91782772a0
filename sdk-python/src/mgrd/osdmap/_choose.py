"""CRUSH's two ways of choosing several distinct items below a bucket, for one input.

*firstn* is for replicas: it fills positions from the front and closes gaps. *indep* is for erasure-coded shards: each
position has its own sequence of attempts, so that a lost item leaves a hole and moves no other item.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ._buckets import Bucket, UniformBucket
from ._crushmap import ITEM_NONE
from ._rjenkins import hash2

IN = 0x10000
"""The reweight (16.16) of a device that takes its whole share."""


@dataclass
class Tries:
    """How often and how a choice is tried again. The steps of a rule can change it."""

    choose: int
    chooseleaf: int
    local: int
    local_fallback: int
    descend_once: bool
    vary_r: int
    stable: bool

    @classmethod
    def from_tunables(cls, tunables: Mapping[str, Any]) -> Tries:
        """The values with which a rule starts."""
        return cls(
            # The tunable counts retries, and there is one attempt more.
            choose=int(tunables.get("choose_total_tries", 50)) + 1,
            chooseleaf=0,
            local=int(tunables.get("choose_local_tries", 0)),
            local_fallback=int(tunables.get("choose_local_fallback_tries", 0)),
            descend_once=bool(tunables.get("chooseleaf_descend_once", 1)),
            vary_r=int(tunables.get("chooseleaf_vary_r", 1)),
            stable=bool(tunables.get("chooseleaf_stable", 1)),
        )

    @property
    def firstn_leaf(self) -> int:
        """Attempts at a leaf below one chosen bucket, firstn."""
        return self.chooseleaf or (1 if self.descend_once else self.choose)

    @property
    def indep_leaf(self) -> int:
        """Attempts at a leaf below one chosen bucket, indep."""
        return self.chooseleaf or 1


class Chooser:
    """Chooses for one input `x` among `buckets`, given each device's reweight."""

    def __init__(self, buckets: Mapping[int, Bucket], reweights: Sequence[int], x: int, tries: Tries) -> None:
        self._buckets = buckets
        self._reweights = reweights
        self._x = x
        self._tries = tries

    def is_out(self, osd: int) -> bool:
        """Whether the device is out for this input. A reduced reweight makes it out for a part of all inputs."""
        weight = self._reweights[osd] if osd < len(self._reweights) else 0
        if weight >= IN:
            return False
        return weight == 0 or (hash2(self._x, osd) & 0xFFFF) >= weight

    def _kind(self, item: int) -> int | None:
        if item >= 0:
            return 0
        bucket = self._buckets.get(item)
        return None if bucket is None else bucket.kind

    # firstn

    def firstn(self, start: Bucket, want: int, kind: int, room: int, to_leaf: bool) -> list[int]:
        """Up to `room` of `want` distinct items of type `kind`, or a leaf below each."""
        chosen: list[int] = []
        leaves: list[int] | None = [] if to_leaf else None
        for rep in range(want):
            if len(chosen) >= room:
                break
            item = self._next(start, rep, kind, chosen, self._tries.choose, leaves, 0)
            if item is not None:
                chosen.append(item)
        return chosen if leaves is None else leaves

    def _next(
        self,
        start: Bucket,
        rep: int,
        kind: int,
        chosen: list[int],
        tries: int,
        leaves: list[int] | None,
        parent_r: int,
    ) -> int | None:
        """One more item that is not among `chosen`; its leaf goes to the end of `leaves`."""
        bucket, failures, local = start, 0, 0
        while True:
            r = rep + parent_r + failures
            collides = False
            if bucket.size:
                item = self._attempt(bucket, r, local, len(chosen))
                found = self._kind(item)
                if found != kind:
                    if item not in self._buckets:
                        return None
                    bucket = self._buckets[item]
                    continue
                collides = item in chosen
                if not collides and self._accepted(item, r, len(chosen), leaves):
                    return item
            failures += 1
            local += 1
            if self._stays(bucket, collides, local):
                continue
            if failures >= tries:
                return None
            bucket, local = start, 0

    def _attempt(self, bucket: Bucket, r: int, local: int, position: int) -> int:
        fallback = self._tries.local_fallback
        if fallback > 0 and local > fallback and local >= bucket.size >> 1:
            return bucket.permuted(self._x, r)
        return bucket.choose(self._x, r, position)

    def _stays(self, bucket: Bucket, collides: bool, local: int) -> bool:
        """Whether to try the same bucket again instead of starting from the top."""
        if collides and local <= self._tries.local:
            return True
        fallback = self._tries.local_fallback
        return fallback > 0 and local <= bucket.size + fallback

    def _accepted(self, item: int, r: int, place: int, leaves: list[int] | None) -> bool:
        if item >= 0:
            if self.is_out(item):
                return False
            if leaves is not None:
                leaves.append(item)
            return True
        if leaves is None:
            return True
        tries = self._tries
        parent_r = r >> (tries.vary_r - 1) if tries.vary_r else 0
        rep = 0 if tries.stable else place
        leaf = self._next(self._buckets[item], rep, 0, leaves, tries.firstn_leaf, None, parent_r)
        if leaf is None:
            return False
        leaves.append(leaf)
        return True

    # indep

    def indep(self, start: Bucket, places: int, want: int, kind: int, to_leaf: bool) -> list[int]:
        """`places` distinct items of type `kind`, or a leaf below each; ITEM_NONE where none was found."""
        chosen: list[int | None] = [None] * places
        leaves: list[int | None] = [None] * places
        for attempt in range(self._tries.choose):
            open_places = [place for place in range(places) if chosen[place] is None]
            if not open_places:
                break
            for place in open_places:
                item, r = self._descend(start, place, attempt, want, kind, 0, 0)
                if item is None or (item in chosen and item != ITEM_NONE):
                    continue
                leaf = self._leaf(item, place, r, want) if to_leaf else item
                if leaf is None or (0 <= item != ITEM_NONE and self.is_out(item)):
                    continue
                chosen[place], leaves[place] = item, leaf
        result = leaves if to_leaf else chosen
        return [ITEM_NONE if item is None else item for item in result]

    def _descend(
        self, start: Bucket, place: int, attempt: int, want: int, kind: int, parent_r: int, position: int
    ) -> tuple[int | None, int]:
        """The item of type `kind` at the end of this attempt, and its r. None means to try again, ITEM_NONE to give up."""
        bucket = start
        while True:
            r = place + parent_r
            # The step must be coprime to the size of a uniform bucket, or attempts return to the same items.
            if isinstance(bucket, UniformBucket) and bucket.size % want == 0:
                r += (want + 1) * attempt
            else:
                r += want * attempt
            if not bucket.size:
                return None, r
            item = bucket.choose(self._x, r, position)
            found = self._kind(item)
            if found == kind:
                return item, r
            if item not in self._buckets:
                return ITEM_NONE, r
            bucket = self._buckets[item]

    def _leaf(self, item: int, place: int, parent_r: int, want: int) -> int | None:
        """A device below `item` that is not out, or None."""
        if item >= 0:
            return item
        for attempt in range(self._tries.indep_leaf):
            leaf, _ = self._descend(self._buckets[item], place, attempt, want, 0, parent_r, place)
            if leaf == ITEM_NONE:
                return None
            if leaf is not None and not self.is_out(leaf):
                return leaf
        return None
