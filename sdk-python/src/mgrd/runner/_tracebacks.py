"""Tracebacks for the author of a module: without the frames of this SDK, with which every traceback would begin."""

from __future__ import annotations

from os import sep
from pathlib import Path
from traceback import extract_tb, format_exception
from types import TracebackType
from typing import Optional

from .._text import bounded, sendable

_SDK = Path(__file__).parents[2]
_SDK_FILES = (f"{_SDK / 'mgrd'}{sep}", f"{_SDK / 'mgr_module'}{sep}", str(_SDK / "object_format.py"))
# A caller in another module gets the whole text of an error, unless it is enormous.
_LONGEST_FOR_CALLERS = 1 << 20
_IMPORTING = ("<frozen importlib", "importlib/__init__.py")


def format_error(error: BaseException) -> str:
    """The error with its traceback, from the first frame of the module on. All frames if none is the module's.

    A text of the error may have any length. Only its beginning is part of the traceback.
    """
    return sendable("".join(f"{bounded(part[:-1])}\n" for part in _parts(error)))


def format_error_for_caller(error: BaseException) -> str:
    """The same for another module, which may read the text: longer texts are kept whole."""
    return sendable("".join(f"{bounded(part[:-1], _LONGEST_FOR_CALLERS)}\n" for part in _parts(error)))


def with_place(error: BaseException, folder: Path) -> str:
    """The error in one line, with its type and with the file and line where it happened, if that is in the folder."""
    kind = type(error).__name__
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.filename}:{error.lineno}: {kind}: {error.msg}"
    text = f"{kind}: {error}" if str(error) else kind
    inside = f"{folder}{sep}"
    if inside in text:  # it names its place
        return text
    frames = (frame for frame in extract_tb(error.__traceback__)[::-1] if frame.filename.startswith(inside))
    place = next(frames, None)
    return f"{place.filename}:{place.lineno}: {text}" if place else text


def _parts(error: BaseException) -> list[str]:
    own = error.__traceback__
    while own is not None and _is_foreign(own):
        own = own.tb_next
    # A file with a syntax error has no frame. The error itself says where it is.
    other = None if isinstance(error, SyntaxError) else error.__traceback__
    return format_exception(type(error), error, own or other)


def _is_foreign(frame: TracebackType) -> bool:
    file: Optional[str] = frame.tb_frame.f_code.co_filename
    return file is None or file.startswith((*_SDK_FILES, *_IMPORTING[:1])) or file.endswith(_IMPORTING[1:])
