"""Sends the log records of a module to the log of mgrd, to a file, or to the cluster log."""

from __future__ import annotations

import logging
import os
from typing import Any, Optional

_CLUSTER_PRIORITIES = {logging.DEBUG: 0, logging.INFO: 1, logging.WARNING: 3, logging.ERROR: 4, logging.CRITICAL: 4}

FILE_FORMAT = "%(asctime)s [%(threadName)s] [%(levelname)s] [%(name)s] %(message)s"


def level_of(module_level: str, daemon_level: str) -> str:
    """The Python level: the module's own option, or what mgrd's `debug_mgr`, such as "2/5", stands for."""
    if module_level:
        return module_level.upper()
    try:
        level = int(daemon_level.partition("/")[0])
    except ValueError:
        level = 0
    if level <= 0:
        return "CRITICAL"
    if level <= 1:
        return "WARNING"
    return "INFO" if level <= 4 else "DEBUG"


def file_of(daemon_file: str, module: str) -> str:
    """The module's log file next to that of mgrd: mgr.x.log -> mgr.x.hello.log."""
    stem = daemon_file[: -len(".log")] if daemon_file.endswith(".log") else daemon_file
    return f"{stem}.{module}.log"


class ClusterLogHandler(logging.Handler):
    """Sends records to the cluster log under the module's name."""

    def __init__(self, module: Any) -> None:
        super().__init__()
        self._module = module

    def emit(self, record: logging.LogRecord) -> None:
        """Sends one record."""
        if record.name == "mgrd":
            return  # a record about sending must not be sent
        try:
            priority = _CLUSTER_PRIORITIES.get(record.levelno, 1)
            self._module._ceph_cluster_log(self._module.module_name, priority, self.format(record))
        except Exception:
            self.handleError(record)


class ModuleLogging:
    """Applies the four options for logging."""

    def __init__(self, module: Any, session_handler: logging.Handler) -> None:
        self._module = module
        self._root = logging.getLogger()
        self._session_handler = session_handler
        self._cluster_handler = ClusterLogHandler(module)
        self._file_handler: Optional[logging.Handler] = None

    def apply(
        self,
        *,
        module_level: str,
        daemon_level: str,
        cluster_level: str,
        to_file: bool,
        to_cluster: bool,
        daemon_file: str,
    ) -> None:
        """Changes the handlers to the current values of the options."""
        level = level_of(module_level, daemon_level)
        self._switch_file(file_of(daemon_file, self._module.module_name) if to_file and daemon_file else None)
        if to_file and not daemon_file:
            logging.getLogger("mgrd").warning(
                "log_to_file has no effect: mgrd itself logs to no file (see its option --log-file)"
            )
        for handler in filter(None, (self._session_handler, self._file_handler)):
            handler.setLevel(level)
        self._use(self._session_handler, self._file_handler is None)
        self._cluster_handler.setLevel(cluster_level.upper() or "INFO")
        self._use(self._cluster_handler, to_cluster)
        self._root.setLevel(min(self._levels(), default=logging.WARNING))

    def close(self) -> None:
        """Removes the module's own handlers, but not the one that sends records to mgrd."""
        self._switch_file(None)
        self._use(self._cluster_handler, False)
        self._use(self._session_handler, True)

    def _levels(self) -> list[int]:
        ours = (self._session_handler, self._file_handler, self._cluster_handler)
        return [handler.level for handler in self._root.handlers if handler in ours]

    def _use(self, handler: logging.Handler, wanted: bool) -> None:
        if wanted and handler not in self._root.handlers:
            self._root.addHandler(handler)
        elif not wanted:
            self._root.removeHandler(handler)

    def _switch_file(self, path: Optional[str]) -> None:
        current = self._file_handler
        if current is not None and (path is None or getattr(current, "baseFilename", None) != os.path.abspath(path)):
            self._root.removeHandler(current)
            current.close()
            self._file_handler = current = None
        if path is not None and current is None:
            try:
                # WatchedFileHandler, so that the file may be rotated.
                from logging.handlers import WatchedFileHandler

                self._file_handler = WatchedFileHandler(path, encoding="utf-8", delay=False)
            except OSError as error:
                logging.getLogger("mgrd").error("cannot log to %s: %s; mgrd's log is used", path, error)
                return
            self._file_handler.setFormatter(logging.Formatter(FILE_FORMAT))
            self._root.addHandler(self._file_handler)
