"""What a module process does from its start to its end."""

from __future__ import annotations

import sys
from faulthandler import enable
from logging import getLogger
from os import environ
from pathlib import Path
from sys import stderr
from typing import NoReturn

from .._exceptions import HostError
from .._proto import module_host_pb2 as pb
from .._status import Status
from .._transports._grpc import GrpcTransport
from ..session import PICKLE_FEATURE, SERVICE, Session
from ._declare import declare, option_types
from ._exit import PROTOCOL_MISMATCH, exit_process
from ._load import Loaded, load, not_loaded
from ._process import ModuleProcess
from ._stacks import answer_for_stacks

SDK = "mgrd-python 0.1.0"
PROTOCOL_VERSIONS = (1,)


def main() -> NoReturn:
    """Runs the module in the folder that the command line names."""
    if len(sys.argv) != 2 or "MGRD_SOCKET" not in environ:
        sys.exit(
            "usage: python -m mgrd.runner FOLDER\nmgrd starts this with MGRD_SOCKET, MGRD_SECRET_FILE and MGRD_MODULE set"
        )
    folder = Path(sys.argv[1]).resolve()
    name = environ.get("MGRD_MODULE", folder.name)
    session = _session()
    enable()  # a fault in native code leaves the stacks of Python in the report of the crash
    answer_for_stacks()
    getLogger().addHandler(session.log_handler)
    loaded, declaration = _declared(name, folder)
    session.options.declare(option_types(declaration))
    try:
        responses = session.attach(_hello(loaded, declaration))
    except HostError as error:
        stderr.write(f"mgrd refused the module '{name}': {error}\n")
        exit_process(PROTOCOL_MISMATCH if error.status is Status.FAILED_PRECONDITION else 1)
    session.rich_payloads = PICKLE_FEATURE in session.welcome.features
    try:
        ModuleProcess(session, loaded).run(responses)
    except HostError:  # the connection broke
        exit_process(0)


def _session() -> Session:
    secret_file = environ.get("MGRD_SECRET_FILE")
    secret = None
    if secret_file:
        # A pipe, which can be read once.
        with open(secret_file, encoding="ascii") as pipe:
            secret = pipe.read().strip()
    return Session(GrpcTransport(environ["MGRD_SOCKET"], secret, SERVICE))


def _declared(name: str, folder: Path) -> tuple[Loaded, pb.Declaration]:
    loaded = load(folder)
    try:
        return loaded, declare(name, loaded)
    except Exception as error:
        loaded = not_loaded(error, folder)
        return loaded, declare(name, loaded)


def _hello(loaded: Loaded, declaration: pb.Declaration) -> pb.Hello:
    features = ["document-watch"]
    # Ceph's own MgrModule has no such attribute, and its modules pass any Python value to each other.
    if loaded.active is not None and getattr(loaded.active, "REMOTE_PICKLE", True):
        features.append(PICKLE_FEATURE)
    return pb.Hello(protocol_versions=PROTOCOL_VERSIONS, features=features, sdk=SDK, declaration=declaration)
