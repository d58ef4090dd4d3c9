"""Tests of the OpenRLHF engine, with a program that stands in for it."""

import sys
from pathlib import Path


def standin_program() -> tuple[str, str]:
    """What to run in OpenRLHF's place."""
    return sys.executable, str(Path(__file__).with_name("standin.py"))
