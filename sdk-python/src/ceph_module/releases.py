"""Ceph's releases by their major version."""

from __future__ import annotations

RELEASES = {
    10: "jewel",
    11: "kraken",
    12: "luminous",
    13: "mimic",
    14: "nautilus",
    15: "octopus",
    16: "pacific",
    17: "quincy",
    18: "reef",
    19: "squid",
    20: "tentacle",
}
