"""When Chromium paints a page on a slow line, and what it loads for it: 250 kbit/s down, 50 up, 800 ms for each answer.

Once with dictionaries, once told not to use them, as other browsers. The floor of a page: 800 ms for each answer (after a form's button
two) and its bytes by the rate. The best of three rounds counts. Prints the table of bench/README.md, and what was loaded besides.
"""

import os
import statistics
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from tests.real.server import Server

LATENCY_MS, DOWN, UP = 800, 250_000 / 8, 50_000 / 8  # bytes a second
IDLE_MS = 5_000
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ("--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run")
WITHOUT = "--disable-features=CompressionDictionaryTransport,CompressionDictionaryTransportBackend"
FIRST_PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
PERSONA, ROUNDS = "card", 3


@dataclass
class Shown:
    """One page: milliseconds until it was painted, the floor, bytes of the document with its headers."""

    name: str
    paint: float
    floor: float
    bytes: int
    encoding: str
    loaded: str

    @property
    def times_the_floor(self) -> float:
        return self.paint / self.floor


@dataclass
class Line:
    """What goes over the line, as the browser counts it."""

    page: Page
    answers: dict[str, dict] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.wire = self.page.context.new_cdp_session(self.page)
        self.wire.send("Network.enable")
        slow = {"offline": False, "latency": LATENCY_MS, "downloadThroughput": DOWN, "uploadThroughput": UP}
        self.wire.send("Network.emulateNetworkConditions", slow)
        self.wire.on("Network.requestWillBeSent", self._note_question)
        self.wire.on("Network.requestWillBeSentExtraInfo", lambda sent: self._of(sent).update(asked=_small(sent["headers"])))
        self.wire.on(
            "Network.responseReceivedExtraInfo", lambda got: self._of(got).update(status=got["statusCode"], said=_small(got["headers"]))
        )
        self.wire.on("Network.loadingFinished", lambda got: self._of(got).update(bytes=int(got["encodedDataLength"])))

    def _note_question(self, sent: dict) -> None:
        """A redirect goes on under the same id."""
        found = self._of(sent)
        found.update(url=sent["request"]["url"], type=sent.get("type"), answers=found.get("answers", 0) + 1)

    def _note_answer(self, got: dict) -> None:
        self._of(got).update(status=got["statusCode"], said=_small(got["headers"]))

    def _of(self, event: dict) -> dict:
        return self.answers.setdefault(event["requestId"], {})

    def arrive(self, name: str) -> Shown:
        self.page.wait_for_load_state("load")
        self.page.wait_for_timeout(IDLE_MS)
        (document,) = [each for each in self.answers.values() if each.get("type") == "Document" and each.get("bytes")][-1:]
        others = [each for each in self.answers.values() if each is not document and each.get("bytes")]
        floor = LATENCY_MS * document["answers"] + document["bytes"] / DOWN * 1000
        loaded = ", ".join(f"{each['url'].rsplit('/', 1)[1]} {each['bytes']:,}" for each in others)
        shown = Shown(name, self.page.evaluate(FIRST_PAINT), floor, document["bytes"], _encoding(document), loaded)
        self.answers.clear()
        return shown


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder) / "demo").start()
        try:
            first = datetime.now(UTC), os.getloadavg()[0]
            with_dictionary, without = (_measured(playwright, server.url, more) for more in ((), (WITHOUT,)))
        finally:
            server.stop()
    print(f"Measured on {os.cpu_count()} cores on {first[0]:%Y-%m-%d}, load {first[1]:.1f} to {os.getloadavg()[0]:.1f}:\n")
    print("| page | first paint, ms | floor | × (median) | document | without dictionary | floor | × (median) | document |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for one, other in zip(with_dictionary, without, strict=True):
        print(f"| {one[0].name} | {_cells(*one)} | {_cells(*other)} |")
    print()
    for best, _ in (*with_dictionary, *without):
        print(f"{best.name}: {best.encoding}; loaded besides: {best.loaded or 'nothing'}")


def _measured(playwright: Playwright, url: str, more: tuple[str, ...]) -> list[tuple[Shown, float]]:
    """Of each page the best of all rounds, and the median of what they were times the floor."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, *more])
    rounds = [visit(browser, url, PERSONA) for _ in range(ROUNDS)]
    browser.close()
    found = []
    for pages in zip(*rounds, strict=True):
        best = min(pages, key=lambda page: page.times_the_floor)
        found.append((best, statistics.median(page.times_the_floor for page in pages)))
    return found


def _cells(best: Shown, median: float) -> str:
    return f"{best.paint:,.0f} | {best.floor:,.0f} | {best.times_the_floor:.2f} ({median:.2f}) | {best.bytes:,}"


def visit(browser: Browser, url: str, login: str) -> list[Shown]:
    """Cold at first; the dictionary comes while the sign-in page stands there."""
    page = browser.new_context(locale="ja-JP").new_page()
    line = Line(page)
    page.goto(f"{url}/login")
    shown = [line.arrive("sign-in page, cold")]
    page.get_by_role("button", name=f"{login} でログイン", exact=True).click()
    shown.append(line.arrive("panel"))
    for name in ("contract", "contract, again"):
        page.goto(f"{url}/contract")
        shown.append(line.arrive(name))
    page.goto(f"{url}/mails")
    shown.append(line.arrive("mails"))
    page.get_by_role("link", name="コントロールパネル").first.click()
    shown.append(line.arrive("panel, again"))
    page.context.close()
    return shown


def _small(headers: dict[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _encoding(answer: dict) -> str:
    given = "dictionary" if "available-dictionary" in answer.get("asked", {}) else ""
    return f"{answer.get('said', {}).get('content-encoding', '')} {answer.get('status', '')} {given}".strip()


if __name__ == "__main__":
    main()
