"""A newcomer who goes through the portal as a page of ご利用ガイド says, word by word, in its order."""

from typing import Self

from tests.browser import Browser
from tests.page import words


class Walk:
    """Each step takes the next word of the guide's page that stands in <b>; another word, or one that is left at the end, fails."""

    def __init__(self, browser: Browser, page: str) -> None:
        self.browser = browser
        browser.visit(f"/guide/{page}")
        self.left = [words(label, " ") for label in browser.page.soup.select("main b")]

    def press(self, label: str) -> Self:
        self.browser.press(self._next(label))
        return self

    def follow(self, label: str) -> Self:
        self.browser.follow(self._next(label))
        return self

    def choose(self, label: str, under: str | None = None) -> Self:
        self.browser.choose(self._next(label), under=under)
        return self

    def choose_from(self, label: str, choice: str) -> Self:
        self.browser.choose(choice, under=self._next(label))
        return self

    def fill(self, label: str, typed: str) -> Self:
        self.browser.fill(self._next(label), typed)
        return self

    def reads(self, label: str, selector: str | None = None) -> Self:
        assert self.browser.says(self._next(label), selector), f"{label} is not on {self.browser.url}"
        return self

    def offers(self, label: str) -> Self:
        assert self.browser.offers(self._next(label)), f"{label} is not on {self.browser.url}"
        return self

    def signs_in(self, login: str = "new") -> Self:
        self.browser.visit("/login").fill("ログインID", login).fill("パスワード", "demo-pass")
        return self.press("ログイン")

    def is_over(self) -> None:
        assert self.left == []

    def _next(self, label: str) -> str:
        said = self.left.pop(0) if self.left else "nothing more"
        assert said == label, f"the guide says {said}, the walk {label}"
        return label
