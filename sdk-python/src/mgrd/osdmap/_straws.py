"""Straw lengths of the legacy straw bucket, which a CRUSH document does not carry."""

from __future__ import annotations

from collections.abc import Sequence

_UNIT = 0x10000


def straw_lengths(weights: Sequence[int], version: int) -> list[int]:
    """The 16.16 length of each item's straw, so that each wins about as often as its weight says.

    `version` is the tunable `straw_calc_version`: version 0 counts items of no weight and of equal weight wrongly,
    which old clusters depend on.
    """
    order = sorted(range(len(weights)), key=lambda index: weights[index])
    lengths = [0] * len(weights)
    left = len(weights)
    length, below, floor = 1.0, 0.0, 0.0
    for rank, index in enumerate(order):
        weight = weights[index]
        if weight == 0:
            left -= version >= 1
            continue
        lengths[index] = int(length * _UNIT)
        if rank + 1 == len(order):
            break
        heavier = weights[order[rank + 1]]
        if version == 0:
            if heavier == weight:
                continue
            below += (weight - floor) * left
            left -= sum(weights[other] == heavier for other in order[rank + 1 :])
        else:
            below += (weight - floor) * left
            left -= 1
        if left > 0:  # Version 0 can run out of items early; the length then stays.
            above = float(left * (heavier - weight))
            length *= ((below + above) / below) ** (1.0 / left)
        floor = weight
    return lengths
