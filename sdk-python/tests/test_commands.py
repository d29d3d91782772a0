"""Decorated methods: what they declare, and what they get."""

from __future__ import annotations

import enum
from typing import Any, Callable, Dict, List, Literal, Optional, Sequence, Tuple

import pytest

from ceph_argparse import CephArgtype, CephChoices, CephInt, CephPgid
from mgr_module import CLICheckNonemptyFileInput, CLICommand, CLIReadCommand, CLIWriteCommand, HandleCommandResult


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


ARGUMENTS = [
    (str, "type=CephString", "x", "x"),
    (int, "type=CephInt", "0x10", 16),
    (float, "type=CephFloat", "1.5", 1.5),
    (bool, "type=CephBool", "false", False),
    (Optional[int], "type=CephInt,req=false", 3, 3),
    (List[str], "type=CephString,n=N", ["a", "b"], ["a", "b"]),
    (List[int], "type=CephInt,n=N", "7", [7]),
    (Sequence[float], "type=CephFloat,n=N", [1], [1.0]),
    (Optional[List[int]], "type=CephInt,req=false,n=N", ["1"], [1]),
    (Tuple[int, int], "type=CephInt,n=2", ["1", "2"], (1, 2)),
    (Colour, "type=CephChoices,strings=red|blue", "blue", Colour.BLUE),
    (Literal["a", "b"], "type=CephChoices,strings=a|b", "b", "b"),
    (CephInt(range="1|10"), "type=CephInt,range=1|10", "10", 10),
    (CephChoices("on|off"), "type=CephChoices,strings=on|off", "on", "on"),
    (CephPgid, "type=CephPgid", "2.1f", "2.1f"),
]


@pytest.mark.parametrize(("annotation", "descriptor", "given", "got"), ARGUMENTS)
def test_annotations_describe_and_convert(annotation: Any, descriptor: str, given: Any, got: Any) -> None:
    assert CephArgtype.to_argdesc(annotation, {"name": "v"}) == f"name=v,{descriptor}"
    value = CephArgtype.cast_to(annotation, given)
    assert (type(value), value) == (type(got), got)


REFUSED = [
    (int, "x", "whole number"),
    (bool, "maybe", "neither true nor false"),
    (Colour, "green", "not one of red, blue"),
    (CephInt(range="1|10"), "11", "range"),
    (CephPgid, "2", "placement group"),
    (Tuple[int, int], ["1"], "expected 2"),
]


@pytest.mark.parametrize(("annotation", "given", "why"), REFUSED)
def test_bad_values_are_einval_and_name_the_argument(annotation: Any, given: Any, why: str) -> None:
    command = declared(lambda: None)
    command._parameters = None
    command.func = annotated(annotation)
    retval, _, stderr = command.call(None, {"v": given})
    assert retval == -22
    assert "argument 'v' of 'probe do'" in stderr
    assert why in stderr


def annotated(annotation: Any) -> Callable[..., Any]:
    def do(self: Any, v: Any) -> HandleCommandResult:
        raise AssertionError("must not be called")

    do.__annotations__["v"] = annotation
    return do


def declared(func: Callable[..., Any]) -> CLICommand:
    command = CLICommand("probe do")
    command(func)
    return command


def test_the_guides_example_describes_itself() -> None:
    def send(self: Any, oid: str, blackhole: Optional[str] = None, inbuf: Optional[str] = None) -> HandleCommandResult:
        """
        Send the specified object to black hole
        """
        return HandleCommandResult(stdout=f"{oid} {blackhole} {inbuf}")

    CLICommand("antigravity send to blackhole", perm="rw")(send)
    assert CLICommand.dump_cmd_list() == [
        {
            "cmd": "antigravity send to blackhole name=oid,type=CephString name=blackhole,type=CephString,req=false",
            "desc": "Send the specified object to black hole",
            "perm": "rw",
            "poll": False,
        }
    ]
    command = CLICommand.COMMANDS["antigravity send to blackhole"]
    assert command.call(None, {"oid": "apple"}, "data").stdout == "apple None data"
    assert command.call(None, {}).stderr == "missing required argument 'oid' of 'antigravity send to blackhole'"


def test_what_follows_a_flag_is_given_by_name_only() -> None:
    def do(self: Any, a: str, loud: bool = False, b: str = "") -> HandleCommandResult:
        return HandleCommandResult()

    words = declared(do).describe().split()
    assert [word.partition(",")[0] for word in words if "positional=false" in word] == ["name=loud", "name=b"]


def test_keyword_only_parameters_are_given_by_name_only() -> None:
    def do(self: Any, a: str, *, b: Optional[int] = None) -> HandleCommandResult:
        return HandleCommandResult()

    assert declared(do).describe().endswith("name=b,type=CephInt,req=false,positional=false")


def test_input_that_is_missing_is_asked_for() -> None:
    def do(self: Any, inbuf: str) -> HandleCommandResult:
        raise AssertionError("must not be called")

    assert declared(do).call(None, {}).stderr == "Input file not specified: 'probe do' needs one, given with \"-i\""


def test_input_is_refused_if_the_method_has_no_parameter_for_it() -> None:
    def do(self: Any) -> HandleCommandResult:
        return HandleCommandResult()

    assert declared(do).call(None, {}, "data").stderr == "Invalid command: Input file data (-i) not supported"


def test_a_parameter_without_annotation_says_where() -> None:
    def do(self: Any, naked) -> Any:  # type: ignore[no-untyped-def]
        pass

    with pytest.raises(TypeError, match=r"test_commands\.py:\d+: .*do: parameter 'naked' has no type annotation"):
        CLICommand("probe do")(do)


def test_an_impossible_annotation_says_where() -> None:
    def do(self: Any, what: Any) -> HandleCommandResult:
        return HandleCommandResult()

    do.__annotations__ = {"what": Dict[str, str]}
    with pytest.raises(TypeError, match=r"test_commands\.py:\d+: .*do: parameter 'what'.*cannot be the type"):
        CLICommand("probe do")(do)


def test_a_command_declared_twice_says_where_both_are() -> None:
    def one(self: Any) -> HandleCommandResult:
        return HandleCommandResult()

    def two(self: Any) -> HandleCommandResult:
        return HandleCommandResult()

    CLICommand("probe do")(one)
    with pytest.raises(ValueError, match=r"two: the command 'probe do' is declared twice; first at .*one"):
        CLICommand("probe do")(two)


def test_permissions_of_the_short_forms() -> None:
    assert (CLIReadCommand("a").perm, CLIWriteCommand("a").perm, CLICommand("a").perm) == ("r", "w", "rw")


@pytest.mark.parametrize(
    ("inbuf", "answer"),
    [
        (None, (-22, "", 'Input file not specified: Please specify the file containing rules with "-i" option')),
        ("\n\n", (-22, "", "Empty input file: Please add rules to the file")),
        ("x\n\n", (0, "x", "")),
    ],
)
def test_nonempty_input(inbuf: Optional[str], answer: Tuple[int, str, str]) -> None:
    @CLICheckNonemptyFileInput("rules")
    def do(self: Any, inbuf: str) -> HandleCommandResult:
        return HandleCommandResult(stdout=inbuf)

    assert tuple(declared(do).call(None, {}, inbuf)) == answer
