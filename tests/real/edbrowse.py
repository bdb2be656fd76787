"""edbrowse, a line editor that browses, as blind customers use it: a page is lines, `<…>` is a field or button, `{…}` a link."""

import os
import re
import subprocess
from pathlib import Path
from typing import Self

from tests.real.by_text import ByText

END = "@@ it is your turn @@"
FIELD = r"<[^<>]*>"
LINK = r"\{[^{}]*\}"


class Edbrowse(ByText):
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
    def text(self) -> str:
        """The page as edbrowse shows it, long lines broken."""
        return self.type(",p")

    def says(self, sentence: str) -> bool:
        return "".join(sentence.split()) in "".join(self.text.split())

    def open(self, path: str) -> Self:
        self.type(f"b {self.base_url}{path}")
        return self

    def sign_in(self, login: str, password: str = "demo-pass") -> Self:
        return super(Edbrowse, self.open("/login")).sign_in(login, password)

    def fill(self, label: str, typed: str) -> Self:
        """Type into the first field after the label; in a select, the words of the option."""
        return self._at(f"{re.escape(label)}.*?(?P<here>{FIELD})", FIELD, f"i{{}}={typed}", label)

    def pick(self, label: str, option: str) -> Self:
        return self.fill(label, option)

    def choose(self, label: str) -> Self:
        """The radio or box that stands just before the label."""
        return self._at(rf"(?P<here><[-+]>)\s*{re.escape(label)}", FIELD, "i{}=+", label)

    def press(self, label: str) -> Self:
        return self._at(rf"(?P<here><{re.escape(label)}[^<>]*>)", FIELD, "i{}*", label)

    def follow(self, label: str) -> Self:
        return self._at(rf"(?P<here>\{{{re.escape(label)}[^{{}}]*\}})", LINK, "g{}", label)

    def back(self) -> Self:
        self.type("^")
        return self

    def close(self) -> None:
        self._process.communicate("qt\n", timeout=10)

    def _at(self, pattern: str, kind: str, command: str, label: str) -> Self:
        """Go to the line of `here` and give the command, with the number of the field or link on its line."""
        text = self.text
        found = re.search(pattern, text, re.DOTALL)
        if not found:
            raise AssertionError(f"edbrowse shows no 「{label}」\n{text}")
        before = text[: found.start("here")].split("\n")
        self.type(str(len(before)))
        self.type(command.format(len(re.findall(kind, before[-1])) + 1))
        return self
