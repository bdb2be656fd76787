"""edbrowse, a line editor that browses, as blind customers use it: every page is numbered lines, `<…>` is a field or button, `{…}` a link."""

import os
import re
import subprocess
from pathlib import Path
from typing import Self

END = "@@ it is your turn @@"
FIELD = re.compile(r"<[^<>]*>")
LINK = re.compile(r"\{[^{}]*\}")


class Edbrowse:
    """One running edbrowse with cookies of its own; `transcript` is all it said."""

    def __init__(self, folder: Path, base_url: str) -> None:
        self.base_url = base_url
        self.transcript = ""
        (folder / ".ebrc").write_text(f"jar = {folder / 'cookies'}\ncachesize = 0\n")
        environment = {"HOME": str(folder), "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TERM": "dumb"}
        self._process = subprocess.Popen(
            ["edbrowse"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment, cwd=folder, text=True
        )
        self.type("H")  # say what went wrong, not only "?"

    def type(self, command: str) -> str:
        """Type one line and hand back what edbrowse says to it."""
        self._process.stdin.write(f"{command}\n!echo '{END}'\n")
        self._process.stdin.flush()
        said = []
        for line in self._process.stdout:
            if END in line:
                break
            said.append(line)
        else:
            raise AssertionError(f"edbrowse ended at 「{command}」\n{self.transcript}{''.join(said)}")
        answer = "".join(said).removeprefix("ok\n")  # what it says to the echo before
        self.transcript += f"> {command}\n{answer}"
        return answer

    @property
    def lines(self) -> list[str]:
        return [line.rstrip("\n") for line in self.type(",p").splitlines()]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def says(self, sentence: str) -> bool:
        return "".join(sentence.split()) in "".join(self.text.split())

    def open(self, path: str) -> Self:
        self.type(f"b {self.base_url}{path}")
        return self

    def sign_in(self, login: str, password: str = "demo-pass") -> Self:
        return self.open("/login").fill("ログインID", login).fill("パスワード", password).press("ログイン")

    def fill(self, label: str, typed: str) -> Self:
        """Type into the first field after the label; in a select, the words of the option."""
        line, number = self._field_after(label)
        return self._at(line, f"i{number}={typed}")

    def choose(self, label: str) -> Self:
        """The radio or box that stands just before the label."""
        for number, line in enumerate(self.lines, 1):
            if found := re.search(rf"<[-+]>\s*{re.escape(label)}", line):
                return self._at(number, f"i{_count(FIELD, line, found.start()) + 1}=+")
        raise AssertionError(f"edbrowse shows no box 「{label}」\n{self.text}")

    def press(self, label: str) -> Self:
        line, number = self._token(FIELD, rf"<{re.escape(label)}[^<>]*>", label)
        return self._at(line, f"i{number}*")

    def follow(self, label: str) -> Self:
        line, number = self._token(LINK, rf"\{{{re.escape(label)}[^{{}}]*\}}", label)
        return self._at(line, f"g{number}")

    def back(self) -> Self:
        self.type("^")
        return self

    def close(self) -> None:
        self._process.communicate("qt\n", timeout=10)

    def _at(self, line: int, command: str) -> Self:
        self.type(str(line))
        self.type(command)
        return self

    def _field_after(self, label: str) -> tuple[int, int]:
        lines = self.lines
        start = next((number for number, line in enumerate(lines) if label in line), None)
        if start is None:
            raise AssertionError(f"edbrowse shows no 「{label}」\n{self.text}")
        for number in range(start, len(lines)):
            begin = lines[number].index(label) if number == start else 0
            if FIELD.search(lines[number], begin):
                return number + 1, _count(FIELD, lines[number], begin) + 1
        raise AssertionError(f"edbrowse shows no field after 「{label}」\n{self.text}")

    def _token(self, kind: re.Pattern[str], pattern: str, label: str) -> tuple[int, int]:
        for number, line in enumerate(self.lines, 1):
            if found := re.search(pattern, line):
                return number, _count(kind, line, found.start()) + 1
        raise AssertionError(f"edbrowse shows no 「{label}」\n{self.text}")


def _count(kind: re.Pattern[str], line: str, end: int) -> int:
    return sum(found.start() < end for found in kind.finditer(line))
