"""Decorators that turn the result or the exception of a command into a response `(retval, stdout, stderr)`.

`Responder` formats the returned object as the client's `--format` says. `ErrorResponseHandler` only converts errors, for
commands that make their own response. `EmptyResponder` is for commands without output. All of them convert exceptions
that are derived from `ErrorResponseBase`, and let others pass. Put them below `@CLICommand`.

An object is formatted by the first of these that applies:

1. `format_json()`, `format_yaml()`, `format_xml()`, … of a custom formatter, which is given as `Responder(formatter)`.
2. `format_xml()`, `format_xml_pretty()` or `format_plain()` of the object itself. The format is checked before the
   command runs, so the return annotation of the command must name the class that has these methods.
3. With `compatible=True`: the data that `to_json()`, or for YAML `to_yaml()`, returns.
4. The data that `to_simplified()` returns.
5. The object itself, if it consists of basic types.
"""

from __future__ import annotations

import errno
import functools
import json
import typing
from collections.abc import Iterable
from enum import Enum
from typing import Any, Callable, Protocol

Response = tuple[int, str, str]
Handler = Callable[..., Response]


class Format(str, Enum):
    """The formats that a client can name."""

    plain = "plain"
    json = "json"
    json_pretty = "json-pretty"
    yaml = "yaml"
    xml_pretty = "xml-pretty"
    xml = "xml"

    def __str__(self) -> str:
        return self.value

    @property
    def method(self) -> str:
        """The formatter's method that writes this format."""
        return f"format_{self.name}"


# Methods that objects can have


class SimpleDataProvider(Protocol):
    """An object that can be converted to basic types."""

    def to_simplified(self) -> Any:
        """Lists, dicts, strings, numbers."""


class JSONDataProvider(Protocol):
    """An object with a JSON form of its own. It is used with `compatible=True`."""

    def to_json(self) -> Any:
        """Basic types that JSON can write."""


class YAMLDataProvider(Protocol):
    """An object with a YAML form of its own. It is used with `compatible=True`."""

    def to_yaml(self) -> Any:
        """Basic types that YAML can write."""


class JSONFormatter(Protocol):
    """Writes JSON."""

    def format_json(self) -> str:
        """The JSON text."""


class YAMLFormatter(Protocol):
    """Writes YAML."""

    def format_yaml(self) -> str:
        """The YAML text."""


class CommonFormatter(Protocol):
    """What `Responder` needs from a formatter. A formatter can have more `format_…` methods."""

    def valid_formats(self) -> Iterable[str]:
        """The names of formats that this formatter knows, even if it cannot write all of them."""

    def format_json(self) -> str:
        """The JSON text."""

    def format_yaml(self) -> str:
        """The YAML text."""


class ReturnValueProvider(Protocol):
    """An object that decides the command's return value."""

    def mgr_return_value(self) -> int:
        """0, or a negative errno."""


# Errors


class ErrorResponseBase(Exception):
    """An exception that is also a manager response."""

    def format_response(self) -> Response:
        """The response to send."""
        raise NotImplementedError(f"{type(self).__name__} must implement format_response()")


class UnknownFormat(ErrorResponseBase):
    """The client named a format that does not exist."""

    def __init__(self, format_name: str) -> None:
        super().__init__(format_name)
        self.format_name = format_name

    def format_response(self) -> Response:
        return -errno.EINVAL, "", f"Unknown format name: {self.format_name}"


class UnsupportedFormat(ErrorResponseBase):
    """The client named a format that this command cannot write."""

    def __init__(self, format_name: str) -> None:
        super().__init__(format_name)
        self.format_name = format_name

    def format_response(self) -> Response:
        return -errno.EINVAL, "", f"Unsupported format: {self.format_name}"


class ErrorResponse(ErrorResponseBase):
    """An error with its message and its return value, which is -EINVAL by default."""

    def __init__(self, status: str, return_value: int | None = None) -> None:
        super().__init__(status)
        self.return_value = -errno.EINVAL if return_value is None else return_value
        self.status = status

    @property
    def errno(self) -> int:
        """The return value as a positive errno."""
        return abs(self.return_value)

    def format_response(self) -> Response:
        return self.return_value, "", self.status

    def mgr_return_value(self) -> int:
        """The return value."""
        return self.return_value

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.status!r}, {self.return_value!r})"

    @classmethod
    def wrap(cls, exc: Exception, return_value: int | None = None) -> ErrorResponseBase:
        """An exception as an error response, with its text and its `errno` if it has one. A response does not change."""
        if isinstance(exc, ErrorResponseBase):
            return exc
        if return_value is None:
            code = getattr(exc, "errno", None)
            return_value = -abs(code) if isinstance(code, int) and code else None
        response = cls(str(exc), return_value)
        response.__cause__ = exc
        return response


# Adapters


class ObjectFormatAdapter:
    """Formats any object that has data or consists of basic types."""

    def __init__(self, obj: Any, *, compatible: bool = False, json_indent: int | None = 2) -> None:
        """`compatible` prefers `to_json()` and `to_yaml()`. With `json_indent=None`, JSON is on one line."""
        self.obj = obj
        self._compatible = compatible
        self.json_indent = json_indent

    def _data(self, *compatible_sources: str) -> Any:
        sources = (*compatible_sources, "to_simplified") if self._compatible else ("to_simplified",)
        for source in sources:
            provide = getattr(self.obj, source, None)
            if callable(provide):
                return provide()
        return self.obj

    def format_json(self) -> str:
        """Sorted keys, so that equal objects give equal text."""
        return json.dumps(self._data("to_json"), indent=self.json_indent, sort_keys=True)

    def format_json_pretty(self) -> str:
        """As `format_json`, but always indented."""
        return json.dumps(self._data("to_json"), indent=self.json_indent or 2, sort_keys=True)

    def format_yaml(self) -> str:
        """Block style, sorted keys."""
        import yaml

        return str(yaml.safe_dump(self._data("to_yaml", "to_json"), default_flow_style=False))

    def valid_formats(self) -> Iterable[str]:
        """Every known name."""
        return {str(known) for known in Format}

    def __getattr__(self, name: str) -> Any:
        # Formats that only the object itself can write.
        if name in _OBJECT_METHODS:
            return getattr(self.obj, name)
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")


_OBJECT_METHODS = frozenset(known.method for known in (Format.plain, Format.xml, Format.xml_pretty))


class ReturnValueAdapter:
    """The return value of any object: its own, or 0."""

    default_return_value = 0

    def __init__(self, obj: Any) -> None:
        provide = getattr(obj, "mgr_return_value", None)
        self._provide: Callable[[], int] | None = provide if callable(provide) else None

    def mgr_return_value(self) -> int:
        """The object's return value, or 0."""
        return self.default_return_value if self._provide is None else int(self._provide())


# Decorators


class ErrorResponseHandler:
    """Returns the response of the command, and converts its errors."""

    def __call__(self, func: Callable[..., Any]) -> Handler:
        @functools.wraps(func)
        def respond(*args: Any, **kwargs: Any) -> Response:
            try:
                response: Response = func(*args, **kwargs)
            except ErrorResponseBase as error:
                return error.format_response()
            return response

        return respond


class EmptyResponder:
    """Returns an empty response, and converts errors. The command must return None."""

    def __call__(self, func: Callable[..., Any]) -> Handler:
        @functools.wraps(func)
        def run(*args: Any, **kwargs: Any) -> Response:
            result = func(*args, **kwargs)
            if result is not None:
                raise ValueError(
                    f"{func.__qualname__}() returned {type(result).__name__}: below EmptyResponder return None, "
                    "or use Responder"
                )
            return 0, "", ""

        return ErrorResponseHandler()(run)


class Responder:
    """Formats what a command returns in the format that the client wants, by default JSON, and converts errors.

    The command gets an argument `format`, which is not passed to the function.
    """

    def __init__(self, formatter: Callable[[Any], CommonFormatter] | None = None) -> None:
        """`formatter` makes a formatter from the returned object. The default is `ObjectFormatAdapter`."""
        self.formatter = formatter or ObjectFormatAdapter
        self.default_format = str(Format.json)

    def __call__(self, func: Callable[..., Any]) -> Handler:
        @functools.wraps(func)
        def run(*args: Any, **kwargs: Any) -> Response:
            wanted = kwargs.pop("format", None)
            name = self.default_format if wanted is None else str(wanted)
            self._check(name, func)
            result = func(*args, **kwargs)
            text = self._method(self.formatter(result), name)()
            return ReturnValueAdapter(result).mgr_return_value(), text, ""

        respond = ErrorResponseHandler()(run)
        # CLICommand collects these from all decorators of a function.
        vars(respond)["extra_args"] = {"format": str}
        return respond

    def _check(self, name: str, func: Callable[..., Any]) -> None:
        """Raises an error response if the result of `func` cannot be written in this format."""
        formatter = self.formatter({})
        try:
            self._method(formatter, name)
        except UnsupportedFormat:
            offered = getattr(_returned_class(func), _method_name(name), None)
            if not (isinstance(formatter, ObjectFormatAdapter) and callable(offered)):
                raise

    @staticmethod
    def _method(formatter: CommonFormatter, name: str) -> Callable[[], str]:
        if name not in {str(known) for known in formatter.valid_formats()}:
            raise UnknownFormat(name)
        method = getattr(formatter, _method_name(name), None)
        if method is None:
            raise UnsupportedFormat(name)
        return typing.cast(Callable[[], str], method)


def _method_name(name: str) -> str:
    return "format_" + name.replace("-", "_")


def _returned_class(func: Callable[..., Any]) -> type | None:
    """The class in the return annotation of a function, if there is one."""
    try:
        returned = typing.get_type_hints(func).get("return")
    except (NameError, TypeError):  # Annotations may use names that only type checkers know.
        returned = getattr(func, "__annotations__", {}).get("return")
    return returned if isinstance(returned, type) else None
