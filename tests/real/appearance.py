"""Faults in the appearance of the current page: zoomed, recoloured, respaced and without styles."""

from collections.abc import Iterator

from tests.real.chromium import DESK, PHONE, Window

SMALL = """() => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select')].filter(it => {
  const label = it.matches('[type=radio], [type=checkbox]') && it.closest('label');
  const box = (label || it).getBoundingClientRect(), around = it.parentElement.innerText || '';
  const isInText = it.matches('a') && around.trim().length > it.innerText.trim().length;
  return box.width > 0 && box.right > 0 && !isInText && (box.width < 24 || box.height < 24);
}).map(it => `${it.tagName} ${it.name || it.innerText}`)"""
CUT_OFF = """() => [...document.querySelectorAll('button, .button, h1, h2, td, label, legend, .tag')]
  .filter(it => it.scrollWidth > it.clientWidth + 1 && it.clientWidth > 0 && getComputedStyle(it).display !== 'inline')
  .map(it => `${it.tagName} ${it.innerText.slice(0, 40)}`)"""
COLLIDING = """() => {
  const lines = cell => {
    const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT), range = document.createRange(), found = [];
    while (walker.nextNode()) {
      range.selectNodeContents(walker.currentNode);
      if (!walker.currentNode.parentElement.closest('.hidden')) found.push(...range.getClientRects());
    }
    return found.filter(box => box.width > 0);
  };
  const meet = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
  const isCrowded = row => [...row.cells].some((cell, index) => [...row.cells].slice(index + 1).some(
    other => lines(cell).some(a => lines(other).some(b => meet(a, b)))));
  return [...document.querySelectorAll('tr')].filter(isCrowded).map(row => `cells run into each other: ${row.innerText.slice(0, 40)}`);
}"""
SPACED = "*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}p{margin-bottom:2em!important}"
SPACE_OUT = """css => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = css ? [sheet] : [];
}"""
SMALL_AGAIN = "() => { document.documentElement.style.fontSize = '' }"
MOVING = """() => [...document.querySelectorAll('*')].filter(it => {
  const style = getComputedStyle(it);
  return style.scrollBehavior !== 'auto' || /[1-9]/.test(style.transitionDuration) || style.animationName !== 'none';
}).map(it => it.tagName)"""
SWITCH_STYLE = "isOff => { for (const sheet of document.styleSheets) sheet.disabled = isOff }"
VISIBLE_TEXT = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), range = document.createRange(), found = [];
  while (walker.nextNode()) {
    range.selectNodeContents(walker.currentNode);
    const isThere = [...range.getClientRects()].some(box => box.width > 1 && box.height > 1);
    if (isThere && walker.currentNode.data.trim()) found.push(walker.currentNode.data.trim());
  }
  return found;
}"""
NAKED = """() => {
  const faults = [], follows = (a, b) => !!(a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING);
  const controls = [...document.querySelectorAll('main input:not([type=hidden]), main select')];
  for (const it of controls) {
    const label = it.labels[0] || it, isBox = it.matches('[type=radio], [type=checkbox]');
    if (isBox && !label.contains(it)) faults.push(`the box of 「${label.innerText}」 is not in its label`);
    const between = controls.some(other => other !== it && follows(label, other) && follows(other, it));
    if (!isBox && (!follows(label, it) || between)) faults.push(`the label 「${label.innerText}」 is not just before its field`);
  }
  const levels = [...document.querySelectorAll('main :is(h1, h2, h3, h4)')].map(it => +it.tagName[1]);
  const first = document.querySelector('main [role=alert]') ? levels.indexOf(1) : 0;
  if (levels[first] !== 1) faults.push('the first heading is no h1');
  levels.slice(first).forEach((level, index, all) => index && level > all[index - 1] + 1 && faults.push('a level of headings is left out'));
  for (const kind of ['h1, h2, h3', 'legend', 'main button', 'caption']) {
    const names = [...document.querySelectorAll(kind)].map(it => it.innerText.trim());
    faults.push(...names.filter((name, index) => names.indexOf(name) !== index).map(name => `「${name}」 stands there twice`));
  }
  return faults;
}"""


def faults(window: Window) -> list[str]:
    """On a phone in the dark, on a desk, in forced colours, in large or spaced letters, and with no style at all."""
    return [*_phone(window), *_desk(window), *forced_colours(window), *naked(window)]


def _phone(window: Window) -> Iterator[str]:
    page = window.page
    page.set_viewport_size(PHONE)
    page.emulate_media(color_scheme="dark")
    yield from _named("phone", window.axe() + _squeezed(window))
    yield from _named("smaller than 24 px", page.evaluate(SMALL))
    yield from _named("moves", page.evaluate(MOVING))
    page.evaluate(SPACE_OUT, SPACED)
    yield from _named("spaced letters", _squeezed(window))
    page.evaluate(SPACE_OUT, "")
    yield from _named("large letters on a phone", enlarged(window))
    page.emulate_media(color_scheme="light")


def _desk(window: Window) -> Iterator[str]:
    window.page.set_viewport_size(DESK)
    yield from _named("desk", window.axe() + _squeezed(window))
    yield from _named("large letters", enlarged(window))


def forced_colours(window: Window) -> Iterator[str]:
    window.page.emulate_media(forced_colors="active", color_scheme="dark")
    yield from _named("forced colours", window.axe(off=("color-contrast",)))
    window.page.emulate_media(forced_colors="none", color_scheme="light")


def naked(window: Window) -> Iterator[str]:
    page = window.page
    dressed = page.evaluate(VISIBLE_TEXT)
    page.evaluate(SWITCH_STYLE, True)
    naked = set(page.evaluate(VISIBLE_TEXT))
    yield from _named("without style", page.evaluate(NAKED) + window.overflowing())
    yield from _named("missing without style", [text for text in dressed if text not in naked])
    page.evaluate(SWITCH_STYLE, False)


def enlarged(window: Window) -> list[str]:
    """Letters at 200 %: what did not grow, sticks out or is cut off."""
    found = window.enlarge_text() + _squeezed(window)
    window.page.evaluate(SMALL_AGAIN)
    return found


def _squeezed(window: Window) -> list[str]:
    """What sticks out, is cut off or covers something else."""
    return window.overflowing() + window.page.evaluate(CUT_OFF) + window.page.evaluate(COLLIDING)


def _named(view: str, found: list[str]) -> list[str]:
    return [f"{view}: {fault}" for fault in found]
