"""Tests of modules without a daemon.

>>> with Harness(Module, options={"interval": "5"}) as harness:
...     assert harness.command("hello greet", who="you").stdout == "Hello, you!"
"""

from .fakehost import FakeHost
from .harness import Harness

__all__ = ["FakeHost", "Harness"]
