"""A module's options: the texts that the host stores, and their typed values."""

from __future__ import annotations

from collections.abc import Iterable
from logging import getLogger
from threading import RLock
from typing import Optional

from .._proto import types_pb2
from .._values import OptionValue, typed
from ._mirror import Mirror


class Options:
    """A mirror of the options that have a value. Keys are "<option>" and "<manager id>/<option>"."""

    def __init__(self) -> None:
        self.mgr_id = ""
        self.values: dict[str, OptionValue] = {}
        """Typed values. Read them from any thread."""
        self._texts = Mirror()
        self._types: dict[str, str] = {}
        self._converting = RLock()

    def declare(self, types: dict[str, str]) -> None:
        """Sets the type of each option, and converts the values to it."""
        self._types = types
        self._convert(list(self._texts.values))

    def apply(self, entries: Iterable[types_pb2.Entry]) -> None:
        """Applies changes that are not older than what is known."""
        self._convert(self._texts.apply(entries))

    def apply_part(self, revision: int, entries: Iterable[types_pb2.Entry], last: bool) -> None:
        """Applies a part of a snapshot; see `Mirror.apply_part`."""
        self._convert(self._texts.apply_part(revision, entries, last))

    def _convert(self, keys: list[str]) -> None:
        # One thread at a time, so that none replaces a newer value by an older one.
        with self._converting:
            for key in keys:
                self._convert_one(key, self._texts.values.get(key))

    def _convert_one(self, key: str, text: Optional[str]) -> None:
        if text is None:
            self.values.pop(key, None)
            return
        name = key[len(self.mgr_id) + 1 :] if key.startswith(f"{self.mgr_id}/") else key
        kind = self._types.get(name, "str")
        try:
            self.values[key] = typed(kind, text)
        except ValueError:
            self.values.pop(key, None)
            getLogger("mgrd").error(
                "option '%s' has the value %r, which is not of type %s; the default applies", key, text, kind
            )
