"""When Chromium paints a page on a slow line, and what it loads for it: 250 kbit/s down, 50 up, 800 ms for each answer.

Once as it is, once told to know no dictionaries, as other browsers do. The floor of a page: 800 ms for each answer (after a form's button
two) and its bytes by the rate.
"""

import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.real.server import Server

LATENCY_MS, DOWN, UP = 800, 250_000 / 8, 50_000 / 8  # bytes a second
IDLE_MS = 8_000
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ("--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run")
WITHOUT = "--disable-features=CompressionDictionaryTransport,CompressionDictionaryTransportBackend"
FIRST_PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
STEPS = ("新規契約のお申し込みへ進む", "お支払い方法選択へ")


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

    def arrive(self, name: str) -> None:
        self.page.wait_for_load_state("load")
        self.page.wait_for_timeout(IDLE_MS)
        paint = self.page.evaluate(FIRST_PAINT)
        documents = [each for each in self.answers.values() if each.get("type") == "Document" and each.get("bytes")]
        document, others = documents[-1], [each for each in self.answers.values() if each is not documents[-1]]
        floor = LATENCY_MS * document["answers"] + document["bytes"] / DOWN * 1000
        print(f"{name:24} {paint:6.0f} ms  floor {floor:5.0f}  {paint / floor:4.2f}  {document['bytes']:6,} bytes {_encoding(document)}")
        for each in others:
            address = each.get("url", "")
            if address.startswith("http"):
                path = address.split("/", 3)[3]
                print(f"{'':26}{each.get('type') or '-':10} {each.get('status', '')} {each.get('bytes', 0):6,}  {path}")
        self.answers.clear()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder) / "demo").start()
        try:
            for title, more in {"as it is": (), "without dictionaries": (WITHOUT,)}.items():
                if title in sys.argv[1:] or not sys.argv[1:]:
                    print(f"\n## {title}\n")
                    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, *more])
                    visit(browser, server.url, "new")
                    browser.close()
        finally:
            server.stop()


def visit(browser: Browser, url: str, login: str) -> None:
    page = browser.new_context(locale="ja-JP").new_page()
    line = Line(page)
    page.goto(f"{url}/login")
    line.arrive("sign-in page, cold")
    page.get_by_role("button", name=f"{login} でログイン", exact=True).click()
    line.arrive("panel")
    page.goto(f"{url}/contract")
    line.arrive("contract")
    page.goto(f"{url}/contract")
    line.arrive("contract, again")
    with suppress(StopIteration):
        for step in STEPS:
            page.get_by_role("button", name=step).first.click()
            line.arrive(step)


def _small(headers: dict[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _encoding(answer: dict) -> str:
    given = "with its dictionary" if "available-dictionary" in answer.get("asked", {}) else ""
    return f"{answer.get('said', {}).get('content-encoding', '')} {answer.get('status', '')} {given}".strip()


if __name__ == "__main__":
    main()
