"""Straw lengths of the legacy straw bucket, which a CRUSH document does not contain."""

from __future__ import annotations

from collections.abc import Sequence

_UNIT = 0x10000


def straw_lengths(weights: Sequence[int], version: int) -> list[int]:
    """The 16.16 length of each item's straw, so that each item wins about as often as its weight says.

    `version` is the tunable `straw_calc_version`. Version 0 counts items without weight and of equal weight wrongly, and
    old clusters depend on that.
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
        if left > 0:  # In version 0 there can be no items left too early. Then the length stays.
            above = float(left * (heavier - weight))
            length *= ((below + above) / below) ** (1.0 / left)
        floor = weight
    return lengths
