"""Documents of the cluster state, kept as long as they are current."""

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

MOST_KEPT = 256
"""Documents to keep at most. Others are read from the host each time."""


class _Document:
    """One version of a document."""

    __slots__ = ("announced", "announcements", "copier", "current_in", "json", "reads", "shared", "version", "watched")

    def __init__(self) -> None:
        self.version = 0
        self.json: Optional[bytes] = None
        """The document as it arrived; None if there is no such document."""
        self.copier: Optional[Copier] = None
        """Makes values for callers from the second read on. It is several times faster than decoding, but it takes time to
        make and keeps a decoded original, and many versions are read only once."""
        self.reads = 0
        self.shared: Any = None
        self.watched = False
        """Whether the host announces new versions. It is known from the first announcement on."""
        self.announcements = 0
        """How many versions the host announced."""
        self.announced = 0
        """The version that it announced last."""
        self.current_in = -1
        """The last `Documents.epoch` in which the host confirmed that this version is current; -1 if it is not."""


class Documents:
    """Reads documents and asks the host only for what is new.

    The host announces each new version of a document that this process has read, before anything else that the change
    causes. A write of this process is not part of that order, so after a write each document is checked once more.
    """

    def __init__(self, call: Callable[[str, Any], Any], watch: Callable[[list[str]], None]) -> None:
        self._call = call
        self._watch = watch
        self._lock = Lock()
        self._documents: dict[str, _Document] = {}
        self._epoch = 0

    def fresh(self, name: str) -> Any:
        """A value that belongs to the caller; None if there is no such document."""
        document = self._current(name)
        if document.json is None:
            return None
        if document.copier is not None:
            return document.copier.copy()
        document.reads += 1
        value = _decoded(document.json)
        if document.reads > 1:
            # If it is nested too deeply for a copier, it is decoded each time.
            with suppress(RecursionError), paused():
                document.copier = Copier(with_equal_texts_shared(value))
        return value

    def shared(self, name: str) -> Any:
        """A read-only value that all callers share; None if there is no such document."""
        document = self._current(name)
        value = document.shared
        if value is None and document.json is not None:
            value = document.shared = frozen(_decoded(document.json))
        return value

    def forget_shared(self, name: str) -> bool:
        """Drops the shared value, so that the next reader makes a new one. Returns whether there was one."""
        document = self._documents.get(name)
        if document is None or document.shared is None:
            return False
        document.shared = None
        return True

    def announced(self, versions: Iterable[pb.DocumentVersion]) -> None:
        """Takes in which versions are current."""
        with self._lock:
            for new in versions:
                document = self._documents.get(new.name)
                if document is not None:
                    document.watched = True
                    document.announcements += 1
                    document.announced = new.version
                    if new.version > document.version or new.version == 0:
                        document.current_in = -1

    def check_again(self) -> None:
        """This process changed something: each document is checked once more before its next use."""
        with self._lock:
            self._epoch += 1

    def _current(self, name: str) -> _Document:
        document = self._documents.get(name)
        if document is not None and document.current_in == self._epoch and document.watched:
            return document
        return self._check(name)

    def _check(self, name: str) -> _Document:
        kept = self._kept(name)
        known = kept or _Document()
        epoch, announcements = self._epoch, known.announcements
        response = self._call("GetDocument", pb.GetDocumentRequest(name=name, known_version=known.version))
        if response.version == known.version:
            read = known
        else:
            read = _Document()
            read.version = response.version
            if response.HasField("json"):
                read.json = response.json
        return read if kept is None else self._keep(name, kept, read, epoch, announcements)

    def _kept(self, name: str) -> Optional[_Document]:
        """The document as it is kept, or an empty one that is kept from now on; None if too many are kept."""
        with self._lock:
            document = self._documents.get(name)
            if document is not None:
                return document
            if len(self._documents) >= MOST_KEPT:
                return None
            document = self._documents[name] = _Document()
        self._watch([name])
        return document

    def _keep(self, name: str, before: _Document, read: _Document, epoch: int, announcements: int) -> _Document:
        with self._lock:
            current = self._documents[name]
            if current is not before and current.version > read.version and read.version:
                return current  # another thread has read a newer one
            read.watched, read.announced = current.watched, current.announced
            # A version that was announced while the answer was on its way may be newer than the answer.
            overtaken = current.announcements != announcements and current.announced != read.version
            read.announcements = current.announcements
            read.current_in = -1 if overtaken else epoch
            self._documents[name] = read
            return read


def _decoded(text: bytes) -> Any:
    with paused():
        return loads(text)
