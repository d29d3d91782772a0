"""Runs a module folder as a module process: `python -m mgrd.runner FOLDER`. `mgrd.testing` runs a module with its parts."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mgrd.runner._declare import declare, option_types
    from mgrd.runner._invoke import run_command
    from mgrd.runner._load import Loaded

__all__ = ["Loaded", "declare", "option_types", "run_command"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'mgrd.runner' has no attribute {name!r}")
    # These are imported late. `python -m mgrd.runner` imports this file before `__main__` corrects the search path.
    from mgrd.runner import _declare, _invoke, _load

    parts = {
        "Loaded": _load.Loaded,
        "declare": _declare.declare,
        "option_types": _declare.option_types,
        "run_command": _invoke.run_command,
    }
    return parts[name]
