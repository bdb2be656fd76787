"""Real Chromium: keyboard alone, small screens, large letters and no JavaScript."""

import re
from typing import Any, Self
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.real.focus import focused

PHONE = {"width": 320, "height": 640}
DESK = {"width": 1280, "height": 800}
PATIENCE = 60_000  # milliseconds: a busy machine makes a page late, which says nothing about the page
EXPECTED = re.compile(
    r"Failed to load resource: the server responded with a status of 4\d\d"
    r"|htmx:error: NetworkError when attempting to fetch"  # Firefox, of a request that it breaks off when the page is left
)

OVERFLOW = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.body.querySelectorAll('*')].filter(it => it.getBoundingClientRect().right > width + 1)
    .map(it => `<${it.tagName.toLowerCase()} id='${it.id}' class='${it.className}'> ${(it.innerText || '').trim().slice(0, 40)}`);
}"""
LARGE_TEXT = """() => {
  const all = [...document.querySelectorAll('p, label, button, td, th, dd, a, input:not([type=hidden]), select')];
  const sizes = () => all.map(it => parseFloat(getComputedStyle(it).fontSize));
  const before = sizes();
  document.documentElement.style.fontSize = '200%';
  const after = sizes();
  return all.filter((it, index) => after[index] < before[index] * 1.95 && it.type !== 'radio' && it.type !== 'checkbox')
    .map(it => `<${it.tagName.toLowerCase()} class='${it.className}'> ${(it.innerText || '').trim().slice(0, 40)}`);
}"""
AXE = Axe().axe_script
RUN_AXE = "async options => (await axe.run(options)).violations"
NO_STYLE = """() => {
  document.querySelectorAll('style, link[rel~=stylesheet]').forEach(it => it.remove());
  document.adoptedStyleSheets = [];
}"""

expect.set_options(timeout=PATIENCE)


class Window:
    """A customer's window with cookies of its own. What goes wrong inside it fails the test when it is closed.

    The options are Playwright's: `viewport=PHONE`, `java_script_enabled=False`, `forced_colors="active"`, `color_scheme="dark"` …
    """

    def __init__(self, browser: Browser, base_url: str, **options: Any) -> None:
        options = {"viewport": DESK, "locale": "ja-JP", "timezone_id": "Asia/Tokyo", "reduced_motion": "reduce"} | options
        self.context: BrowserContext = browser.new_context(base_url=base_url, **options)
        self.context.set_default_timeout(PATIENCE)
        self.has_script = options.get("java_script_enabled", True)
        self.faults: list[str] = []
        self.requests: list[tuple[str, str, int]] = []
        self._host = urlsplit(base_url).netloc
        self.context.on("console", lambda message: self._note_console(message))
        self.context.on("weberror", lambda error: self.faults.append(f"script: {error.error}"))
        self.context.on("request", lambda request: self._note_request(request.method, request.url))
        self.context.on("response", lambda answer: self._note_answer(answer))
        self.page: Page = self.context.new_page()

    def sign_in(self, login: str, password: str = "demo-pass") -> Self:
        self.page.goto("/login")
        self.page.get_by_label("ログインID").fill(login)
        self.page.get_by_label("パスワード").fill(password)
        self.page.get_by_role("button", name="ログイン", exact=True).click()
        return self

    def says(self, sentence: str) -> bool:
        return "".join(sentence.split()) in "".join(self.page.locator("body").inner_text().split())

    def axe(self, *, off: tuple[str, ...] = ()) -> list[str]:
        """What axe-core finds; `off`: rules to leave out (color-contrast is wrong in forced dark colours)."""
        assert self.has_script, "axe needs a window with JavaScript; the pages are the same"
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(AXE)
        found = self.page.evaluate(RUN_AXE, {"resultTypes": ["violations"], "rules": {rule: {"enabled": False} for rule in off}})
        return [f"{rule['id']} ({rule['impact']}): {rule['help']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]]

    def overflowing(self) -> list[str]:
        """What sticks out to the right, so that one must scroll sideways."""
        return self.page.evaluate(OVERFLOW)

    def enlarge_text(self) -> list[str]:
        """Letters at 200 %; which elements did not grow."""
        return self.page.evaluate(LARGE_TEXT)

    def remove_style(self) -> None:
        """The page as it is without its stylesheet."""
        self.page.evaluate(NO_STYLE)

    def forgive(self, *words: str) -> None:
        """Leave out what the browser itself says about a line that broke."""
        self.faults[:] = [fault for fault in self.faults if not any(word in fault for word in words)]

    def close(self) -> None:
        self.context.close()

    def prove(self) -> None:
        """Nothing broke: no script error, no refused resource, no page of status 5xx, nobody else was asked."""
        assert not self.faults, "\n".join(self.faults)

    def _note_console(self, message: Any) -> None:
        if message.type == "error" and not EXPECTED.search(message.text):
            self.faults.append(f"console: {message.text}")

    def _note_request(self, method: str, url: str) -> None:
        if urlsplit(url).scheme in ("http", "https") and urlsplit(url).netloc != self._host:
            self.faults.append(f"{method} {url} goes to somebody else")

    def _note_answer(self, answer: Any) -> None:
        self.requests.append((answer.request.method, urlsplit(answer.url).path, answer.status))
        if answer.status >= 500:
            self.faults.append(f"{answer.request.method} {answer.url}: {answer.status}")


class Keyboard:
    """A customer without a mouse. Each element on the way must show its focus."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def focus(self) -> dict[str, Any] | None:
        return focused(self.page)

    def tab_to(self, name: str, *, kind: str = "", limit: int = 80, key: str = "Tab") -> Self:
        """Press Tab until the element with that name (in whole or at its beginning) has the focus."""
        passed = []
        for _ in range(limit):
            self.page.keyboard.press(key)
            focus = self.focus
            if focus is None:
                continue
            assert focus["isInView"], f"the focus is out of sight: {focus}"
            assert focus["isMarked"], f"nobody sees the focus: {focus}"
            assert not focus["isCovered"], f"something covers the focus: {focus}"
            if _fits(focus, name) and kind in (focus["kind"], focus["tag"], ""):
                return self
            passed.append(focus["name"])
        raise AssertionError(f"{limit} times {key}, and 「{name}」 never had the focus; passed: {list(dict.fromkeys(passed))}")

    def choose(self, group_option: str, name: str, *, limit: int = 20) -> Self:
        """Tab to the radio that is chosen now, then arrow to the one called `name`."""
        self.tab_to(group_option, kind="radio")
        for _ in range(limit):
            if _fits(self.focus, name):
                return self
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"no arrow leads from 「{group_option}」 to 「{name}」")

    def select(self, label: str, option: str, *, limit: int = 20) -> Self:
        """Tab to a select and arrow to the option."""
        self.tab_to(label, kind="select-one")
        for _ in range(limit):
            if self.page.locator(":focus option:checked").inner_text().strip().startswith(option):
                return self
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"no arrow leads to 「{option}」 in 「{label}」")

    def fill(self, label: str, typed: str) -> Self:
        self.tab_to(label)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(typed)
        return self

    def tick(self, label: str) -> Self:
        self.tab_to(label, kind="checkbox")
        self.page.keyboard.press("Space")
        return self

    def press(self, name: str) -> Self:
        """Enter on a button or a link, and wait for the page that comes."""
        self.tab_to(name)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        return self


def _fits(focus: dict[str, Any] | None, name: str) -> bool:
    return focus is not None and "".join(focus["name"].split()).startswith("".join(name.split()))
