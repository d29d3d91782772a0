"""Runs a CRUSH rule: takes, choices and emits, one step after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ._buckets import Bucket
from ._choose import Chooser, Tries
from ._crushmap import CrushMap, Document, Rule

# Steps that documents write as numbers: opcode -> the attribute of Tries, and the least value that counts.
_NUMBERED = {
    10: ("local", 0),
    11: ("local_fallback", 0),
    12: ("vary_r", 0),
    13: ("stable", 0),
}
_NAMED = {"set_choose_tries": "choose", "set_chooseleaf_tries": "chooseleaf"}


def run_rule(crush: CrushMap, rule: Rule, x: int, size: int, reweights: Sequence[int], pool_id: int) -> list[int]:
    """The devices for input `x`: at most `size`. In indep rules, ITEM_NONE marks a hole."""
    tries = Tries.from_tunables(crush.tunables)
    buckets = crush.buckets_for(pool_id)
    chooser = Chooser(buckets, reweights, x, tries)
    result: list[int] = []
    working: list[int] = []
    for step in rule.steps:
        op = step.get("op")
        if op == "take":
            if step["item"] >= 0 or step["item"] in buckets:
                working = [step["item"]]
        elif op == "emit":
            result += working[: size - len(result)]
            working = []
        elif op is not None and op.startswith("choose"):
            working = _choose(crush, buckets, chooser, step, working, size)
        else:
            _set_tries(tries, step)
    return result


def _choose(
    crush: CrushMap,
    buckets: Mapping[int, Bucket],
    chooser: Chooser,
    step: Document,
    starts: list[int],
    size: int,
) -> list[int]:
    method, mode = step["op"].split("_")
    kind, to_leaf = crush.kinds[step["type"]], method == "chooseleaf"
    want = step["num"] if step["num"] > 0 else step["num"] + size
    chosen: list[int] = []
    for start in starts:
        room = size - len(chosen)
        if want <= 0 or start not in buckets:
            continue
        if mode == "firstn":
            chosen += chooser.firstn(buckets[start], want, kind, room, to_leaf)
        else:
            chosen += chooser.indep(buckets[start], min(want, room), want, kind, to_leaf)
    return chosen


def _set_tries(tries: Tries, step: Document) -> None:
    if step.get("op") in _NAMED:
        if step["num"] > 0:
            setattr(tries, _NAMED[step["op"]], step["num"])
    elif step.get("opcode") in _NUMBERED:
        name, least = _NUMBERED[step["opcode"]]
        if step["arg1"] >= least:
            setattr(tries, name, step["arg1"])
