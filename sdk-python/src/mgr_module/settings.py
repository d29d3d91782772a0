"""A module's options and its store."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

import ceph_module
from mgrd._values import OptionValue, as_text

from .options import Option, defaults_of, with_logging_options


class Settings(ceph_module.BaseMgrModule):
    """Reads and writes options and the store. Reads come from memory. A write returns when it is durable, and raises an
    exception if it fails. After a write, all threads read the new value."""

    MODULE_OPTIONS: List[Option] = []
    MODULE_OPTION_DEFAULTS: Dict[str, OptionValue] = {}

    def _prepare_options(self) -> None:
        declared = with_logging_options(self.MODULE_OPTIONS)
        self._option_values = self._session.options.values
        self._declared = frozenset(option["name"] for option in declared)
        self.MODULE_OPTION_DEFAULTS = defaults_of(declared)

    def get_module_option(self, key: str, default: OptionValue = None) -> OptionValue:
        """The value of an option of this module, or its declared default, or `default`. Raises RuntimeError if it is not
        declared."""
        value = self._option_values.get(key)
        if value is not None and key in self._declared:
            return value
        self._validate_module_option(key)
        return self.MODULE_OPTION_DEFAULTS.get(key, default)

    def set_module_option(self, key: str, val: Any) -> None:
        """Sets an option of this module; None restores the default. Raises RuntimeError if it is not declared, and ValueError
        if the value is not allowed."""
        self._validate_module_option(key)
        self._ceph_set_module_option(self.module_name, key, None if val is None else as_text(val))

    def get_localized_module_option(self, key: str, default: OptionValue = None) -> OptionValue:
        """Like `get_module_option`, but prefers a value that is only for this manager."""
        self._validate_module_option(key)
        value = self._ceph_get_module_option(self.module_name, key, self.get_mgr_id())
        return self.MODULE_OPTION_DEFAULTS.get(key, default) if value is None else value

    def set_localized_module_option(self, key: str, val: Any) -> None:
        """Sets an option of this module for this manager only."""
        self._validate_module_option(key)
        self._ceph_set_module_option(
            self.module_name, f"{self.get_mgr_id()}/{key}", None if val is None else as_text(val)
        )

    def get_module_option_ex(self, module: str, key: str, default: OptionValue = None) -> OptionValue:
        """The value of another module's option, or `default` if it has none."""
        if module == self.module_name:
            return self.get_module_option(key, default)
        value = self._ceph_get_module_option(module, key)
        return default if value is None else value

    def set_module_option_ex(self, module: str, key: str, val: OptionValue) -> None:
        """Sets an option of another module, if that is allowed; None restores the default."""
        if module == self.module_name:
            self.set_module_option(key, val)
        else:
            self._ceph_set_module_option(module, key, None if val is None else as_text(val))

    def get_ceph_option(self, key: str) -> OptionValue:
        """The typed value of a cluster option for this manager. Raises KeyError if it is unknown."""
        return self._ceph_get_option(key)

    def get_foreign_ceph_option(self, entity: str, key: str) -> OptionValue:
        """The value of a cluster option for another daemon, such as "osd.3". Raises KeyError if either is unknown."""
        return self._ceph_get_foreign_option(entity, key)

    def get_store(self, key: str, default: Optional[str] = None) -> Optional[str]:
        """A value of the store, or `default`."""
        value = self._session.store.values.get(key)
        return default if value is None else value

    def set_store(self, key: str, val: Optional[str]) -> None:
        """Sets a key of the store; None removes it."""
        self._ceph_set_store(key, val)

    def get_localized_store(self, key: str, default: Optional[str] = None) -> Optional[str]:
        """Like `get_store`, but prefers a value that is only for this manager."""
        value = self.get_store(f"{self.get_mgr_id()}/{key}")
        return self.get_store(key, default) if value is None else value

    def set_localized_store(self, key: str, val: Optional[str]) -> None:
        """Sets a key of the store for this manager only."""
        self._ceph_set_store(f"{self.get_mgr_id()}/{key}", val)

    def get_store_prefix(self, key_prefix: str) -> Dict[str, str]:
        """All keys with this prefix and their values, sorted."""
        return self._ceph_get_store_prefix(key_prefix)

    def _validate_module_option(self, key: str) -> None:
        if key not in self._declared:
            raise RuntimeError(f"Config option '{key}' is not in {type(self).__name__}.MODULE_OPTIONS")

    def get_mgr_id(self) -> str:
        """The name of this manager, such as "x"."""
        return self._session.mgr_id

    module_name: str
