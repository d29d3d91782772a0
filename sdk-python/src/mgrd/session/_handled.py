"""The command that the code of a module is handling."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_CALL_ID: ContextVar[int] = ContextVar("call_id", default=0)


@contextmanager
def handling(call_id: int) -> Iterator[None]:
    """Marks the code inside the `with` block as the handler of this command."""
    token = _CALL_ID.set(call_id)
    try:
        yield
    finally:
        _CALL_ID.reset(token)


def handled_call() -> int:
    """The `call_id` of the command that this code handles; 0 if it handles none."""
    return _CALL_ID.get()
