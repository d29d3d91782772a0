"""The argument types of commands: their names in descriptors, and which values they accept.

With such a type as annotation, values are checked before the handler is called: `pool: CephPoolname`, or an instance with
limits, `n: CephInt(range="1|10")`.
"""

from __future__ import annotations

import enum
import ipaddress
import re
import sys
import uuid
from typing import Any, List, Literal, Optional, Sequence, Tuple, Union, get_args, get_origin


class ArgumentError(Exception):
    """A value does not fit its argument."""


class ArgumentNumber(ArgumentError):
    """Too many or too few values."""


class ArgumentFormat(ArgumentError):
    """A value has the wrong form."""


class ArgumentMissing(ArgumentError):
    """A required argument was not given."""


class CephArgtype:
    """Any value. A type may take attributes, which become part of the descriptor."""

    def __init__(self, **attributes: Any) -> None:
        self.attributes = attributes

    def valid(self, value: Any, partial: bool = False) -> Any:
        """The value in its Python type; raises ArgumentError."""
        return value

    def argdesc(self, attrs: dict[str, Any]) -> str:
        """Its descriptor: `name=…,type=…` and other attributes."""
        pairs = {"name": attrs.get("name", ""), "type": self._described_as(), **attrs, **self.attributes}
        return ",".join(f"{key}={value}" for key, value in pairs.items())

    def _described_as(self) -> str:
        return type(self).__name__

    @staticmethod
    def to_argdesc(tp: Any, attrs: dict[str, Any], has_default: bool = False, positional: bool = True) -> str:
        """The descriptor of a parameter with the annotation `tp`. Raises ValueError if it cannot be an argument."""
        inner, optional = _unwrap_optional(tp)
        item, many = _unwrap_sequence(inner)
        pairs = dict(attrs)
        if has_default or optional:
            pairs["req"] = "false"
        if not positional:
            pairs["positional"] = "false"
        if many:
            pairs["n"] = many
        return argtype(item).argdesc(pairs)

    @staticmethod
    def cast_to(tp: Any, value: Any) -> Any:
        """The value in the type of the annotation `tp`. Raises ValueError or ArgumentError."""
        inner, optional = _unwrap_optional(tp)
        if value is None and optional:
            return None
        item, many = _unwrap_sequence(inner)
        if not many:
            return _cast_one(item, value)
        values = list(value) if isinstance(value, (list, tuple)) else [value]
        if many != "N" and len(values) != int(many):
            raise ArgumentNumber(f"expected {many} values, got {len(values)}")
        cast = [_cast_one(item, one) for one in values]
        return tuple(cast) if get_origin(inner) is tuple else cast


class CephInt(CephArgtype):
    """A whole number, decimal or 0x…; `range` is "min" or "min|max"."""

    def __init__(self, range: str = "") -> None:
        super().__init__(**({"range": range} if range else {}))
        self._range = range

    def valid(self, value: Any, partial: bool = False) -> int:
        try:
            number = int(value, 0) if isinstance(value, str) else int(value)
        except (TypeError, ValueError):
            raise ArgumentFormat(f"{value!r} is not a whole number") from None
        _check_range(number, self._range)
        return number


class CephFloat(CephArgtype):
    """A number; `range` is "min" or "min|max"."""

    def __init__(self, range: str = "") -> None:
        super().__init__(**({"range": range} if range else {}))
        self._range = range

    def valid(self, value: Any, partial: bool = False) -> float:
        try:
            number = float(value)
        except (TypeError, ValueError):
            raise ArgumentFormat(f"{value!r} is not a number") from None
        _check_range(number, self._range)
        return number


class CephBool(CephArgtype):
    """true, false, 1, 0, yes, no, on, off."""

    def valid(self, value: Any, partial: bool = False) -> bool:
        if isinstance(value, (bool, int)):
            return bool(value)
        text = str(value).lower()
        if text in ("true", "1", "yes", "on"):
            return True
        if text in ("false", "0", "no", "off"):
            return False
        raise ArgumentFormat(f"{value!r} is neither true nor false")


class CephString(CephArgtype):
    """Text; `goodchars` is a regular expression for one allowed character."""

    def __init__(self, goodchars: str = "") -> None:
        super().__init__(**({"goodchars": goodchars} if goodchars else {}))
        self._good = re.compile(goodchars) if goodchars else None

    def valid(self, value: Any, partial: bool = False) -> str:
        text = str(value)
        if self._good:
            bad = "".join(sorted({char for char in text if not self._good.fullmatch(char)}))
            if bad:
                raise ArgumentFormat(f"invalid characters {bad!r} in {text!r}")
        return text


class CephChoices(CephArgtype):
    """One of a few texts, "a|b"."""

    def __init__(self, strings: str = "") -> None:
        super().__init__(strings=strings)
        self.strings = strings.split("|")

    def valid(self, value: Any, partial: bool = False) -> str:
        if str(value) not in self.strings:
            raise ArgumentFormat(f"{value!r} is not one of {', '.join(self.strings)}")
        return str(value)


class _Pattern(CephArgtype):
    """Text of a certain form."""

    PATTERN = ""
    WHAT = ""

    def valid(self, value: Any, partial: bool = False) -> str:
        if not re.fullmatch(self.PATTERN, str(value), re.ASCII):
            raise ArgumentFormat(f"{value!r} is not {self.WHAT}")
        return str(value)


class CephPgid(_Pattern):
    """A placement group, such as 2.1f."""

    PATTERN, WHAT = r"\d+\.[0-9a-fA-F]+", "a placement group such as 2.1f"


class CephName(_Pattern):
    """A daemon or client, such as osd.0."""

    PATTERN, WHAT = r"\*|mon|mgr|(osd|mon|client|mds|mgr)\..+", "a name such as osd.0"


class CephFragment(_Pattern):
    """A directory fragment, such as 0x1/2."""

    PATTERN, WHAT = r"0x[0-9a-fA-F]+/\d+", "a fragment such as 0x1/2"


class CephOsdName(CephArgtype):
    """An OSD: *, 3 or osd.3."""

    def valid(self, value: Any, partial: bool = False) -> Union[int, str]:
        if value == "*":
            return "*"
        match = re.fullmatch(r"(?:osd\.)?(\d+)", str(value), re.ASCII)
        if not match:
            raise ArgumentFormat(f"{value!r} is not an OSD such as osd.0")
        return int(match.group(1))


class CephUUID(CephArgtype):
    """A UUID."""

    def valid(self, value: Any, partial: bool = False) -> str:
        try:
            return str(uuid.UUID(str(value)))
        except ValueError:
            raise ArgumentFormat(f"{value!r} is not a UUID") from None


class CephIPAddr(CephArgtype):
    """An IP address with an optional port, also as v1:, v2: or any:."""

    NONCE = False

    def valid(self, value: Any, partial: bool = False) -> str:
        text = re.sub(r"^(v1|v2|any):", "", str(value))
        if self.NONCE:
            text = re.sub(r"/\d+$", "", text)
        match = re.fullmatch(r"\[(.+)\](?::(\d+))?|([^:]+)(?::(\d+))?|(.+)", text)
        if match is None:
            raise ArgumentFormat(f"{value!r} is not an address")
        try:
            ipaddress.ip_address(next(group for group in match.group(1, 3, 5) if group))
        except (ValueError, StopIteration):
            raise ArgumentFormat(f"{value!r} is not an address") from None
        port = match.group(2) or match.group(4)
        if port and int(port) > 65535:
            raise ArgumentFormat(f"{port} is not a port")
        return str(value)


class CephEntityAddr(CephIPAddr):
    """An address with an optional /nonce."""

    NONCE = True


class CephPoolname(CephArgtype):
    """A pool's name."""


class CephObjectname(CephArgtype):
    """An object's name."""


class CephFilepath(CephArgtype):
    """A path."""


class CephSocketpath(CephArgtype):
    """A path of a socket."""


class CephPrefix(CephArgtype):
    """A command's literal words."""


class _EnumChoices(CephChoices):
    """The values of an Enum or a Literal. They are converted to these Python values."""

    def __init__(self, members: dict[str, Any]) -> None:
        super().__init__("|".join(members))
        self._members = members

    def _described_as(self) -> str:
        return "CephChoices"

    def valid(self, value: Any, partial: bool = False) -> Any:
        for member in self._members.values():
            if member is value:
                return member
        return self._members[super().valid(value)]


_SIMPLE: dict[Any, type[CephArgtype]] = {str: CephString, int: CephInt, float: CephFloat, bool: CephBool}


def argtype(tp: Any) -> CephArgtype:
    """The argument type of an annotation for one value. Raises ValueError."""
    if isinstance(tp, CephArgtype):
        return tp
    if isinstance(tp, type):
        if issubclass(tp, CephArgtype):
            return tp()
        if issubclass(tp, enum.Enum):
            return _EnumChoices({str(member.value): member for member in tp})
        if tp in _SIMPLE:
            return _SIMPLE[tp]()
    if get_origin(tp) is Literal:
        return _EnumChoices({str(choice): choice for choice in get_args(tp)})
    raise ValueError(
        f"{tp!r} cannot be the type of an argument: use str, int, float, bool, an Enum, a Literal, a type of ceph_argparse, "
        "or an Optional, List, Sequence or Tuple of these"
    )


def _cast_one(tp: Any, value: Any) -> Any:
    return argtype(tp).valid(value)


def _unwrap_optional(tp: Any) -> Tuple[Any, bool]:
    is_union = get_origin(tp) is Union
    if sys.version_info >= (3, 10):
        import types

        is_union = is_union or isinstance(tp, types.UnionType)
    if not is_union:
        return tp, False
    inner = [arg for arg in get_args(tp) if arg is not type(None)]
    if len(inner) != 1:
        raise ValueError(f"{tp!r} cannot be the type of an argument: it has more than one type")
    return inner[0], True


def _unwrap_sequence(tp: Any) -> Tuple[Any, Optional[str]]:
    origin = get_origin(tp)
    if tp in (list, tuple, List, Sequence):
        return str, "N"
    if origin is tuple:
        items = get_args(tp)
        if len(items) == 2 and items[1] is Ellipsis:
            return items[0], "N"
        if len(set(items)) != 1:
            raise ValueError(f"{tp!r} cannot be the type of an argument: all values of a tuple must have one type")
        return items[0], str(len(items))
    if isinstance(origin, type) and issubclass(origin, Sequence):
        return get_args(tp)[0], "N"
    return tp, None


def _check_range(number: float, limits: str) -> None:
    if not limits:
        return
    low, _, high = limits.partition("|")
    if number < float(low) or (high and number > float(high)):
        raise ArgumentError(f"{number} is not in the range {low} to {high or 'infinity'}")
