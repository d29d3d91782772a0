"""Copies of documents are equal to the original and share nothing with it."""

from __future__ import annotations

import gc
import json
import os
import random
import threading
from pathlib import Path
from typing import Any

import pytest

from mgrd.session._collector import paused
from mgrd.session._copies import SMALL, Copier, with_equal_texts_shared

RECORDED = Path(__file__).parents[2] / "recordings" / "ceph-16.2" / "state"


def made_up(rng: random.Random, depth: int) -> Any:
    """A JSON value of any shape; things in one list are often alike."""
    kind = rng.choice(["atom", "dict", "list", "alike"]) if depth else "atom"
    if kind == "atom":
        return rng.choice([None, True, False, 0, 1, -7, 2**64 - 1, 0.5, "", "x", "y" * 40])
    size = rng.randrange(5)
    if kind == "dict":
        return {rng.choice("abcdef"): made_up(rng, depth - 1) for _ in range(size)}
    if kind == "list":
        return [made_up(rng, depth - 1) for _ in range(size)]
    like = made_up(rng, depth - 1)
    return [json.loads(json.dumps(like)) for _ in range(size)]


def containers(value: Any) -> list[Any]:
    """All dicts and lists in it."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return [] if inner is None else [value, *(found for item in inner for found in containers(item))]


def check(value: Any) -> None:
    text = json.dumps(value)
    assert json.dumps(with_equal_texts_shared(value)) == text
    copier = Copier(value)
    copies = [copier.copy(), copier.copy()]
    for copy in copies:
        assert json.dumps(copy) == text  # with the keys in their order
        assert all(type(found) in (dict, list) for found in containers(copy))
    ids = [id(found) for copy in copies for found in containers(copy)]
    assert len(ids) == len(set(ids))  # nothing is shared, neither between copies nor within one
    for found in containers(copies[0]):
        found.clear()
    assert json.dumps(copies[1]) == text
    for found in containers(value):
        found.clear()
    assert json.dumps(copier.copy()) == text  # the original may change, too


def test_copies_of_any_value_are_equal_and_share_nothing() -> None:
    rng = random.Random(1)
    for _ in range(2000):
        check(made_up(rng, 5))


@pytest.mark.parametrize("path", sorted(RECORDED.glob("*.json")), ids=lambda path: path.stem)
def test_copies_of_recorded_documents_are_equal_and_share_nothing(path: Path) -> None:
    check(json.loads(path.read_bytes()))


def test_the_collector_works_again_after_a_large_copy_and_after_a_failure() -> None:
    value = [[n] for n in range(SMALL * 2)]
    check(value)
    assert gc.isenabled()
    with paused():
        assert not gc.isenabled()
    with pytest.raises(ZeroDivisionError), paused():
        raise ZeroDivisionError
    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off() -> None:
    gc.disable()
    try:
        with paused():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_copies_on_many_threads_leave_the_collector_on() -> None:
    copier = Copier([[n] for n in range(SMALL * 2)])
    threads = [threading.Thread(target=lambda: [copier.copy() for _ in range(50)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert gc.isenabled()


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_fork_in_the_middle_of_a_copy_leaves_the_collector_on_in_the_child() -> None:
    with paused():
        child = os.fork()
        if not child:
            os._exit(0 if gc.isenabled() else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert not gc.isenabled()
    assert gc.isenabled()
