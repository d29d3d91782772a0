"""Documents of a generic map: some OSDs on one host, one replicated rule, no pools."""

from __future__ import annotations

import uuid as uuids
from typing import Any

_TYPES = ["osd", "host", "chassis", "rack", "row", "pdu", "pod", "room", "datacenter", "zone", "region", "root"]
_UNIT = 0x10000


def simple_documents(epoch: int, uuid: str | None, num_osd: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """The OSD map and CRUSH documents; `num_osd` below 0 means none. The OSDs exist, down and out."""
    count = max(num_osd, 0)
    osd_map: dict[str, Any] = {"epoch": epoch, "fsid": uuid or str(uuids.uuid4()), "crush_version": 1}
    osd_map.update({"max_osd": count, "pool_max": 0, "flags": "", "flags_num": 0, "flags_set": []})
    osd_map.update({"require_osd_release": "unknown", "require_min_compat_client": "unknown", "pools": []})
    osd_map["osds"] = [_osd(osd) for osd in range(count)]
    osd_map.update({"osd_xinfo": [], "pg_upmap": [], "pg_upmap_items": [], "pg_temp": [], "primary_temp": []})
    default_profile = {"k": "2", "m": "2", "plugin": "jerasure", "technique": "reed_sol_van"}
    osd_map.update({"blocklist": {}, "erasure_code_profiles": {"default": default_profile}})
    return osd_map, _crush(count)


def _osd(osd: int) -> dict[str, Any]:
    return {"osd": osd, "up": 0, "in": 0, "weight": 0.0, "primary_affinity": 1.0, "state": ["exists", "new"]}


def _crush(count: int) -> dict[str, Any]:
    def bucket(bucket_id: int, name: str, kind: int, items: list[tuple[int, int]]) -> dict[str, Any]:
        return {
            "id": bucket_id,
            "name": name,
            "type_id": kind,
            "type_name": _TYPES[kind],
            "weight": sum(weight for _, weight in items),
            "alg": "straw2",
            "hash": "rjenkins1",
            "items": [{"id": item, "weight": weight, "pos": pos} for pos, (item, weight) in enumerate(items)],
        }

    whole = count * _UNIT
    host = bucket(-2, "localhost", _TYPES.index("host"), [(osd, _UNIT) for osd in range(count)])
    rack = bucket(-3, "localrack", _TYPES.index("rack"), [(-2, whole)])
    root = bucket(-1, "default", _TYPES.index("root"), [(-3, whole)])
    steps = [
        {"op": "take", "item": -1, "item_name": "default"},
        {"op": "chooseleaf_firstn", "num": 0, "type": "host"},
        {"op": "emit"},
    ]
    rule = {"rule_id": 0, "rule_name": "replicated_rule", "ruleset": 0, "type": 1, "min_size": 1, "max_size": 10}
    return {
        "devices": [{"id": osd, "name": f"osd.{osd}"} for osd in range(count)],
        "types": [{"type_id": type_id, "name": name} for type_id, name in enumerate(_TYPES)],
        "buckets": [root, host, rack],
        "rules": [{**rule, "steps": steps}],
        "tunables": {
            "choose_local_tries": 0,
            "choose_local_fallback_tries": 0,
            "choose_total_tries": 50,
            "chooseleaf_descend_once": 1,
            "chooseleaf_vary_r": 1,
            "chooseleaf_stable": 1,
            "straw_calc_version": 1,
            "profile": "jewel",
        },
        "choose_args": {},
    }
