"""What a standby module can ask of its host."""

from __future__ import annotations

from typing import Any, Optional

from mgrd_session import HostError, Session
from mgrd_session.typed import OptionValue

from . import foreign_log
from .active import BaseMgrModule


class BaseMgrStandbyModule:
    """The primitives of a standby module: options and store to read, and where the active one serves."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def _ceph_get_mgr_id(self) -> str:
        return self._session.mgr_id

    def _ceph_get_module_option(self, key: str, localized_prefix: str = "") -> OptionValue:
        values = self._session.option_values
        local = values.get(f"{localized_prefix}/{key}") if localized_prefix else None
        return values.get(key) if local is None else local

    def _ceph_get_option(self, key: str) -> Optional[str]:
        try:
            value = BaseMgrModule._ceph_get_option(self, key)  # type: ignore[arg-type]
        except HostError:
            return None
        return str(value).lower() if isinstance(value, bool) else str(value)

    def _ceph_get_foreign_option(self, entity: str, key: str) -> OptionValue:
        return BaseMgrModule._ceph_get_foreign_option(self, entity, key)  # type: ignore[arg-type]

    def _ceph_get_store(self, key: str) -> Optional[str]:
        return self._session.store.values.get(key)

    def _ceph_get_active_uri(self) -> str:
        return self._session.constants.active_uri

    def _ceph_get(self, name: str) -> Any:
        return {"ips": list(self._session.constants.mgr_ips)} if name == "mgr_ips" else None

    def _ceph_log(self, record: str) -> None:
        foreign_log.send(self._session, record)
