"""All ways to answer a command, in one module. It sends objects into black holes and keeps wormholes in the store."""

import errno
import json
from typing import Any, Dict, List, Optional, Tuple

from mgr_module import CLICommand, HandleCommandResult, MgrModule, Option
from object_format import EmptyResponder, ErrorResponse, ErrorResponseHandler, Responder

WORMHOLES = "wormholes/"


class Wormhole:
    """A way from an object to somewhere else."""

    def __init__(self, name: str, destination: str, age: int = 0) -> None:
        if not name.isidentifier():
            raise ValueError(f"'{name}' is not a name for a wormhole: use letters, digits and _")
        self.name = name
        self.destination = destination
        self.age = age

    def to_simplified(self) -> Dict[str, Any]:
        # With this method, `Responder` can format the object as JSON or YAML.
        return {"name": self.name, "age": self.age, "destination": self.destination}


class Antigravity(MgrModule):
    # `mgrctl config set mgr mgr/antigravity/strength 5`. mgrd refuses a wrong value, so it never arrives here.
    MODULE_OPTIONS = [
        Option("strength", type="int", default=9, min=0, max=11, runtime=True, desc="how strongly to pull"),
        Option("destination", default="andromeda", runtime=True, desc="where new wormholes lead"),
    ]

    # The older way to declare a command. `handle_command` answers it.
    COMMANDS = [{"cmd": "foobar name=myarg,type=CephString", "desc": "Do something awesome", "perm": "rw"}]

    def handle_command(self, inbuf: str, cmd: Dict[str, Any]) -> Tuple[int, str, str]:
        return 0, f"{cmd['myarg']} is awesome", ""

    # The annotations are the arguments, and the docstring is the help. `inbuf` is the content of `-i FILE`.
    @CLICommand("antigravity send to blackhole", perm="rw")
    def send_to_blackhole(
        self, oid: str, blackhole: Optional[str] = None, inbuf: Optional[str] = None
    ) -> HandleCommandResult:
        """
        Send the specified object to black hole
        """
        if oid not in self.objects():
            return HandleCommandResult(-errno.ENOENT, stderr=f"object '{oid}' not found")
        where = blackhole or "the nearest one"
        if inbuf is not None:
            where = inbuf.strip()[::-1]  # unbreakable encryption
        self.log.info("sending %s to %s", oid, where)
        self.set_store(f"swallowed/{oid}", where)
        return HandleCommandResult(stdout=f"the black hole swallowed '{oid}'")

    # `Responder` turns what the method returns into JSON, or YAML with `--format yaml`.
    @CLICommand("antigravity list wormholes", perm="r")
    @Responder()
    def list_wormholes(self, oid: str, details: bool = False) -> List[Dict[str, Any]]:
        """List wormholes associated with the supplied oid"""
        wormholes = self.wormholes(oid)
        return [wh.to_simplified() if details else {"name": wh.name} for wh in wormholes]

    # `EmptyResponder` is for commands without output.
    @CLICommand("antigravity create wormhole", perm="rw")
    @EmptyResponder()
    def create_wormhole(self, oid: str, name: str) -> None:
        """Create a new wormhole"""
        try:
            wormhole = Wormhole(name, str(self.get_module_option("destination")))
        except ValueError as error:
            raise ErrorResponse.wrap(error) from error
        everything = [*self.wormholes(oid), wormhole]
        self.set_store(WORMHOLES + oid, json.dumps([wh.to_simplified() for wh in everything]))

    # `ErrorResponseHandler` is for commands that format their output themselves.
    @CLICommand("antigravity dump config", perm="r")
    @ErrorResponseHandler()
    def dump_config(self, oid: str) -> Tuple[int, str, str]:
        """Dump configuration"""
        if oid not in self.objects():
            raise ErrorResponse(f"Unknown oid: {oid}", return_value=-errno.ENOENT)
        options = {option["name"]: self.get_module_option(option["name"]) for option in self.MODULE_OPTIONS}
        return 0, json.dumps({"oid": oid, **options}), ""

    def wormholes(self, oid: str) -> List[Wormhole]:
        if oid not in self.objects():
            raise ErrorResponse(f"Unknown oid: {oid}", return_value=-errno.ENOENT)
        stored = json.loads(self.get_store(WORMHOLES + oid) or "[]")
        return [Wormhole(**fields) for fields in stored]

    def objects(self) -> List[str]:
        # The pools of the cluster stand for objects.
        osd_map = self.get("osd_map", mutable=False) or {"pools": []}
        return ["apple", *(pool["pool_name"] for pool in osd_map["pools"])]
