"""How a module declares its options."""

from __future__ import annotations

from enum import IntEnum
from typing import Any, List, Optional

from mgrd._values import OptionValue

LEVELS = ("debug", "info", "warning", "error", "critical", "")


class OptionLevel(IntEnum):
    """Who an option is for."""

    BASIC = 0
    ADVANCED = 1
    DEV = 2
    UNKNOWN = 3


class Option(dict):  # type: ignore[type-arg]
    """An option in MODULE_OPTIONS. It can also be a plain dict with the same keys."""

    def __init__(
        self,
        name: str,
        default: OptionValue = None,
        type: str = "str",
        desc: Optional[str] = None,
        long_desc: Optional[str] = None,
        min: OptionValue = None,
        max: OptionValue = None,
        enum_allowed: Optional[List[str]] = None,
        tags: Optional[List[str]] = None,
        see_also: Optional[List[str]] = None,
        runtime: bool = False,
        level: OptionLevel = OptionLevel.ADVANCED,
    ) -> None:
        fields = {key: value for key, value in locals().items() if key not in ("self", "__class__")}
        super().__init__((key, value) for key, value in fields.items() if value is not None)


def logging_options() -> List[Option]:
    """The options that every module has."""
    return [
        Option(
            "log_level",
            type="str",
            default="",
            enum_allowed=list(LEVELS),
            runtime=True,
            desc="Python logging level; empty means the manager's level",
        ),
        Option(
            "log_to_file",
            type="bool",
            default=False,
            runtime=True,
            desc="log into a file of its own instead of the manager's",
        ),
        Option("log_to_cluster", type="bool", default=False, runtime=True, desc="log into the cluster log, too"),
        Option(
            "log_to_cluster_level",
            type="str",
            default="info",
            enum_allowed=list(LEVELS),
            runtime=True,
            desc="lowest level for the cluster log",
        ),
    ]


def with_logging_options(declared: List[Any]) -> List[Any]:
    """The declared options, and the options for logging that are not declared."""
    names = {option["name"] for option in declared}
    return [*declared, *(option for option in logging_options() if option["name"] not in names)]


def defaults_of(options: List[Any]) -> dict[str, OptionValue]:
    """Default values by name. An option without a type is text, and so is its default."""
    return {
        option["name"]: str(option["default"]) if option.get("type", "str") == "str" else option["default"]
        for option in options
        if option.get("default") is not None
    }
