"""A page that each manager serves: the active one shows it, and the others redirect to it."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from mgr_module import CLIReadCommand, HandleCommandResult, MgrModule, MgrStandbyModule, Option
from mgrd import HostError
from mgrd._proto import module_host_pb2 as pb

OPTIONS = [Option(name="colour", default="red"), Option(name="level", type="int", default=3)]


class Pages:
    """Serves pages on a free port."""

    def __init__(self, pages):
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                status, headers, body = pages(self.path)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.uri = f"http://127.0.0.1:{self.server.server_port}/"


class Module(MgrModule):
    MODULE_OPTIONS = OPTIONS

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.pages = Pages(lambda path: (200, {}, f"active {self.get_mgr_id()}"))

    def serve(self):
        self.set_uri(self.pages.uri)
        self.pages.server.serve_forever()

    def shutdown(self):
        self.pages.server.shutdown()

    @CLIReadCommand("half seen")
    def seen(self) -> HandleCommandResult:
        """Who runs, and what it reads"""
        seen = [self.get_mgr_id(), self.get_module_option("colour"), self.get_store("key")]
        return HandleCommandResult(stdout=json.dumps(seen))


class StandbyModule(MgrStandbyModule):
    MODULE_OPTIONS = OPTIONS

    def serve(self):
        self.pages = Pages(self.page)
        self.log.warning("serves at %s", self.pages.uri)
        self.pages.server.serve_forever()

    def shutdown(self):
        self.log.warning("standby half ends")
        self.pages.server.shutdown()

    def page(self, path):
        if path == "/seen":
            return 200, {}, json.dumps(self.seen())
        if path == "/refused":
            return 200, {}, json.dumps(self.refused())
        return 303, {"Location": self.get_active_uri()}, ""

    def seen(self):
        return {
            "uri": self.get_active_uri(),
            "colour": self.get_module_option("colour"),
            "level": self.get_module_option("level"),
            "localized": self.get_localized_module_option("colour"),
            "undeclared": [self.get_module_option("nothing"), self.get_module_option("nothing", 5)],
            "ceph": [self.get_ceph_option("mgr_tick_period"), self.get_ceph_option("mon_allow_pool_delete")],
            "unknown": self.get_ceph_option("no_such_option"),
            "store": [self.get_store("key"), self.get_store("absent", "default")],
            "localized_store": self.get_localized_store("key"),
            "ips": self.get("mgr_ips"),
            "osd_map": self.get("osd_map"),
        }

    def refused(self):
        """How the host answers a standby half that makes calls which it may not, and with which errno."""
        calls = {
            "GetDocument": pb.GetDocumentRequest(name="osd_map"),
            "ListServers": pb.ListServersRequest(),
            "GetMetadata": pb.GetMetadataRequest(),
            "GetPerfCounters": pb.GetPerfCountersRequest(),
            "SetModuleOption": pb.SetModuleOptionRequest(key="colour", value="blue"),
            "SetStore": pb.SetStoreRequest(key="key", value="stolen"),
            "SetHealthChecks": pb.SetHealthChecksRequest(),
            "SetUri": pb.SetUriRequest(uri="http://here"),
            "ClusterLog": pb.ClusterLogRequest(),
            "UpdateProgress": pb.UpdateProgressRequest(id="a"),
            "CallModule": pb.CallModuleRequest(module="half", method="seen"),
            "SendCommand": pb.SendCommandRequest(command=b'{"prefix": "status"}'),
        }
        answers = {}
        for name, request in calls.items():
            try:
                self._session.call(name, request)
                answers[name] = "answered"
            except HostError as error:
                answers[name] = [error.errno, str(error)]
        return answers
