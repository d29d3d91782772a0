"""Tests modules without `mgrd`.

>>> with Harness(Module, options={"interval": "5"}) as harness:
...     assert harness.command("hello greet", who="you").stdout == "Hello, you!"
"""

from .._transports._mock import MockTransport
from ._harness import Harness
from ._host import FakeHost

__all__ = ["FakeHost", "Harness", "MockTransport"]
