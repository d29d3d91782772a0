"""The examples of the module guide as they are there, with what they need around them."""
import errno
from contextlib import contextmanager
from typing import Any, Dict, Iterator, List, Optional, Tuple

from mgr_module import CLICommand, HandleCommandResult, MgrModule, Option
from object_format import EmptyResponder, ErrorResponse, ErrorResponseHandler, Responder


class UnknownOIDError(Exception):
    pass


class WormholeDBError(Exception):
    pass


class InvalidWormholeError(Exception):
    errno = errno.EEXIST


class Wormhole:
    dest = "andromeda"

    def __init__(self, name: str) -> None:
        self.name = name

    def get_age(self) -> int:
        return 7


class WormholeDB:
    def __init__(self) -> None:
        self.wormholes = {"apple": [Wormhole("w1")]}

    def query(self, oid: str) -> List[Wormhole]:
        if oid == "torn":
            raise WormholeDBError("the database is torn")
        if oid not in self.wormholes:
            raise UnknownOIDError(oid)
        return self.wormholes[oid]

    def insert(self, oid: str, wormhole: Wormhole) -> None:
        known = self.query(oid)
        if wormhole.name in [other.name for other in known]:
            raise InvalidWormholeError(f"there is a wormhole '{wormhole.name}' already")
        known.append(wormhole)


class MyCleverObject:
    def to_simplified(self) -> Dict[str, int]:
        # returns a python object(s) made up from basic types
        return {"gravitons": 999, "tachyons": 404}


class Module(MgrModule):
    COMMANDS = [
        {
            "cmd": "foobar name=myarg,type=CephString",
            "desc": "Do something awesome",
            "perm": "rw",
            # optional:
            "poll": "true"
        }
    ]

    MODULE_OPTIONS = [
        Option(name="my_option")
    ]

    def handle_command(self, inbuf: str, cmd: Dict[str, Any]) -> Tuple[int, str, str]:
        return 0, repr(sorted(cmd.items())), ""

    db = WormholeDB()

    @contextmanager
    def open_wormhole_db(self) -> Iterator[WormholeDB]:
        yield self.db

    def find_object(self, oid: str) -> Optional[str]:
        return oid if oid in self.db.wormholes else None

    def decrypt(self, blackhole: str, passphrase: str) -> str:
        if passphrase.strip() != "sesame":
            raise ValueError("wrong")
        return blackhole[::-1]

    def send_object_to(self, obj: str, location: Optional[str]) -> None:
        self.log.info("%s goes to %s", obj, location)

    def fetch_raw_config_blob(self, oid: str) -> str:
        return {"apple": "raw\n\nblob"}[oid]

    @CLICommand('antigravity send to blackhole',
                perm='rw')
    def send_to_blackhole(self, oid: str, blackhole: Optional[str] = None, inbuf: Optional[str] = None):
        '''
        Send the specified object to black hole
        '''
        obj = self.find_object(oid)
        if obj is None:
            return HandleCommandResult(-errno.ENOENT, stderr=f"object '{oid}' not found")
        if blackhole is not None and inbuf is not None:
            try:
                location = self.decrypt(blackhole, passphrase=inbuf)
            except ValueError:
                return HandleCommandResult(-errno.EINVAL, stderr='unable to decrypt location')
        else:
            location = blackhole
        self.send_object_to(obj, location)
        return HandleCommandResult(stdout=f"the black hole swallowed '{oid}'")

    @CLICommand('antigravity list wormholes', perm='r')
    @Responder()
    def list_wormholes(self, oid: str, details: bool = False) -> List[Dict[str, Any]]:
        '''List wormholes associated with the supplied oid.
        '''
        try:
            with self.open_wormhole_db() as db:
                wormholes = db.query(oid=oid)
        except UnknownOIDError:
             raise ErrorResponse(f"Unknown oid: {oid}", return_value=-errno.ENOENT)
        except WormholeDBError as err:
            raise ErrorResponse.wrap(err)
        if not details:
            return [{'name': wh.name} for wh in wormholes]
        return [{'name': wh.name, 'age': wh.get_age(), 'destination': wh.dest}
                for wh in wormholes]

    @CLICommand('antigravity clever', perm='r')
    @Responder()
    def clever(self) -> MyCleverObject:
        '''Something clever.
        '''
        return MyCleverObject()

    @CLICommand('antigravity dump config', perm='r')
    @ErrorResponseHandler()
    def dump_config(self, oid: str) -> Tuple[int, str, str]:
        '''Dump configuration
        '''
        # we have no control over what data is inside the blob!
        try:
             blob = self.fetch_raw_config_blob(oid)
             return 0, blob, ''
        except KeyError:
             raise ErrorResponse("Blob does not exist", return_value=-errno.ENOENT)

    @CLICommand('antigravity create wormhole', perm='rw')
    @EmptyResponder()
    def create_wormhole(self, oid: str, name: str) -> None:
        '''Create a new wormhole.
        '''
        try:
            with self.open_wormhole_db() as db:
                wh = Wormhole(name)
                db.insert(oid=oid, wormhole=wh)
        except UnknownOIDError:
            raise ErrorResponse(f"Unknown oid: {oid}", return_value=-errno.ENOENT)
        except InvalidWormholeError as err:
            raise ErrorResponse.wrap(err)
        except WormholeDBError as err:
            raise ErrorResponse.wrap(err)
