"""The fixed-point logarithm for the draws of straw2.

Placement is a protocol: all parties must compute the same bits. The published tables are a base-2 logarithm in 48-bit
fixed point. The fine table was computed with an error that became part of the protocol. Here it is the formula plus that
error, so that the error stays visible.
"""

from __future__ import annotations

import math
from functools import lru_cache

_ONE = 1 << 48

# The fine table is too high by this much from index 2 on, except where _FINE_ERROR says otherwise.
_FINE_OFFSET = 0x147700000
_FINE_ERROR = {
    **dict.fromkeys((0, 1, 203, 216, 222, 233, 237, 238, 239, 243, 244, 245, 246), 0),
    **dict.fromkeys(range(248, 256), 0),
    56: 5349423536,
    127: 978272901,
    134: 3588789669,
    181: 4007963589,
    184: 5423282367,
    188: 2201924427,
    193: 3829329171,
    198: 2511158322,
    199: 2670353280,
    200: 3807665765,
    207: 5045407031,
    210: 4635559696,
    212: 3670382108,
    225: 3209098745,
    227: 1514328394,
    228: 2662093655,
    229: 561838844,
    231: 3537203772,
    235: 4861921003,
    236: 5281046906,
    240: 2650193885,
    241: 4203558265,
    247: 362109528,
}


def _coarse(step: int) -> tuple[int, int]:
    """The rounded-up reciprocal and the logarithm of 1 + step/128."""
    if step == 128:  # One: the published value stops just short of it.
        return _ONE >> 1, _ONE - (1 << 32)
    return -(-_ONE * 128 // (128 + step)), int(_ONE * math.log2(1 + step / 128))


def _fine(step: int) -> int:
    """The logarithm of 1 + step/32768, with the error of the published table."""
    exact = int(_ONE * (math.log1p(step / 32768) / math.log(2)))
    return exact + _FINE_ERROR.get(step, _FINE_OFFSET)


@lru_cache(maxsize=1)
def straw2_costs() -> list[int]:
    """For each 16-bit hash: 2^48 - 2^44 * log2(hash + 1). Divided by the weights of the items, the smallest quotient wins."""
    coarse = [_coarse(step) for step in range(129)]
    fine = [_fine(step) for step in range(256)]
    costs = []
    for value in range(1, 0x10001):
        shift = max(0, 16 - value.bit_length())
        scaled = value << shift
        reciprocal, logarithm = coarse[(scaled >> 8) - 128]
        remainder = (scaled * reciprocal >> 48) & 0xFF
        costs.append(_ONE - (((15 - shift) << 44) + (logarithm + fine[remainder] >> 4)))
    return costs
