"""Runs one module inside a test."""

from __future__ import annotations

import json
import threading
from typing import Any, Optional

from .._proto import module_host_pb2 as pb
from .._transports._mock import MockTransport
from ..runner import Loaded, declare, option_types, run_command
from ..session import Session
from ._host import FakeHost

from mgr_module import HandleCommandResult  # isort: skip


class Harness:
    """Runs a module of class `cls` in this process, with a fake host. Use it as a context manager.

    `instance` is the module. `host` is what the module sees: set documents and options there, and read which health checks
    the module raised. Commands and notifications run on the thread of the test."""

    def __init__(
        self,
        cls: type[Any],
        *,
        name: str = "",
        options: Optional[dict[str, str]] = None,
        store: Optional[dict[str, str]] = None,
        documents: Optional[dict[str, Any]] = None,
    ) -> None:
        self._cls = cls
        self.host = FakeHost(name or cls.__name__.lower())
        for key, value in (options or {}).items():
            self.host.put_option(key, value)
        for key, value in (store or {}).items():
            self.host.put_store(key, value)
        for key, document in (documents or {}).items():
            self.host.put_document(key, document)
        self.instance: Any = None

    def __enter__(self) -> Harness:
        self.session = Session(MockTransport(self.host.answer, self.host.serve))
        loaded = Loaded(self._cls, None, "")
        declaration = declare(self.host.module, loaded)
        self.session.options.declare(option_types(declaration))
        stream = self.session.attach(pb.Hello(features=["document-watch"], declaration=declaration))
        self._reader = threading.Thread(target=self._read, args=(stream,))
        self._reader.start()
        self.instance = self._cls(self.host.module, None, self.session)
        return self

    def __exit__(self, *_: object) -> None:
        self.instance.shutdown()
        self.instance._logging.close()
        self.session.finish()
        self._reader.join()
        self.session.close()

    def command(self, prefix: str, inbuf: Optional[str] = None, **args: Any) -> HandleCommandResult:
        """Runs a command."""
        body = json.dumps({"prefix": prefix, **args}).encode()
        data = (inbuf or "").encode()
        outcome = run_command(
            self.instance, pb.Command(prefix=prefix, args=body, input=data, has_input=inbuf is not None)
        )
        return HandleCommandResult(outcome.retval, outcome.stdout.decode(), outcome.stderr)

    def set_document(self, name: str, value: Any, notify: bool = True) -> None:
        """Changes a document. Also notifies the module, unless `notify` is False."""
        self.host.settle()
        self.host.set_document(name, value)
        self.host.settle()
        if notify:
            self.instance.notify(name, "")

    def set_option(self, key: str, value: Optional[str]) -> None:
        """Changes an option from outside, as `config set` does."""
        self.host.set_option(key, value)
        self.host.settle()
        self.instance._config_notify()

    def _read(self, stream: Any) -> None:
        for response in stream:
            if response.HasField("ping"):
                self.session.outbox.put(pb.AttachRequest(pong=pb.Pong(seq=response.ping.seq)))
            else:
                self.session.apply(response)
