"""A text browser in a virtual terminal: keys are sent to it, and its screen is read. One subclass per browser."""

import os
import re
import secrets
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

from tests.real.by_text import ByText

HEIGHT = 300  # taller than any page
PATIENCE = 15.0
BUSY = re.compile(r"HTTP request|Using http|Sending|Getting|Looking up|Making HTTP|Request sent|Connecting|Waiting|Receiv|Opening")
MENU_ROW = re.compile(r"[|│]\s*([^|│]*?)\s*[|│]")


class Terminal(ByText):
    """`program`: what is to be installed. `settings`: files to write into the browser's home. `command`: how it is started there."""

    program: str
    settings: dict[str, str]
    command: str
    columns = 100

    def __init__(self, folder: Path, base_url: str, path: str = "/login") -> None:
        self.base_url = base_url
        self._socket = f"portal-{secrets.token_hex(4)}"
        self._environ = {"HOME": str(folder), "W3M_DIR": str(folder), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TERM": "xterm"}
        for name, text in self.settings.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
        size = ("-x", str(self.columns), "-y", str(HEIGHT))
        command = f"cd {folder}; exec {self.command} {base_url}{path}"
        self._tmux("-f", "/dev/null", "new-session", "-d", *size, "-s", "screen", command)
        if not self.says("かわせみサーバー"):
            raise AssertionError(f"{self.program} does not open the page\n{self.text}")

    @property
    def text(self) -> str:
        """The whole page, and the browser's own lines."""
        return re.sub(r"\n{3,}", "\n\n", self._tmux("capture-pane", "-p", "-t", "screen")).strip()

    def says(self, sentence: str) -> bool:
        """Whether it is on the screen, now or a little later."""
        return self._waits_for(lambda text: "".join(sentence.split()) in "".join(text.split()))

    def close(self) -> None:
        self._tmux("kill-server")

    def _open_page(self, *keys: str) -> Self:
        """Press these, and wait for what comes."""
        before = self.text
        self._keys(*keys)
        self._waits_for(lambda text: text != before and self._is_still(text))
        return self

    def _is_still(self, text: str) -> bool:
        """Whether a page has come, and stays."""
        time.sleep(0.2)
        return self.text == text and not BUSY.search("\n".join(text.splitlines()[-3:]))

    def _pick_in_menu(self, option: str) -> None:
        """In the menu that a select opens to."""
        rows = [row[1] for row in MENU_ROW.finditer(self.text)]
        wanted = next(index for index, row in enumerate(rows) if option in row)
        self._keys("Home", *("Down" for _ in range(wanted)), "Enter")

    def _type(self, text: str) -> None:
        self._tmux("send-keys", "-t", "screen", "-l", text)
        time.sleep(0.1)

    def _keys(self, *keys: str) -> None:
        for key in keys:
            self._tmux("send-keys", "-t", "screen", key)
            time.sleep(0.1)

    def _waits_for(self, is_there: Callable[[str], bool]) -> bool:
        give_up = time.monotonic() + PATIENCE
        while not is_there(self.text):
            if time.monotonic() > give_up:
                return False
            time.sleep(0.1)
        return True

    def _tmux(self, *arguments: str) -> str:
        command = ["tmux", "-u", "-L", self._socket, *arguments]
        return subprocess.run(command, env=self._environ, capture_output=True, text=True, check=True).stdout


class Numbered(Terminal):
    """Each link, field and button has a number on the screen, which leads to it."""

    go_to: str

    def follow(self, label: str) -> Self:
        return self.press(label)

    def press(self, label: str) -> Self:
        """The first link or button with these words; lynx shows a button's name before them."""
        self._at(rf"\[(\d+)\](?:\w*\))?\s*{_loosely(label)}", label)
        return self._open_page("Enter")

    def choose(self, label: str) -> Self:
        """The radio or box that stands just before the label."""
        self._at(rf"\[(\d+)\]\s*[\[(].[\])]\s*{_loosely(label)}", label)
        self._keys("Enter")
        return self

    def fill(self, label: str, typed: str) -> Self:
        """Type into the first field after the label."""
        self._at(rf"{_loosely(label)}.*?\[(\d+)\](?=\S*_)", label)
        self._enter(typed)
        return self

    def pick(self, label: str, option: str) -> Self:
        self._at(rf"{_loosely(label)}.*?\[(\d+)\]\[", label)
        self._keys("Enter")
        self._pick_in_menu(option)
        return self

    def _enter(self, typed: str) -> None:
        raise NotImplementedError

    def _at(self, pattern: str, label: str) -> None:
        """Put the cursor on the link or field whose number the pattern finds."""
        found: list[str] = []

        def finds(text: str) -> bool:
            found[:] = re.findall(pattern, text, re.DOTALL)[:1]
            return bool(found)

        if not self._waits_for(finds):
            raise AssertionError(f"{self.program} shows no 「{label}」\n{self.text}")
        self._type(self.go_to.format(found[0]))
        self._keys("Enter")


class Lynx(Numbered):
    """Counts a wide letter as one column, and cuts what does not fit: twice as wide as a page needs, all of it can be seen."""

    program = "lynx"
    settings = {"lynx.cfg": "CHARACTER_SET:utf-8\nASSUME_CHARSET:utf-8\nINFOSECS:0\nMESSAGESECS:0\nALERTSECS:0\nACCEPT_ALL_COOKIES:TRUE\n"
        "NUMBER_FIELDS_ON_LEFT:TRUE\nNUMBER_LINKS_ON_LEFT:TRUE\nDEFAULT_KEYPAD_MODE:LINKS_AND_FIELDS_ARE_NUMBERED\n"}  # fmt: skip
    command = "lynx -tna -cfg=lynx.cfg"
    columns = 200
    go_to = "{}g"

    def _enter(self, typed: str) -> None:
        self._keys("Enter", "C-u")
        self._type(typed)
        self._keys("Down")


class Elinks(Numbered):
    program = "elinks"
    columns = 160  # so that no cell of a table is broken, and a sentence in it stays one
    settings = {".elinks/elinks.conf": "\n".join(f"set {setting}" for setting in (
        "document.browse.links.numbering = 1", "document.browse.links.number_keys_select_link = 1",
        "document.browse.forms.confirm_submit = 0",
        "document.browse.forms.auto_submit = 0", "document.browse.forms.show_formhist = 0",
        'document.codepage.assume = "utf-8"', 'terminal.xterm.charset = "utf-8"', "terminal.xterm.utf_8_io = 1",
        'ui.language = "English"', "ui.sessions.save = 0", "config.saving_style_w = 0", "cookies.accept_policy = 2"))}  # fmt: skip
    command = "elinks -no-connect"
    go_to = "{}"

    def _enter(self, typed: str) -> None:
        self._keys("Enter", "C-u")
        self._type(typed)
        self._keys("Enter")


def _loosely(label: str) -> str:
    """However the screen breaks it."""
    return r"\s*".join(re.escape(letter) for letter in "".join(label.split()))
