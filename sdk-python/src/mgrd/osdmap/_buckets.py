"""The bucket algorithms of CRUSH: how a bucket picks one of its items for an input `x` and an attempt `r`.

`choose(x, r, position)` is deterministic. `position` is the index in the result; only straw2 with a weight set uses it.
All weights are 16.16 fixed point numbers. An empty bucket never has to choose.
"""

from __future__ import annotations

from collections.abc import Sequence

from ._fixedlog import straw2_costs
from ._rjenkins import Lanes, hash3, hash3_lanes, hash4
from ._straws import straw_lengths


class Bucket:
    """An inner node of the hierarchy. This class itself has the uniform algorithm, which the others can fall back to."""

    def __init__(self, bucket_id: int, kind: int, items: Sequence[int]) -> None:
        self.id = bucket_id
        self.kind = kind
        self.items = list(items)

    @property
    def size(self) -> int:
        """How many items the bucket holds."""
        return len(self.items)

    def choose(self, x: int, r: int, position: int) -> int:
        """The item for attempt `r`."""
        return self.permuted(x, r)

    def permuted(self, x: int, r: int) -> int:
        """Item `r` of the bucket's items in a random order that depends on `x`, not on weights."""
        size = self.size
        place = r % size
        order = list(range(size))
        for i in range(min(place + 1, size - 1)):
            j = i + hash3(x, self.id, i) % (size - i)
            order[i], order[j] = order[j], order[i]
        return self.items[order[place]]


class UniformBucket(Bucket):
    """All items have the same weight."""


class ListBucket(Bucket):
    """A chain: each item, newest first, competes with all older ones."""

    def __init__(self, bucket_id: int, kind: int, items: Sequence[int], weights: Sequence[int]) -> None:
        super().__init__(bucket_id, kind, items)
        total = 0
        self._chain: list[tuple[int, int, int]] = []
        for item, weight in zip(items, weights):
            total += weight
            self._chain.append((item, weight, total))
        self._chain.reverse()

    def choose(self, x: int, r: int, position: int) -> int:
        for item, weight, total in self._chain:
            if (hash4(x, item, r, self.id) & 0xFFFF) * total >> 16 < weight:
                return item
        return self.items[0]


class TreeBucket(Bucket):
    """A binary tree: item i is the leaf 2i + 1, and a node's height is its number of trailing zero bits."""

    def __init__(self, bucket_id: int, kind: int, items: Sequence[int], weights: Sequence[int]) -> None:
        super().__init__(bucket_id, kind, items)
        depth = 1 + (len(items) - 1).bit_length() if items else 0
        self._root = 1 << depth >> 1
        self._weights = [0] * (1 << depth)
        for index, weight in enumerate(weights):
            node = 2 * index + 1
            self._weights[node] = weight
            for _ in range(depth - 1):
                low = node & -node
                node = (node | low << 1) & ~low
                self._weights[node] += weight

    def choose(self, x: int, r: int, position: int) -> int:
        node = self._root
        while not node & 1:
            half = (node & -node) >> 1
            point = hash4(x, node, r, self.id) * self._weights[node] >> 32
            node += -half if point < self._weights[node - half] else half
        return self.items[node >> 1]


class StrawBucket(Bucket):
    """Every item draws a straw of its own length; the longest wins."""

    def __init__(self, bucket_id: int, kind: int, items: Sequence[int], weights: Sequence[int], version: int) -> None:
        super().__init__(bucket_id, kind, items)
        self._straws = straw_lengths(weights, version)

    def choose(self, x: int, r: int, position: int) -> int:
        draws = [(hash3(x, item, r) & 0xFFFF) * straw for item, straw in zip(self.items, self._straws)]
        return self.items[draws.index(max(draws))]


class Straw2Bucket(Bucket):
    """Every item draws from an exponential distribution scaled by its weight; the best draw wins.

    `weight_sets` holds one list of weights for each position; the last list is also for all later positions. `hash_ids`
    replace the ids of the items in the hash.
    """

    def __init__(
        self,
        bucket_id: int,
        kind: int,
        items: Sequence[int],
        weight_sets: Sequence[Sequence[int]],
        hash_ids: Sequence[int],
    ) -> None:
        super().__init__(bucket_id, kind, items)
        self._draws = [_Draw(items, weights, hash_ids) for weights in weight_sets]

    def choose(self, x: int, r: int, position: int) -> int:
        return self._draws[min(position, len(self._draws) - 1)].best(x, r)


class _Draw:
    """One straw2 draw: the items with a weight, packed so that all are hashed at once."""

    __slots__ = ("_costs", "_ids", "_items", "_lanes", "_weights")

    def __init__(self, items: Sequence[int], weights: Sequence[int], hash_ids: Sequence[int]) -> None:
        heavy = [(i, h, w) for i, h, w in zip(items, hash_ids, weights) if w > 0]
        # If no item has a weight, the first one wins by convention.
        self._items = [i for i, _, _ in heavy] or list(items[:1])
        self._weights = [w for _, _, w in heavy]
        self._lanes = Lanes(len(heavy))
        self._ids = self._lanes.pack([h for _, h, _ in heavy])
        self._costs = straw2_costs()

    def best(self, x: int, r: int) -> int:
        if not self._weights:
            return self._items[0]
        lanes, costs = self._lanes, self._costs
        hashes = lanes.low16(hash3_lanes(lanes.fill(x), self._ids, lanes.fill(r), lanes))
        draws = [costs[h] // w for h, w in zip(hashes, self._weights)]
        return self._items[draws.index(min(draws))]
