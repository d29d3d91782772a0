"""Every kind of argument, every way to answer."""
import enum
from typing import List, Literal, Optional, Sequence, Tuple

from ceph_argparse import CephInt, CephIPAddr, CephOsdName, CephPgid, CephPoolname, CephString
from mgr_module import CLICheckNonemptyFileInput, CLICommand, CLIReadCommand, CLIWriteCommand, MgrModule


class Colour(enum.Enum):
    red = "red"
    green = "green"


class Level(enum.IntEnum):
    one = 1
    two = 2


class Module(MgrModule):
    @CLICommand("kinds basic")
    def basic(self, s: str, i: int, f: float, b: bool = False, o: Optional[int] = None, d: str = "dflt"):
        "The basic ones"
        return 0, repr((s, i, f, b, o, d)), ""

    @CLIReadCommand("kinds lists")
    def lists(self, pair: Tuple[int, int], numbers: Sequence[int], words: Optional[List[str]] = None):
        "Lists"
        return 0, repr((pair, numbers, words)), ""

    @CLIWriteCommand("kinds choices")
    def choices(self, colour: Colour, level: Level, mode: 'Literal["p", "q"]'):
        "Choices"
        return 0, repr((colour.name, level.name, mode)), ""

    @CLICommand("kinds checked")
    def checked(self, pool: CephPoolname, pg: CephPgid, n: CephInt(range="1|10") = 3,  # noqa
                word: CephString(goodchars="[a-z]") = "w", osd: Optional[CephOsdName] = None,  # noqa
                addr: Optional[CephIPAddr] = None):
        "Types that carry their own checks"
        return 0, repr((pool, pg, n, word, osd, addr)), ""

    @CLICommand("kinds named")
    def named(self, a: str, *, b: Optional[int] = None):
        "Only by name"
        return 0, repr((a, b)), ""

    @CLIReadCommand("kinds poll", poll=True)
    def tick(self):
        "Again and again"
        return 0, "tick", ""

    @CLICommand("kinds rules")
    @CLICheckNonemptyFileInput(desc="the rules")
    def rules(self, name: str, inbuf: str):
        "Needs a file"
        return 0, f"{name}: {inbuf!r}", ""

    @CLICommand("kinds input")
    def input(self, inbuf: Optional[str] = None):
        "May have a file"
        return 0, repr(inbuf), ""

    @CLICommand("kinds return")
    def answer(self, how: str):
        "Answers of all kinds"
        return {
            "nothing": None, "a pair": (0, ""), "a list": [0, "", ""], "a number": 0, "a text": "x",
            "a number as stdout": (0, 5, ""), "nothing as stdout": (0, None, ""), "nothing as stderr": (0, "", None),
            "text as retval": ("0", "", ""), "positive": (5, "out", "err"), "lines": (0, "a\n\nb\n\n", "e"),
        }[how]
