"""w3m, a text browser, in a virtual terminal: sends keys and reads the screen."""

import os
import re
import secrets
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

SIZE = ("-x", "100", "-y", "300")
PATIENCE = 15.0


class W3m:
    def __init__(self, folder: Path, base_url: str, path: str = "/login") -> None:
        self._socket = f"portal-{secrets.token_hex(4)}"
        self._environ = {"HOME": str(folder), "W3M_DIR": str(folder), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TERM": "xterm"}
        (folder / "config").write_text("display_charset UTF-8\nconfirm_qq 0\n")
        command = f"exec w3m -no-mouse -o auto_image=FALSE {base_url}{path}"
        self._tmux("-f", "/dev/null", "new-session", "-d", *SIZE, "-s", "w3m", command)
        self._settle("Viewing")

    @property
    def text(self) -> str:
        """The whole page (the terminal is taller than any), and w3m's last line."""
        return re.sub(r"\n{3,}", "\n\n", self._tmux("capture-pane", "-p", "-t", "w3m")).strip()

    def says(self, sentence: str) -> bool:
        """Whether it is on the screen, now or a little later."""
        return self._waits_for(lambda text: "".join(sentence.split()) in "".join(text.split()))

    def sign_in(self, login: str, password: str = "demo-pass") -> Self:
        return self.fill("ログインID", login).fill("パスワード", password).press("ログイン", nth=self._nth("ログイン"))

    def fill(self, label: str, typed: str) -> Self:
        """Type into the first field after the label."""
        self._find(label)
        self._keys("Tab", "Enter", "C-u")
        self._type(typed)
        self._keys("Enter")
        return self

    def choose(self, label: str, nth: int = 1) -> Self:
        """The radio or box that stands just before the label."""
        self._find(label, nth)
        self._keys("Escape", "Tab", "Enter")
        return self

    def press(self, label: str, nth: int = 1) -> Self:
        """Press Enter on the n-th place where these words stand: a button or a link."""
        before = self.text
        self._find(label, nth)
        self._keys("Enter")
        self._waits_for(lambda text: text != before and "Viewing" in text)
        return self

    follow = press

    def close(self) -> None:
        self._tmux("kill-server")

    def _find(self, words: str, nth: int = 1) -> None:
        """Put the cursor on the words, by w3m's own search from the top."""
        self._keys("g", "/")
        self._type(re.sub(r"[.*+?()\[\]|^$\\{}]", ".", words))
        self._keys("Enter", *("n" for _ in range(nth - 1)))

    def _nth(self, words: str) -> int:
        """How many times the words stand on the page, up to the line that is nothing but them."""
        found = 0
        for line in self.text.splitlines():
            found += line.count(words)
            if line.strip() == words and found > 1:
                return found
        raise AssertionError(f"w3m shows no button 「{words}」\n{self.text}")

    def _type(self, text: str) -> None:
        self._tmux("send-keys", "-t", "w3m", "-l", text)
        time.sleep(0.1)

    def _keys(self, *keys: str) -> None:
        for key in keys:
            self._tmux("send-keys", "-t", "w3m", key)
            time.sleep(0.1)

    def _settle(self, words: str) -> None:
        if not self._waits_for(lambda text: words in text):
            raise AssertionError(f"w3m does not show 「{words}」\n{self.text}")

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
