"""The reference lists what there is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_the_reference_is_current() -> None:
    script = Path(__file__).parents[1] / "reference.py"
    checked = subprocess.run([sys.executable, str(script), "--check"], check=False)
    assert checked.returncode == 0, "run sdk-python/reference.py"
