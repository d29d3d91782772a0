"""Documents of the cluster state, kept as long as they are the newest."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from json import loads
from threading import Lock
from typing import Any, Callable, Optional

from .._proto import module_host_pb2 as pb
from ._collector import paused
from ._copies import Copier, with_equal_texts_shared
from ._frozen import frozen

WATCHED = 256
"""Documents to keep at most; more are read anew each time."""


class _Copy:
    """One document as this process knows it."""

    __slots__ = ("announced", "checked", "copier", "following", "json", "news", "reads", "shared", "version")

    def __init__(self) -> None:
        self.version = 0
        self.json: Optional[bytes] = None
        """The document as it came; None if there is no such document."""
        self.copier: Optional[Copier] = None
        """Makes values for callers, from the second read on: it is several times faster than decoding, but takes a moment to
        make and keeps a decoded original, and many versions are read only once."""
        self.reads = 0
        self.shared: Any = None
        self.following = False
        """Whether the host tells this process about new versions: known from the first time that it did."""
        self.news = 0
        """How often it told."""
        self.announced = 0
        """The version that it told last."""
        self.checked = -1
        """The last `Documents.epoch` at which the host said that this is the newest; -1 means it is not."""


class Documents:
    """Reads documents, asking the host only for what is new.

    The host is asked to tell when a document of ours changes, and does so before anything that the change causes. After
    an own write, which travels outside that order, each document is checked once more.
    """

    def __init__(self, call: Callable[[str, Any], Any], watch: Callable[[list[str]], None]) -> None:
        self._call = call
        self._watch = watch
        self._lock = Lock()
        self._copies: dict[str, _Copy] = {}
        self._epoch = 0

    def fresh(self, name: str) -> Any:
        """A value that belongs to the caller; None if there is no such document."""
        copy = self._current(name)
        if copy.json is None:
            return None
        if copy.copier is not None:
            return copy.copier.copy()
        copy.reads += 1
        value = _decoded(copy.json)
        if copy.reads > 1:
            # Nested too deeply to plan for, it is decoded each time.
            with suppress(RecursionError), paused():
                copy.copier = Copier(with_equal_texts_shared(value))
        return value

    def shared(self, name: str) -> Any:
        """A read-only value that all callers share; None if there is no such document."""
        copy = self._current(name)
        value = copy.shared
        if value is None and copy.json is not None:
            value = copy.shared = frozen(_decoded(copy.json))
        return value

    def forget_shared(self, name: str) -> bool:
        """Drops the shared value, so that the next reader makes another. Whether there was one."""
        copy = self._copies.get(name)
        if copy is None or copy.shared is None:
            return False
        copy.shared = None
        return True

    def changed(self, versions: Iterable[pb.DocumentVersion]) -> None:
        """The host says which versions are the newest."""
        with self._lock:
            for news in versions:
                copy = self._copies.get(news.name)
                if copy is not None:
                    copy.following = True
                    copy.news += 1
                    copy.announced = news.version
                    if news.version > copy.version or news.version == 0:
                        copy.checked = -1

    def distrust(self) -> None:
        """This process changed something: check each document once more before its next use."""
        with self._lock:
            self._epoch += 1

    def _current(self, name: str) -> _Copy:
        copy = self._copies.get(name)
        if copy is not None and copy.checked == self._epoch and copy.following:
            return copy
        return self._check(name)

    def _check(self, name: str) -> _Copy:
        copy, known = self._copy(name)
        epoch, news = self._epoch, known.news
        response = self._call("GetDocument", pb.GetDocumentRequest(name=name, known_version=known.version))
        if response.version == known.version:
            taken = known
        else:
            taken = _Copy()
            taken.version = response.version
            if response.HasField("json"):
                taken.json = response.json
        return self._store(name, copy, taken, epoch, news)

    def _copy(self, name: str) -> tuple[Optional[_Copy], _Copy]:
        with self._lock:
            copy = self._copies.get(name)
            if copy is not None:
                return copy, copy
            if len(self._copies) >= WATCHED:
                return None, _Copy()
            copy = self._copies[name] = _Copy()
        self._watch([name])
        return copy, copy

    def _store(self, name: str, before: Optional[_Copy], taken: _Copy, epoch: int, news: int) -> _Copy:
        if before is None:
            return taken
        with self._lock:
            current = self._copies[name]
            if current is not before and current.version > taken.version and taken.version:
                return current  # another thread read a newer one meanwhile
            taken.following, taken.announced = current.following, current.announced
            # What was announced while the answer was under way may be newer than the answer.
            overtaken = current.news != news and current.announced != taken.version
            taken.news = current.news
            taken.checked = -1 if overtaken else epoch
            self._copies[name] = taken
            return taken


def _decoded(text: bytes) -> Any:
    with paused():
        return loads(text)
