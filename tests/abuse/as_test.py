"""Runs a script of this folder with the fixtures of the tests, in a process of its own."""

import subprocess
import sys


def run(file: str) -> int:
    """The exit code. What it prints is shown."""
    command = [sys.executable, "-m", "pytest", "-n", "0", "-s", "-q", "--show-capture=no", "-p", "no:cacheprovider", file]
    return subprocess.run(command).returncode
