"""A Python program in a process of its own, as fast as a fork.

`run(module, …)` does what `subprocess.run([sys.executable, "-P", "-m", module, …])` does, but the new process is forked from one that has
imported the program already: that takes a hundredth of a second instead of a whole one. What such a process is killed by, prints and
returns is real. What a test says about starting itself (signals, folders of another version) starts an interpreter.
"""

import gc
import importlib
import json
import os
import runpy
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).parents[1]
PROGRAMS = ("portal.cli", "tests.races.killed", "tests.actions.renewals.killed", "tests.races.stripe_portal")
IMPORTED_LATE = ("portal.runtime.commands", "portal.jobs.worker", "portal.jobs.run_due", "portal.app")
STREAMS = ("stdin", "stdout", "stderr")


def run(module: str, *arguments: object, env: Mapping[str, str], text: str = "", timeout: float = 60) -> subprocess.CompletedProcess:
    """Raises TimeoutError after `timeout` seconds."""
    with tempfile.TemporaryDirectory() as folder:
        files = {name: str(Path(folder, name)) for name in STREAMS}
        Path(files["stdin"]).write_text(text, encoding="utf-8")
        command = [module, *map(str, arguments)]
        code = _parent().ask({"command": command, "env": dict(env), "timeout": timeout} | files)
        stdout, stderr = (Path(files[name]).read_text(encoding="utf-8") for name in STREAMS[1:])
    if code is None:
        raise TimeoutError(f"{command} took longer than {timeout} s\n{stderr}")
    return subprocess.CompletedProcess(command, code, stdout, stderr)


class Parent:
    """The process that has imported everything, and of which each program is a child."""

    def __init__(self) -> None:
        environ = os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'site'}", "PYTHONUTF8": "1"}
        command = [sys.executable, "-P", "-m", "tests.forked"]
        self.process = subprocess.Popen(command, cwd=ROOT, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, question: dict) -> int | None:
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


@cache
def _parent() -> Parent:
    return Parent()


def main() -> None:
    for name in (*PROGRAMS, *IMPORTED_LATE):
        importlib.import_module(name)
    for name in PROGRAMS:
        del sys.modules[name]  # each child runs it as __main__
    gc.freeze()
    for line in sys.stdin:
        print(json.dumps(_ended(json.loads(line))), flush=True)


def _ended(question: dict) -> int | None:
    """How the child ended, in the way of subprocess: 0, its exit code, or minus the signal; None when it took too long."""
    child = os.fork()
    if child == 0:
        _become(question)
    give_up = time.monotonic() + question["timeout"]
    while not (ended := os.waitpid(child, os.WNOHANG))[0]:
        if time.monotonic() > give_up:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return None
        time.sleep(0.005)
    return os.waitstatus_to_exitcode(ended[1])


def _become(question: dict) -> NoReturn:
    """The program, with its environment, its streams and its way to end."""
    for number, name in enumerate(STREAMS):
        os.dup2(os.open(question[name], os.O_RDWR | os.O_CREAT, 0o600), number)
    sys.stdin, sys.stdout, sys.stderr = (os.fdopen(number, mode, encoding="utf-8") for number, mode in enumerate("rww"))
    os.environ.clear()
    os.environ.update(question["env"])
    module, *arguments = question["command"]
    sys.argv = [module, *arguments]
    code = _exit_code(module)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _exit_code(module: str) -> int:
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        if ended.code is None or isinstance(ended.code, int):
            return ended.code or 0
        print(ended.code, file=sys.stderr)
        return 1
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


if __name__ == "__main__":
    main()
