"""The CRUSH map as text."""

from mgrd.osdmap._crushtext import crush_text

DOCUMENT = {
    "tunables": {"choose_total_tries": 50, "profile": "jewel"},
    "devices": [{"id": 0, "name": "osd.0", "class": "hdd"}, {"id": 1, "name": "osd.1"}],
    "types": [{"type_id": 0, "name": "osd"}, {"type_id": 1, "name": "host"}, {"type_id": 11, "name": "root"}],
    "buckets": [
        {
            "id": -1,
            "name": "default",
            "type_name": "root",
            "alg": "straw2",
            "hash": "rjenkins1",
            "weight": 0x18000,
            "items": [{"id": -3, "weight": 0x18000, "pos": 0}],
        },
        {
            "id": -2,
            "name": "default~hdd",
            "type_name": "root",
            "alg": "straw2",
            "hash": "rjenkins1",
            "weight": 0x8000,
            "items": [],
        },
        {
            "id": -3,
            "name": "a",
            "type_name": "host",
            "alg": "straw2",
            "hash": "rjenkins1",
            "weight": 0x18000,
            "items": [{"id": 0, "weight": 0x8000, "pos": 0}, {"id": 1, "weight": 0x10000, "pos": 1}],
        },
    ],
    "rules": [
        {
            "rule_id": 4,
            "rule_name": "fast",
            "type": 3,
            "steps": [
                {"op": "set_choose_tries", "num": 100},
                {"op": "take", "item": -2, "item_name": "default~hdd"},
                {"op": "chooseleaf_indep", "num": 0, "type": "host"},
                {"op": "emit"},
            ],
        }
    ],
    "choose_args": {"-1": [{"bucket_id": -3, "weight_set": [[0.5, 1.0]]}]},
}

TEXT = """\
# begin crush map
tunable choose_total_tries 50

# devices
device 0 osd.0 class hdd
device 1 osd.1

# types
type 0 osd
type 1 host
type 11 root

# buckets
host a {
	id -3
	# weight 1.50000
	alg straw2
	hash 0	# rjenkins1
	item osd.0 weight 0.50000
	item osd.1 weight 1.00000
}
root default {
	id -1
	id -2 class hdd
	# weight 1.50000
	alg straw2
	hash 0	# rjenkins1
	item a weight 1.50000
}

# rules
rule fast {
	id 4
	type erasure
	step set_choose_tries 100
	step take default class hdd
	step chooseleaf indep 0 type host
	step emit
}

# choose_args
choose_args -1 {
  {
    bucket_id -3
    weight_set [
      [ 0.50000 1.00000 ]
    ]
  }
}

# end crush map
"""


def test_a_map_reads_as_the_compiler_wants_it() -> None:
    assert crush_text(DOCUMENT) == TEXT
