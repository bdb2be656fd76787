"""What is wrong with a state of the gallery in each of its five renderings, and with the keyboard alone."""

import re
from collections.abc import Iterator

from tests.real import appearance
from tests.real.chromium import DESK, PHONE, Window
from tests.real.focus import focused

SQUEEZED, LARGE = "document.documentElement.style.fontSize = '200%'", "document.documentElement.style.fontSize = ''"
SCRIPTED = re.compile(r"@media[^{]*\(scripting:\s*enabled\)")
# Everything that Tab must reach: of radios of one name only the chosen one.
STOPS = """() => {
  const isSeen = it => it.checkVisibility() && !it.disabled && it.tabIndex >= 0;
  const all = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')].filter(isSeen);
  const isStop = it => it.type !== 'radio' || it.checked;
  const stops = all.filter(isStop);
  stops.forEach((it, index) => { it.dataset.stop = index });
  return stops.length;
}"""
AT = "() => document.activeElement?.dataset?.stop ?? null"
START = "() => { document.activeElement?.blur(); getSelection().removeAllRanges(); scrollTo(0, 0) }"


def faults(window: Window, address: str) -> list[str]:
    """`window`: with scripts. The state is opened once, and rendered in five ways."""
    window.page.goto(address)
    return [
        *_default(window),
        *_dark(window),
        *_narrow(window),
        *_large(window),
        *_otherwise(window),
        *_by_keyboard(window),
        *_without_script(window, address),
    ]


def _default(window: Window) -> Iterator[str]:
    window.page.set_viewport_size(DESK)
    yield from _named("default", window.axe() + window.overflowing())


def _dark(window: Window) -> Iterator[str]:
    window.page.emulate_media(color_scheme="dark")
    yield from _named("dark", window.axe())
    window.page.emulate_media(color_scheme="light")


def _narrow(window: Window) -> Iterator[str]:
    window.page.set_viewport_size(PHONE)
    yield from _named("320 px", window.axe() + window.overflowing())
    yield from _named("smaller than 24 px", window.page.evaluate(appearance.SMALL))
    window.page.evaluate(appearance.SPACE_OUT, appearance.SPACED)
    yield from _named("spaced letters", window.overflowing() + window.page.evaluate(appearance.CUT_OFF))
    window.page.evaluate(appearance.SPACE_OUT, "")


def _large(window: Window) -> Iterator[str]:
    for size, name in ((PHONE, "200 % text, 320 px"), (DESK, "200 % text")):
        window.page.set_viewport_size(size)
        window.page.evaluate(SQUEEZED)
        yield from _named(name, (window.axe() if size is DESK else []) + window.overflowing())
        window.page.evaluate(LARGE)


def _otherwise(window: Window) -> Iterator[str]:
    """In forced colours, without any style; on a phone letters grow, no cells run into each other, and nothing moves."""
    yield from appearance.forced_colours(window)
    yield from appearance.naked(window)
    window.page.set_viewport_size(PHONE)
    yield from _named("320 px", window.page.evaluate(appearance.COLLIDING))
    yield from _named("large letters", appearance.enlarged(window))
    yield from _named("moves", window.page.evaluate(appearance.MOVING))
    window.page.set_viewport_size(DESK)


def _by_keyboard(window: Window) -> Iterator[str]:
    """Tab reaches everything that can be pressed or filled in, each in sight and with a mark."""
    page = window.page
    page.evaluate(START)
    stops, reached = page.evaluate(STOPS), set[str]()
    for _ in range(stops + 5):
        page.keyboard.press("Tab")
        focus, at = focused(page), page.evaluate(AT)
        if focus is None or at in reached:
            continue
        reached.add(at)
        for sign, what in (("isMarked", "nobody sees the focus of"), ("isInView", "out of sight:")):
            if not focus[sign]:
                yield f"keyboard: {what} {focus['name'][:40]}"
        if focus["isCovered"]:
            yield f"keyboard: something covers {focus['name'][:40]}"
    if len(reached - {None}) < stops:
        yield f"keyboard: {stops - len(reached - {None})} of {stops} are not reached"


def _without_script(window: Window, address: str) -> Iterator[str]:
    """Axe needs a script, so the page comes through a proxy that takes the scripts out and answers the stylesheet's question for them."""
    page = window.page

    def without(route, request) -> None:
        answer = route.fetch()
        html = re.sub(r"<script\b.*?</script>", "", answer.text(), flags=re.DOTALL)
        headers = {name: value for name, value in answer.headers.items() if name != "content-security-policy"}
        route.fulfill(response=answer, headers=headers, body=SCRIPTED.sub("@media not all", html))

    page.route(f"**{address}", without)
    page.goto(address)
    yield from _named("no script", window.axe() + window.overflowing())
    page.unroute(f"**{address}")


def _named(rendering: str, found: list[str]) -> list[str]:
    return [f"{rendering}: {fault}" for fault in found]
