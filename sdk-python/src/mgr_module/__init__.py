"""Write a manager module: derive a class from `MgrModule` and decorate its methods with `CLICommand`."""

from typing import TYPE_CHECKING, Any

from mgrd._values import OptionValue

from .api import API
from .commands import CLICheckNonemptyFileInput, CLICommand, CLIReadCommand, CLIWriteCommand
from .constants import (
    MGR_POOL_NAME,
    NFS_GANESHA_SUPPORTED_FSALS,
    NFS_POOL_NAME,
    PG_STATES,
    HealthChecksT,
    NotifyType,
    PerfCounterT,
    ServerInfoT,
    ServiceInfoT,
)
from .db import CLIRequiresDB, MgrDBNotAllowed, MgrDBNotReady, MgrModuleRecoverDB
from .evaluate import MgrEvalMixin
from .module import MgrModule
from .options import Option, OptionLevel
from .reporting import ClusterLogPrio
from .results import (
    ERROR_MSG_EMPTY_INPUT_FILE,
    ERROR_MSG_NO_INPUT_FILE,
    CommandResult,
    HandleCommandResult,
    HandlerFuncType,
    MonCommandFailed,
)
from .standby import MgrStandbyModule

if TYPE_CHECKING:
    from .osdmap import CRUSHMap, OSDMap, OSDMapIncremental

__all__ = [
    "API",
    "ERROR_MSG_EMPTY_INPUT_FILE",
    "ERROR_MSG_NO_INPUT_FILE",
    "MGR_POOL_NAME",
    "NFS_GANESHA_SUPPORTED_FSALS",
    "NFS_POOL_NAME",
    "PG_STATES",
    "CLICheckNonemptyFileInput",
    "CLICommand",
    "CLIReadCommand",
    "CLIRequiresDB",
    "CLIWriteCommand",
    "CRUSHMap",
    "ClusterLogPrio",
    "CommandResult",
    "HandleCommandResult",
    "HandlerFuncType",
    "HealthChecksT",
    "MgrDBNotAllowed",
    "MgrDBNotReady",
    "MgrEvalMixin",
    "MgrModule",
    "MgrModuleRecoverDB",
    "MgrStandbyModule",
    "MonCommandFailed",
    "NotifyType",
    "OSDMap",
    "OSDMapIncremental",
    "Option",
    "OptionLevel",
    "OptionValue",
    "PerfCounterT",
    "ServerInfoT",
    "ServiceInfoT",
]

_COMPUTED = ("CRUSHMap", "OSDMap", "OSDMapIncremental")


def __getattr__(name: str) -> Any:
    if name not in _COMPUTED:
        raise AttributeError(f"module 'mgr_module' has no attribute {name!r}")
    # Imported at the first use, because most modules never compute placements.
    from . import osdmap

    globals().update((known, getattr(osdmap, known)) for known in _COMPUTED)
    return globals()[name]
