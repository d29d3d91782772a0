"""What a module process does from its start to its end."""

from __future__ import annotations

import sys
from faulthandler import register
from logging import getLogger
from os import environ
from pathlib import Path
from signal import SIGUSR2
from sys import stderr
from typing import NoReturn

from .._exceptions import HostError
from .._proto import module_host_pb2 as pb
from .._status import Status
from .._text import sendable
from .._transports._grpc import GrpcTransport
from ..session import Session
from ..session._payload import FEATURE
from ..session._session import SERVICE
from ._declare import declare, option_types
from ._load import Loaded, load
from ._process import PROTOCOL_MISMATCH, Life, leave
from ._tracebacks import shown

SDK = "mgrd-python 0.1.0"
PROTOCOL_VERSIONS = (1,)


def main() -> NoReturn:
    """Runs the module in the folder named on the command line."""
    if len(sys.argv) != 2 or "MGRD_SOCKET" not in environ:
        sys.exit(
            "usage: python -m mgrd.runner FOLDER\nmgrd starts this with MGRD_SOCKET, MGRD_SECRET_FILE and MGRD_MODULE set"
        )
    folder = Path(sys.argv[1]).resolve()
    name = environ.get("MGRD_MODULE", folder.name)
    secret_file = environ.get("MGRD_SECRET_FILE")
    secret = _read_secret(secret_file) if secret_file else None
    session = Session(GrpcTransport(environ["MGRD_SOCKET"], secret, SERVICE))
    register(SIGUSR2, all_threads=True)
    getLogger().addHandler(session.log_handler)

    loaded = load(folder)
    try:
        declaration = declare(name, loaded)
    except Exception as error:
        stderr.write(shown(error))
        loaded = Loaded(None, None, sendable(str(error)) or type(error).__name__)
        declaration = declare(name, loaded)
    session.declare_options(option_types(declaration))
    try:
        stream = session.attach(_hello(loaded, declaration))
    except HostError as error:
        print(f"mgrd refused the module '{name}': {error}", file=stderr)
        leave(PROTOCOL_MISMATCH if error.status is Status.FAILED_PRECONDITION else 1)
    session.rich_payloads = FEATURE in session.welcome.features
    try:
        Life(session, loaded).run(stream)
    except HostError:
        leave(0)


def _read_secret(path: str) -> str:
    """Reads the secret that `mgrd` wrote into a pipe for this process only; works once."""
    with open(path, encoding="ascii") as pipe:
        return pipe.read().strip()


def _hello(loaded: Loaded, declaration: pb.Declaration) -> pb.Hello:
    features = ["document-watch"]
    # Ceph's own MgrModule has no such attribute; its modules hand each other whatever Python knows.
    if loaded.active is not None and getattr(loaded.active, "REMOTE_PICKLE", True):
        features.append(FEATURE)
    return pb.Hello(protocol_versions=PROTOCOL_VERSIONS, features=features, sdk=SDK, declaration=declaration)
