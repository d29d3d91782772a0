"""The properties of a pool that matter for placement."""

from __future__ import annotations

from dataclasses import dataclass

from ._crushmap import Document
from ._rjenkins import hash2

_FLAG_HASHPSPOOL = 1
_REPLICATED = 1
_ERASURE = 3


@dataclass(frozen=True)
class Pool:
    """A pool of the OSD map."""

    pool_id: int
    name: str
    kind: int
    size: int
    pg_num: int
    pgp_num: int
    crush_rule: int
    flags: int
    erasure_code_profile: str

    @classmethod
    def from_document(cls, entry: Document) -> Pool:
        """Reads one entry of the OSD map's `pools`."""
        return cls(
            pool_id=entry["pool"],
            name=entry["pool_name"],
            kind=entry["type"],
            size=entry["size"],
            pg_num=entry["pg_num"],
            pgp_num=entry["pg_placement_num"],
            crush_rule=entry["crush_rule"],
            flags=entry.get("flags", _FLAG_HASHPSPOOL),
            erasure_code_profile=entry.get("erasure_code_profile", ""),
        )

    @property
    def closes_gaps(self) -> bool:
        """Whether the OSDs move up when one is missing, as replicas do. Erasure-coded shards keep their positions."""
        return self.kind == _REPLICATED

    @property
    def is_erasure(self) -> bool:
        """Whether the pool is erasure-coded."""
        return self.kind == _ERASURE

    def fold(self, seed: int) -> int:
        """The PG, below `pg_num`, that a placement seed belongs to."""
        return stable_mod(seed, self.pg_num)

    def input_of(self, seed: int) -> int:
        """The input to CRUSH for a placement seed."""
        folded = stable_mod(seed, self.pgp_num)
        if self.flags & _FLAG_HASHPSPOOL:
            return hash2(folded, self.pool_id)
        return folded + self.pool_id

    def pgid(self, seed: int) -> str:
        """The name of a PG: pool, dot, hexadecimal seed."""
        return f"{self.pool_id}.{seed:x}"


def stable_mod(value: int, count: int) -> int:
    """`value` modulo `count`, but such that few values change if `count` grows."""
    mask = (1 << (count - 1).bit_length()) - 1
    low = value & mask
    return low if low < count else value & (mask >> 1)
