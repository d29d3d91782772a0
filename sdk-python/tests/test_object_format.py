from __future__ import annotations

import errno
import json
from typing import Any

import pytest

import object_format as of


class Simple:
    def to_simplified(self) -> Any:
        return {"source": "simplified"}


class Rich(Simple):
    def to_json(self) -> Any:
        return {"source": "json"}

    def to_yaml(self) -> Any:
        return {"source": "yaml"}


class Plain(Simple):
    calls = 0

    def format_plain(self) -> str:
        return "in plain words"


class Refused:
    def to_simplified(self) -> Any:
        return {}

    def mgr_return_value(self) -> int:
        return -errno.EBUSY


@of.Responder()
def basic() -> Any:
    return {"b": [1], "a": None}


@of.Responder()
def own_plain() -> Plain:
    return Plain()


PRETTY = '{\n  "a": null,\n  "b": [\n    1\n  ]\n}'


@pytest.mark.parametrize(
    ("name", "response"),
    [
        (None, (0, PRETTY, "")),
        ("json", (0, PRETTY, "")),
        ("json-pretty", (0, PRETTY, "")),
        ("yaml", (0, "a: null\nb:\n- 1\n", "")),
        ("xml", (-errno.EINVAL, "", "Unsupported format: xml")),
        ("xml-pretty", (-errno.EINVAL, "", "Unsupported format: xml-pretty")),
        ("plain", (-errno.EINVAL, "", "Unsupported format: plain")),
        ("json_pretty", (-errno.EINVAL, "", "Unknown format name: json_pretty")),
        ("toml", (-errno.EINVAL, "", "Unknown format name: toml")),
        ("", (-errno.EINVAL, "", "Unknown format name: ")),
    ],
)
def test_format_by_name(name: str | None, response: of.Response) -> None:
    assert basic(format=name) == response


def test_the_object_offers_further_formats() -> None:
    assert own_plain(format="plain") == (0, "in plain words", "")
    assert own_plain(format="xml") == (-errno.EINVAL, "", "Unsupported format: xml")


@pytest.mark.parametrize("name", ["xml", "nonsense"])
def test_a_format_that_cannot_be_written_does_not_run_the_command(name: str) -> None:
    @of.Responder()
    def fails() -> dict[str, int]:
        raise AssertionError("was run")

    assert fails(format=name)[0] == -errno.EINVAL


@pytest.mark.parametrize(
    ("obj", "compatible", "in_json", "in_yaml"),
    [
        (Simple(), False, "simplified", "simplified"),
        (Rich(), False, "simplified", "simplified"),
        (Rich(), True, "json", "yaml"),
        (Simple(), True, "simplified", "simplified"),
    ],
)
def test_precedence_of_data_sources(obj: Any, compatible: bool, in_json: str, in_yaml: str) -> None:
    adapter = of.ObjectFormatAdapter(obj, compatible=compatible)
    assert json.loads(adapter.format_json()) == {"source": in_json}
    assert adapter.format_yaml() == f"source: {in_yaml}\n"


def test_one_line_json() -> None:
    adapter = of.ObjectFormatAdapter({"b": 1, "a": 2}, json_indent=None)
    assert adapter.format_json() == '{"a": 2, "b": 1}'
    assert adapter.format_json_pretty() == '{\n  "a": 2,\n  "b": 1\n}'


def test_the_object_decides_the_return_value() -> None:
    assert of.Responder()(Refused)() == (-errno.EBUSY, "{}", "")


def test_what_cannot_be_formatted_is_a_programming_mistake() -> None:
    with pytest.raises(TypeError):
        of.Responder()(lambda: object())()


def test_custom_formatter() -> None:
    class Shout:
        def __init__(self, obj: Any) -> None:
            self.obj = obj

        def valid_formats(self) -> list[str]:
            return ["plain", "json"]

        def format_plain(self) -> str:
            return str(self.obj).upper()

        def format_json(self) -> str:
            return json.dumps(self.obj)

        def format_yaml(self) -> str:
            return ""

    say: Any = of.Responder(Shout)(lambda: "hey")
    assert say(format="plain") == (0, "HEY", "")
    assert say() == (0, '"hey"', "")
    assert say(format="yaml") == (-errno.EINVAL, "", "Unknown format name: yaml")


def test_the_signature_gains_format() -> None:
    assert vars(basic)["extra_args"] == {"format": str}
    assert basic.__name__ == "basic"
    assert not hasattr(of.EmptyResponder()(lambda: None), "extra_args")


@pytest.mark.parametrize("decorator", [of.Responder(), of.ErrorResponseHandler(), of.EmptyResponder()])
def test_error_responses_are_converted_and_mistakes_are_not(decorator: Any) -> None:
    def fail(exc: Exception) -> None:
        raise exc

    fails = decorator(fail)
    gone = of.ErrorResponse("no such oid", return_value=-errno.ENOENT)
    assert fails(gone) == (-errno.ENOENT, "", "no such oid")
    with pytest.raises(KeyError):
        fails(KeyError("x"))


def test_handler_passes_responses_on() -> None:
    assert of.ErrorResponseHandler()(lambda: (3, "raw\n\n", "note"))() == (3, "raw\n\n", "note")


def test_empty_responder() -> None:
    assert of.EmptyResponder()(lambda: None)() == (0, "", "")
    with pytest.raises(ValueError, match="return None"):
        of.EmptyResponder()(lambda: 0)()


@pytest.mark.parametrize(
    ("exc", "given", "expected"),
    [
        (ValueError("bad"), None, -errno.EINVAL),
        (OSError(errno.EPERM, "no"), None, -errno.EPERM),
        (OSError(-errno.EPERM, "no"), None, -errno.EPERM),
        (OSError(errno.EPERM, "no"), -errno.EIO, -errno.EIO),
    ],
)
def test_wrap(exc: Exception, given: int | None, expected: int) -> None:
    wrapped = of.ErrorResponse.wrap(exc, return_value=given)
    assert wrapped.format_response() == (expected, "", str(exc))
    assert wrapped.__cause__ is exc
    assert isinstance(wrapped, of.ErrorResponse)
    assert wrapped.errno == -expected
    assert of.ErrorResponse.wrap(wrapped) is wrapped
