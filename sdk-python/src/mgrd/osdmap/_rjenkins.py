"""CRUSH's hash (Robert Jenkins' 32-bit mix), for one value or for many at once.

A bucket computes a hash for each of its items, so hashing takes most of the time of placement. In Python each operation
is slow, but operations on long integers are fast for each digit. So all items of a bucket are packed into one integer, 48
bits each, and each operation of the hash works on all of them. 48 bits are needed for a 32-bit value that is shifted left
by at most 16 bits, and so that the bits that a right shift takes from the neighbour, at most 15, stay above the lower 32.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

_SEED = 1315423911
_X = 231232
_Y = 1232
_LANE_BITS = 48
_LANE_BYTES = _LANE_BITS // 8
_U32 = 0xFFFFFFFF


class Lanes:
    """The layout of `count` 32-bit values in one integer."""

    __slots__ = ("_low16", "_size", "borrow", "mask", "ones")

    def __init__(self, count: int) -> None:
        self.ones = sum(1 << (_LANE_BITS * i) for i in range(count))
        self.mask = self.ones * _U32
        # Keeps every lane positive through the mix's two subtractions.
        self.borrow = self.ones << 33
        self._size = count * _LANE_BYTES
        self._low16 = struct.Struct("<" + "H4x" * count)

    def fill(self, value: int) -> int:
        """`value` in every lane."""
        return (value & _U32) * self.ones

    def pack(self, values: Sequence[int]) -> int:
        """One value per lane, the first lowest; negative ones as 32-bit two's complement."""
        return int.from_bytes(b"".join((value & _U32).to_bytes(_LANE_BYTES, "little") for value in values), "little")

    def low16(self, packed: int) -> tuple[int, ...]:
        """The low 16 bits of every lane."""
        return self._low16.unpack(packed.to_bytes(self._size, "little"))


_ONE = Lanes(1)


def _mix(a: int, b: int, c: int, lanes: Lanes) -> tuple[int, int, int]:
    borrow, mask = lanes.borrow, lanes.mask
    a = (a + borrow - b - c ^ c >> 13) & mask
    b = (b + borrow - c - a ^ a << 8) & mask
    c = (c + borrow - a - b ^ b >> 13) & mask
    a = (a + borrow - b - c ^ c >> 12) & mask
    b = (b + borrow - c - a ^ a << 16) & mask
    c = (c + borrow - a - b ^ b >> 5) & mask
    a = (a + borrow - b - c ^ c >> 3) & mask
    b = (b + borrow - c - a ^ a << 10) & mask
    c = (c + borrow - a - b ^ b >> 15) & mask
    return a, b, c


def hash2(a: int, b: int) -> int:
    """The 32-bit hash of two 32-bit values."""
    a &= _U32
    b &= _U32
    h = _SEED ^ a ^ b
    x, y = _X, _Y
    a, b, h = _mix(a, b, h, _ONE)
    x, a, h = _mix(x, a, h, _ONE)
    b, y, h = _mix(b, y, h, _ONE)
    return h


def hash3(a: int, b: int, c: int) -> int:
    """The 32-bit hash of three 32-bit values."""
    return hash3_lanes(a & _U32, b & _U32, c & _U32, _ONE)


def hash3_lanes(a: int, b: int, c: int, lanes: Lanes) -> int:
    """`hash3`, lane by lane, of three packed integers."""
    h = lanes.fill(_SEED) ^ a ^ b ^ c
    x, y = lanes.fill(_X), lanes.fill(_Y)
    a, b, h = _mix(a, b, h, lanes)
    c, x, h = _mix(c, x, h, lanes)
    y, a, h = _mix(y, a, h, lanes)
    b, x, h = _mix(b, x, h, lanes)
    return _mix(y, c, h, lanes)[2]


def hash4(a: int, b: int, c: int, d: int) -> int:
    """The 32-bit hash of four 32-bit values."""
    a, b, c, d = a & _U32, b & _U32, c & _U32, d & _U32
    h = _SEED ^ a ^ b ^ c ^ d
    x, y = _X, _Y
    a, b, h = _mix(a, b, h, _ONE)
    c, d, h = _mix(c, d, h, _ONE)
    a, x, h = _mix(a, x, h, _ONE)
    y, b, h = _mix(y, b, h, _ONE)
    c, x, h = _mix(c, x, h, _ONE)
    return _mix(y, d, h, _ONE)[2]
