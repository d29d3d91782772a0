"""Writes the tables of docs/python-reference.md from the docstrings. `--check` only checks whether they are current."""

from __future__ import annotations

import inspect
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent / "src"))

import mgr_module  # noqa: E402
import mgrd.feed  # noqa: E402
import mgrd.testing  # noqa: E402
import object_format  # noqa: E402

PAGE = Path(__file__).resolve().parents[1] / "docs" / "python-reference.md"
MARK = "<!-- What follows is written by sdk-python/reference.py from the docstrings. -->\n"
TITLES = {
    "MgrModule": "What a module overrides",
    "Cluster": "The cluster",
    "Settings": "Options and store",
    "Database": "A database",
    "Sending": "Commands and other modules",
    "Reporting": "Health, cluster log, progress",
    "PerfCounters": "Perf counters",
    "PerfQueries": "Perf queries",
}

ATTRIBUTES = {
    "COMMANDS": "Commands that `handle_command` answers: dicts with `cmd`, `desc`, `perm` and optionally `poll`.",
    "COMMAND_THREADS": "How many commands may run at the same time. The default is 1.",
    "MODULE_OPTIONS": "The options of the module, each an `Option`.",
    "MODULE_OPTION_DEFAULTS": "The defaults by name. They are taken from MODULE_OPTIONS.",
    "NOTIFY_TYPES": "The notifications for which `notify` is called. Without this attribute, `notify` is called for all.",
    "PG_STATES": "The states that a placement group can have.",
    "REMOTE_PICKLE": "Whether remote calls may carry any Python value. Both modules must allow it.",
    "module_name": "The name of the module.",
    "SCHEMA": "SQL that creates the tables of the database.",
    "SCHEMA_VERSIONED": "A list of SQL, one entry for the step to each version.",
}


def reference() -> str:
    """All tables."""
    parts = []
    for cls in mgr_module.MgrModule.__mro__:
        if cls.__module__.startswith("mgr_module."):
            parts.append(_table(TITLES.get(cls.__name__, cls.__name__), cls, _public(cls)))
    parts.append(_table("The standby half", mgr_module.MgrStandbyModule, _public(mgr_module.MgrStandbyModule)))
    for cls in (mgr_module.OSDMap, mgr_module.OSDMapIncremental, mgr_module.CRUSHMap):
        parts.append(_table(f"`{cls.__name__}`", cls, _public(cls)))
    parts.append(_table("Names in `mgr_module`", mgr_module, list(mgr_module.__all__)))
    own = [name for name, value in vars(object_format).items() if getattr(value, "__module__", "") == "object_format"]
    parts.append(_table("Names in `object_format`", object_format, [name for name in own if name[0] != "_"]))
    parts.append(_table("Names in `mgrd`", mgrd, mgrd.__all__))
    for package, cls in ((mgrd.testing, mgrd.testing.Harness), (mgrd.feed, mgrd.feed.Feed)):
        parts.append(_table(f"Names in `{package.__name__}`", package, package.__all__))
        parts.append(_table(f"`{cls.__name__}`", cls, _public(cls)))
    return "\n".join(parts)


def _public(cls: type[Any]) -> list[str]:
    return [
        name for name in dict.fromkeys([*vars(cls).get("__annotations__", {}), *vars(cls)]) if not name.startswith("_")
    ]


def _table(title: str, owner: Any, names: list[str]) -> str:
    rows = [f"| {_head(owner, name)} | {_text(owner, name)} |" for name in names]
    prose = [_prose(owner), ""] if isinstance(owner, type) else []
    return "\n".join([f"## {title}", "", *prose, "| name | what it is |", "|---|---|", *rows, ""])


def _head(owner: Any, name: str) -> str:
    value = getattr(owner, name, None)
    if not inspect.isroutine(value):
        return f"`{name}`"
    parameters = [_parameter(p) for p in inspect.signature(value).parameters.values() if p.name not in ("self", "cls")]
    return f"`{name}({', '.join(parameters)})`"


def _parameter(parameter: inspect.Parameter) -> str:
    if parameter.default is parameter.empty:
        return str(parameter).partition(":")[0]  # with its stars
    shown = repr(parameter.default)
    return f"{parameter.name}={shown if len(shown) < 20 else '…'}"


def _text(owner: Any, name: str) -> str:
    value = inspect.getattr_static(owner, name, None)
    if value is None and owner is mgr_module:
        value = getattr(owner, name)  # some are made at the first use
    function = getattr(value, "fget", None) or getattr(value, "__func__", value)
    if name in ATTRIBUTES:
        return ATTRIBUTES[name]
    if inspect.isfunction(function) and function.__name__ != name:
        return f"the same as `{function.__name__}`"
    if inspect.isfunction(function) or isinstance(function, type):
        members = [f"`{member}`" for member in getattr(function, "__members__", ())]
        return " ".join([_prose(function), ", ".join(members)]).strip().replace("|", "\\|")
    return "for annotations" if getattr(value, "__module__", "") == "typing" else f"`{value!r}`"


def _prose(described: Any) -> str:
    """A docstring without its examples, on one line."""
    return " ".join(inspect.cleandoc(described.__doc__ or "").partition("\n\n>>>")[0].split())


def main() -> int:
    """Writes the page, or checks it."""
    before = PAGE.read_text(encoding="utf-8")
    after = before[: before.index(MARK) + len(MARK)] + "\n" + reference()
    if "--check" in sys.argv[1:]:
        return int(before != after)
    PAGE.write_text(after, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
