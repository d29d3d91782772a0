"""What a standby module can do with its session."""

from __future__ import annotations

import json
from typing import Any, Optional

from mgrd import HostError
from mgrd._proto import module_host_pb2 as pb
from mgrd._values import OptionValue, as_text
from mgrd.session import Session

from . import foreign_log


class BaseMgrStandbyModule:
    """The primitives of a standby module. It can read options and store, and find out where the active module serves."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def _ceph_get_mgr_id(self) -> str:
        return self._session.mgr_id

    def _ceph_get_module_option(self, key: str, localized_prefix: str = "") -> OptionValue:
        values = self._session.options.values
        local = values.get(f"{localized_prefix}/{key}") if localized_prefix else None
        return values.get(key) if local is None else local

    def _ceph_get_option(self, key: str) -> Optional[str]:
        try:
            response = self._session.call("GetCephOption", pb.GetCephOptionRequest(key=key))
        except HostError:
            return None
        value = json.loads(response.value)
        # A whole number of seconds was written without a fraction.
        return as_text(int(value) if isinstance(value, float) and value.is_integer() else value)

    def _ceph_get_store(self, key: str) -> Optional[str]:
        return self._session.store.values.get(key)

    def _ceph_get_active_uri(self) -> str:
        return self._session.constants.active_uri

    def _ceph_get(self, name: str) -> Any:
        return {"ips": list(self._session.constants.mgr_ips)} if name == "mgr_ips" else None

    def _ceph_log(self, record: str) -> None:
        foreign_log.send(self._session, record)
