"""w3m, a text browser, in a virtual terminal."""

import re
from typing import Self

from tests.real.terminal import Terminal


class W3m(Terminal):
    program = "w3m"
    settings = {"config": "display_charset UTF-8\nconfirm_qq 0\n"}
    command = "w3m -no-mouse -o auto_image=FALSE"
    card_fields = ("空白や", "例：12/28", "3桁または", "例：TARO")  # the hints, which stand between a label and its field

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

    def press(self, label: str) -> Self:
        """Enter on a button or link: where a line is nothing but these words, else where they stand first."""
        self._waits_for(lambda text: label in text)
        self._find(label, self._nth(label))
        return self._open_page("Enter")

    def follow(self, label: str) -> Self:
        return self.press(label)

    def pick(self, label: str, option: str) -> Self:
        self._find(label)
        self._keys("Tab", "Enter")
        self._pick_in_menu(option)
        return self

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
        return 1
