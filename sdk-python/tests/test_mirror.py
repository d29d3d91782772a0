"""The mirror of options and store."""

from __future__ import annotations

from mgrd._proto import types_pb2
from mgrd.session._mirror import TOMBSTONES, Mirror


def entry(key: str, value: str | None, revision: int) -> types_pb2.Entry:
    return types_pb2.Entry(key=key, value=value, revision=revision)


def test_a_push_never_undoes_a_newer_write() -> None:
    mirror = Mirror()
    mirror.wrote("a", "new", 5)
    assert mirror.apply([entry("a", "old", 4)]) == []
    assert mirror.values == {"a": "new"}
    mirror.wrote("a", None, 6)
    assert mirror.apply([entry("a", "old", 5), entry("b", "x", 1)]) == ["b"]
    assert mirror.values == {"b": "x"}
    assert mirror.apply([entry("a", "again", 7)]) == ["a"]
    mirror.wrote("a", "late", 6)
    assert mirror.values == {"a": "again", "b": "x"}


def test_a_snapshot_comes_in_parts_and_what_none_of_them_names_is_gone() -> None:
    mirror = Mirror()
    mirror.apply([entry("gone", "1", 1), entry("kept", "1", 2), entry("own", "new", 9)])
    assert mirror.apply_part(5, [entry("a", "1", 4)], last=False) == ["a"]
    mirror.apply([entry("a", "2", 6), entry("pushed", "1", 7)])
    assert mirror.apply_part(5, [entry("kept", "1", 2), entry("own", "old", 4)], last=True) == ["kept", "gone"]
    assert mirror.values == {"a": "2", "kept": "1", "own": "new", "pushed": "1"}


def test_a_snapshot_that_is_begun_again_forgets_what_only_its_beginning_named() -> None:
    mirror = Mirror()
    mirror.apply_part(5, [entry("a", "1", 4)], last=False)
    mirror.apply_part(8, [entry("b", "1", 4)], last=False)
    mirror.apply_part(8, [], last=True)
    assert mirror.values == {"b": "1"}


def test_removed_keys_do_not_pile_up() -> None:
    mirror = Mirror()
    for number in range(TOMBSTONES * 2):
        mirror.wrote(str(number), None, number + 1)
    assert len(mirror._removed) == TOMBSTONES
