"""A person at a terminal: types a line, answers what is asked, and reads until the next prompt."""

import os
import pty
import re
import select
import time
from collections.abc import Sequence

PROMPT = re.compile(r"<<(\d+)>>\s*$")
ASKED = re.compile(r"：\s*$")
OVERWRITTEN = re.compile(r"[^\n]*\r")
PATIENCE = 900.0


class Terminal:
    def __init__(self, command: Sequence[str], environ: dict[str, str]) -> None:
        pid, self._screen = pty.fork()
        if pid == 0:
            os.execvpe(command[0], list(command), environ | {"PS1": "<<$?>>", "TERM": "dumb", "PROMPT_COMMAND": ""})
        self._read_until_prompt(())
        self.type("stty -echo; bind 'set enable-bracketed-paste off' 2>/dev/null; PS2=")

    def type(self, line: str, answers: Sequence[str] = ()) -> tuple[int, str]:
        """The exit code, and what stood on the screen."""
        os.write(self._screen, f"{line}\n".encode())
        return self._read_until_prompt(answers)

    def _read_until_prompt(self, answers: Sequence[str]) -> tuple[int, str]:
        got, left, give_up = b"", list(answers), time.monotonic() + PATIENCE
        while True:
            assert time.monotonic() < give_up, got[-2000:].decode("utf-8", "replace")
            if select.select([self._screen], [], [], 0.3)[0]:
                got += os.read(self._screen, 65536)
                continue
            text = got.decode("utf-8", "replace").replace("\r\n", "\n")
            if found := PROMPT.search(text):
                return int(found[1]), OVERWRITTEN.sub("", text[: found.start()]).strip()
            if left and ASKED.search(text):
                os.write(self._screen, f"{left.pop(0)}\n".encode())
                got += b"\n"
