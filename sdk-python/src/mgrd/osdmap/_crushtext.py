"""A CRUSH document (`osd_map_crush`) as the text that `crushtool` compiles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Document = Mapping[str, Any]

_TUNABLES = (
    "choose_local_tries",
    "choose_local_fallback_tries",
    "choose_total_tries",
    "chooseleaf_descend_once",
    "chooseleaf_vary_r",
    "chooseleaf_stable",
    "straw_calc_version",
    "allowed_bucket_algs",
)
_RULE_TYPES = {1: "replicated", 3: "erasure"}
_SHADOW = "~"
"""Separates the name of a bucket from the device class of its shadow bucket."""


def crush_text(document: Document) -> str:
    """The whole map. Each bucket comes after those that it contains, because the compiler needs that order."""
    return "\n".join(
        [
            "# begin crush map",
            *(f"tunable {name} {document['tunables'][name]}" for name in _TUNABLES if name in document["tunables"]),
            "",
            "# devices",
            *(_device(device) for device in document["devices"]),
            "",
            "# types",
            *(f"type {kind['type_id']} {kind['name']}" for kind in document["types"]),
            "",
            "# buckets",
            *_buckets(document),
            "",
            "# rules",
            *(line for rule in document["rules"] for line in _rule(rule)),
            "",
            *_choose_args(document.get("choose_args", {})),
            "# end crush map",
            "",
        ]
    )


def _device(device: Document) -> str:
    return f"device {device['id']} {device['name']}" + (f" class {device['class']}" if device.get("class") else "")


def _weight(fixed: int) -> str:
    return f"{fixed / 0x10000:.5f}"


def _buckets(document: Document) -> Iterator[str]:
    names = {entry["id"]: entry["name"] for entry in (*document["devices"], *document["buckets"])}
    waiting = {bucket["id"]: bucket for bucket in document["buckets"] if _SHADOW not in bucket["name"]}
    shadows: dict[str, list[tuple[int, str]]] = {}
    for bucket in document["buckets"]:
        name, found, device_class = bucket["name"].partition(_SHADOW)
        if found:
            shadows.setdefault(name, []).append((bucket["id"], device_class))

    def with_children(bucket: Document) -> Iterator[str]:
        for item in bucket["items"]:
            child = waiting.pop(item["id"], None)
            if child is not None:
                yield from with_children(child)
        yield f"{bucket['type_name']} {bucket['name']} {{"
        yield f"\tid {bucket['id']}"
        for shadow, device_class in shadows.get(bucket["name"], []):
            yield f"\tid {shadow} class {device_class}"
        yield f"\t# weight {_weight(bucket['weight'])}"
        yield f"\talg {bucket['alg']}"
        yield f"\thash 0\t# {bucket['hash']}"
        for item in bucket["items"]:
            yield f"\titem {names[item['id']]} weight {_weight(item['weight'])}"
        yield "}"

    while waiting:
        yield from with_children(waiting.pop(next(iter(waiting))))


def _rule(rule: Document) -> Iterator[str]:
    yield f"rule {rule['rule_name']} {{"
    yield f"\tid {rule['rule_id']}"
    yield f"\ttype {_RULE_TYPES.get(rule['type'], rule['type'])}"
    for bound in ("min_size", "max_size"):
        if bound in rule:
            yield f"\t{bound} {rule[bound]}"
    for step in rule["steps"]:
        yield f"\tstep {_step(step)}"
    yield "}"


def _step(step: Document) -> str:
    op = step["op"]
    if op == "take":
        name, found, device_class = step["item_name"].partition(_SHADOW)
        return f"take {name}" + (f" class {device_class}" if found else "")
    if "type" in step:
        verb, _, mode = op.partition("_")
        return f"{verb} {mode} {step['num']} type {step['type']}"
    return f"{op} {step['num']}" if "num" in step else str(op)


def _choose_args(sets: Mapping[str, Any]) -> Iterator[str]:
    if sets:
        yield "# choose_args"
    for key, entries in sets.items():
        yield f"choose_args {key} {{"
        for entry in entries:
            yield "  {"
            yield f"    bucket_id {entry['bucket_id']}"
            if "weight_set" in entry:
                rows = (" ".join(f"{weight:.5f}" for weight in row) for row in entry["weight_set"])
                yield "    weight_set [\n" + "\n".join(f"      [ {row} ]" for row in rows) + "\n    ]"
            if "ids" in entry:
                yield f"    ids [ {' '.join(map(str, entry['ids']))} ]"
            yield "  }"
        yield "}"
        yield ""
