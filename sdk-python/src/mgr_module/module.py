"""The class that modules derive from."""

from __future__ import annotations

import logging
from typing import Any, Dict, List, Optional, Tuple, Union

from .cluster import Cluster
from .commands import CLICommand
from .db import Database
from .logs import ModuleLogging
from .perf import PerfCounters
from .queries import PerfQueries
from .reporting import Reporting
from .results import HandleCommandResult


class MgrModule(Cluster, Database, PerfCounters, PerfQueries, Reporting):
    """A module. Override what you need: `serve` for work of your own, `notify` to hear of changes, `config_notify` to hear
    of changed options, `shutdown` to end `serve`, `can_run` to say that something is missing."""

    COMMANDS: List[Dict[str, Any]] = []
    NOTIFY_TYPES: List[str]
    """The notifications that it wants; without this attribute, all."""
    REMOTE_PICKLE = False
    """Whether remote calls may carry any Python value, between modules that both say so."""
    COMMAND_THREADS = 1
    """How many commands may run at once; with more than one, handlers must be thread-safe."""

    def __init__(self, module_name: str, py_modules_ptr: object, this_ptr: Any) -> None:
        super().__init__(py_modules_ptr, this_ptr)
        self.module_name = module_name
        self._rados: Any = None
        self._prepare_options()
        self._prepare_database()
        self._logging = ModuleLogging(self, this_ptr.log_handler)
        self._apply_logging()

    @property
    def log(self) -> logging.Logger:
        """The module's logger."""
        return logging.getLogger(self.module_name)

    def getLogger(self, name: Optional[str] = None) -> logging.Logger:
        """A logger."""
        return logging.getLogger(name)

    def serve(self) -> None:
        """The module's own work, on a thread of its own. It may block for ever, or return."""

    def shutdown(self) -> None:
        """Asks `serve` to end; called from another thread."""
        self.close_db()
        if self._rados is not None:
            self._rados.shutdown()
            self._rados = None

    def notify(self, notify_type: str, notify_id: Any) -> None:
        """Something changed: read what interests you. Called in order, on a thread of its own."""

    def config_notify(self) -> None:
        """Options changed: of this module, or others of the manager."""

    @staticmethod
    def can_run() -> Tuple[bool, str]:
        """Whether the module can run here, and if not, why. Must not block."""
        return True, ""

    def handle_command(self, inbuf: str, cmd: Dict[str, Any]) -> Union[HandleCommandResult, Tuple[int, str, str]]:
        """Answers a command of COMMANDS: returns (retval, output, text for people)."""
        raise NotImplementedError(
            f"the module '{self.module_name}' declares '{cmd['prefix']}' but has no handle_command"
        )

    def self_test(self) -> None:
        """For a module to test itself in a running manager."""

    @property
    def rados(self) -> Any:
        """A connected `rados.Rados`. RuntimeError: something is missing for that."""
        if self._rados is None:
            from .librados import connect

            self._rados = connect(self.get_ceph_conf_path())
        return self._rados

    @classmethod
    def _register_commands(cls, module_name: str) -> None:
        decorated = CLICommand.dump_cmd_list()
        # The tests of one process may declare the same class many times.
        cls.COMMANDS = [*(entry for entry in cls.COMMANDS if entry not in decorated), *decorated]

    def _handle_command(self, inbuf: Optional[str], cmd: Dict[str, Any]) -> Any:
        command = CLICommand.COMMANDS.get(cmd["prefix"])
        if command is not None:
            return command.call(self, cmd, inbuf)
        return self.handle_command(inbuf or "", cmd)

    def _config_notify(self) -> None:
        self._apply_logging()
        self.config_notify()

    def _apply_logging(self) -> None:
        constants = self._session.constants
        self._logging.apply(
            module_level=str(self.get_module_option("log_level", "")),
            daemon_level=constants.debug_mgr,
            cluster_level=str(self.get_module_option("log_to_cluster_level", "info")),
            to_file=bool(self.get_module_option("log_to_file")),
            to_cluster=bool(self.get_module_option("log_to_cluster")),
            daemon_file=constants.log_file,
        )
