"""Turns a module's class into its declaration."""

from __future__ import annotations

from inspect import getsourcefile, getsourcelines
from linecache import getlines
from re import compile as pattern
from re import escape
from sys import modules
from typing import Any, Optional

from .._proto import module_host_pb2 as pb
from .._proto import types_pb2
from .._text import bounded, sendable
from .._values import as_text
from ._load import Loaded

_LEVELS = {0: types_pb2.OPTION_LEVEL_BASIC, 1: types_pb2.OPTION_LEVEL_ADVANCED, 2: types_pb2.OPTION_LEVEL_DEV}
_LEVEL_NAMES = {"basic": 0, "advanced": 1, "dev": 2}


def declare(name: str, loaded: Loaded) -> pb.Declaration:
    """The declaration of a loaded module. Raises TypeError or ValueError if the module declares something wrong."""
    active, standby = loaded.active, loaded.standby
    declaration = pb.Declaration(can_run=not loaded.error, can_run_error=loaded.error, load_failed=bool(loaded.error))
    if active is not None:
        _prepare(active, name)
        declaration.roles.append(types_pb2.ROLE_ACTIVE)
        declaration.commands.extend(_commands(active))
        declaration.notify_types.extend(_notify_types(active))
        declaration.can_run, declaration.can_run_error = _can_run(active)
    if standby is not None:
        _prepare(standby, name)
        declaration.roles.append(types_pb2.ROLE_STANDBY)
    if not loaded.error:
        options = {entry["name"]: entry for entry in _options(active or standby)}
        declaration.options.extend(map(_option, options.values()))
    return declaration


def option_types(declaration: pb.Declaration) -> dict[str, str]:
    """The type of each option."""
    return {option.name: option.type for option in declaration.options}


def _prepare(cls: Any, name: str) -> None:
    _list(cls, "COMMANDS")
    _options(cls)
    for hook in ("_register_options", "_register_commands"):
        if hasattr(cls, hook):
            getattr(cls, hook)(name)


def _list(cls: Any, attribute: str) -> list[Any]:
    value = getattr(cls, attribute, [])
    if not isinstance(value, (list, tuple)):
        raise TypeError(
            f"Missing or invalid {attribute} attribute of {_where(cls)}: expected a list, found {type(value).__name__}"
        )
    return list(value)


def _commands(cls: Any) -> list[types_pb2.CommandSpec]:
    """The commands in the order of their declaration, decorated methods last. `mgrd` ignores duplicates."""
    places = _Places(cls)
    return [_command(cls, entry, places) for entry in _list(cls, "COMMANDS")]


def _where(cls: Any) -> str:
    """Where a class is, for an error message."""
    try:
        return f"{getsourcefile(cls)}:{getsourcelines(cls)[1]}: {cls.__qualname__}"
    except (OSError, TypeError):
        return str(cls.__qualname__)


class _Places:
    """Where a class declares its commands. `inspect` would parse the file, which makes each start slower."""

    _WORDS = pattern(r"""["']([^"'=]+?)(?: +name=| *["'])""")

    def __init__(self, cls: Any) -> None:
        self._file: str = getattr(modules.get(cls.__module__), "__file__", None) or ""
        self._class = 0
        self._lines: dict[str, list[int]] = {}
        start = pattern(rf"\s*class {escape(cls.__name__)}\b")
        for number, line in enumerate(getlines(self._file) if self._file else [], 1):
            if not self._class and not start.match(line):
                continue
            self._class = self._class or number
            for found in self._WORDS.finditer(line):
                self._lines.setdefault(found[1], []).append(number)

    def of(self, descriptor: str) -> str:
        """File and line of a command, or else of its class. Empty if they are not known.

        Commands with the same words are declared in the order of their lines.
        """
        words = " ".join(word for word in descriptor.split() if "=" not in word)
        lines = self._lines.get(words) or [self._class or 1]
        line = lines.pop(0) if len(lines) > 1 else lines[0]
        return f"{self._file}:{line}" if self._file else ""


def _command(cls: Any, entry: Any, places: _Places) -> types_pb2.CommandSpec:
    if not isinstance(entry, dict) or not isinstance(entry.get("cmd"), str):
        raise TypeError(
            f"Missing or invalid COMMANDS attribute of {_where(cls)}: {entry!r} is not a dict with 'cmd', 'desc' and 'perm'"
        )
    poll = entry.get("poll", False)
    return types_pb2.CommandSpec(
        cmd=entry["cmd"].strip(),
        desc=str(entry.get("desc", "")),
        perm=str(entry.get("perm", "rw")),
        poll=str(poll).lower() in ("true", "1", "yes"),
        declared_at=places.of(entry["cmd"]),
    )


def _notify_types(cls: Any) -> list[str]:
    import mgr_module

    if getattr(cls, "NOTIFY_TYPES", None) is not None:
        return [str(getattr(kind, "value", kind)) for kind in cls.NOTIFY_TYPES]
    return [] if cls.notify is mgr_module.MgrModule.notify else ["*"]


def _can_run(cls: Any) -> tuple[bool, str]:
    try:
        answer = cls.can_run()
    except Exception as error:
        return False, sendable(bounded(f"can_run raised {type(error).__name__}: {error}"))
    if not (isinstance(answer, tuple) and len(answer) == 2 and isinstance(answer[0], bool)):
        return False, f"wrong type returned from can_run: {answer!r}, expected (bool, str)"
    return answer[0], "" if answer[0] else sendable(bounded(str(answer[1])))


def _options(cls: Any) -> list[Any]:
    declared = [_option_entry(cls, entry) for entry in _list(cls, "MODULE_OPTIONS")]
    try:
        from mgr_module.options import with_logging_options
    except ImportError:  # Ceph's mgr_module, which adds them itself
        return declared
    return with_logging_options(declared)


def _option_entry(cls: Any, entry: Any) -> Any:
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
        raise TypeError(
            f"Missing or invalid MODULE_OPTIONS attribute of {_where(cls)}: {entry!r} is not a dict with 'name'"
        )
    flaw = _option_flaw(entry)
    if flaw:
        raise ValueError(
            f"Missing or invalid MODULE_OPTIONS attribute of {_where(cls)}: option '{entry['name']}': {flaw}"
        )
    return entry


def _option_flaw(entry: Any) -> str:
    numbers = {"int": int, "uint": int, "float": float}
    number = numbers.get(str(entry.get("type", "str")))
    if number is None:
        return ""
    for field in ("default", "min", "max"):
        value = entry.get(field)
        try:
            number(value if value is not None else 0)
        except (TypeError, ValueError):
            return f"its {field} {value!r} is not of type {entry['type']}"
    low, high = entry.get("min"), entry.get("max")
    if low is not None and high is not None and number(low) > number(high):
        return f"its min {low!r} is above its max {high!r}"
    return ""


def _option(entry: Any) -> types_pb2.OptionSchema:
    level = entry.get("level", 1)
    number = _LEVEL_NAMES.get(level, 1) if isinstance(level, str) else int(level)
    return types_pb2.OptionSchema(
        name=entry["name"],
        type=str(entry.get("type", "str")),
        level=_LEVELS.get(number, types_pb2.OPTION_LEVEL_UNSPECIFIED),
        default_value=_text(entry.get("default")),
        min=_text(entry.get("min")),
        max=_text(entry.get("max")),
        enum_allowed=[str(value) for value in entry.get("enum_allowed") or ()],
        desc=str(entry.get("desc") or ""),
        long_desc=str(entry.get("long_desc") or ""),
        tags=[str(tag) for tag in entry.get("tags") or ()],
        see_also=[str(other) for other in entry.get("see_also") or ()],
        runtime=bool(entry.get("runtime", False)),
    )


def _text(value: Any) -> Optional[str]:
    return None if value is None else as_text(value)
