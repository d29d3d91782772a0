"""Copies of keys and values of the host that follow its changes."""

from __future__ import annotations

from collections.abc import Iterable
from threading import Lock
from typing import Optional

from .._proto import types_pb2

TOMBSTONES = 4096
"""Removed keys whose revision is remembered, at most."""


class Mirror:
    """Keys and their texts. Of two entries for one key, the one with the higher revision wins, in whatever order they
    arrive. So a change that was on its way never undoes a newer write of this process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._revisions: dict[str, int] = {}
        self._removed: dict[str, int] = {}
        self._snapshot = 0
        """The revision of the newest snapshot."""
        self._named: set[str] = set()
        """The keys that its parts have named so far."""
        self.values: dict[str, str] = {}
        """Read them from any thread. Only this class writes them."""

    def apply(self, entries: Iterable[types_pb2.Entry]) -> list[str]:
        """Applies the entries that are not older than what is known; returns their keys."""
        changed = []
        with self._lock:
            for entry in entries:
                if entry.revision < self._known(entry.key):
                    continue
                self._take(entry.key, entry.value if entry.HasField("value") else None, entry.revision)
                changed.append(entry.key)
        return changed

    def apply_part(self, revision: int, entries: Iterable[types_pb2.Entry], last: bool) -> list[str]:
        """Applies a part of the snapshot of this revision; returns the keys that changed. The last part removes the keys
        that no part named and that are not newer."""
        entries = list(entries)
        if revision != self._snapshot:
            self._snapshot = revision
            self._named = set()
        self._named.update(entry.key for entry in entries)
        changed = self.apply(entries)
        if last:
            named, self._named = self._named, set()
            with self._lock:
                gone = [key for key, known in self._revisions.items() if known <= revision and key not in named]
                for key in gone:
                    del self.values[key]
                    del self._revisions[key]
            changed.extend(gone)
        return changed

    def wrote(self, key: str, value: Optional[str], revision: int) -> None:
        """Applies a write of this process that the host acknowledged."""
        with self._lock:
            if revision >= self._known(key):
                self._take(key, value, revision)

    def _known(self, key: str) -> int:
        return self._revisions.get(key) or self._removed.get(key, 0)

    def _take(self, key: str, value: Optional[str], revision: int) -> None:
        if value is None:
            self.values.pop(key, None)
            self._revisions.pop(key, None)
            self._removed[key] = revision
            if len(self._removed) > TOMBSTONES:
                del self._removed[next(iter(self._removed))]
        else:
            self.values[key] = value
            self._removed.pop(key, None)
            self._revisions[key] = revision
