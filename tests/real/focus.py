"""What has the focus, and whether a customer sees it: marked, in sight, not covered (WCAG 2.4.7, 2.4.11, 2.4.13)."""

import base64
from typing import Any

from playwright.sync_api import Page

# A link that goes over two lines is two boxes: what stands between them does not cover it.
FOCUSED = """() => {
  const it = document.activeElement;
  if (!it || it === document.body) return null;
  const style = getComputedStyle(it), box = it.getBoundingClientRect();
  const labels = [...(it.labels || [])].map(label => label.innerText).join(' ');
  const pointed = (it.getAttribute('aria-labelledby') || '').split(/\\s+/);
  const named = pointed.map(id => document.getElementById(id)?.innerText || '').join(' ').trim();
  const isOver = top => !!top && top !== it && !it.contains(top) && !top.contains(it);
  const isCoveredAt = part => isOver(document.elementFromPoint(part.x + part.width / 2, part.y + Math.min(part.height / 2, 20)));
  return {
    name: (it.getAttribute('aria-label') || named || labels || it.innerText || it.value || '').replace(/\\s+/g, ' ').trim(),
    tag: it.tagName.toLowerCase(), kind: it.type || '', value: it.value || '',
    isMarked: (!['none', 'auto'].includes(style.outlineStyle) && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== 'none',
    isMarkedByTheBrowser: style.outlineStyle === 'auto',
    isInView: box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    isCovered: [...it.getClientRects()].some(part => part.width > 0 && isCoveredAt(part)),
  };
}"""
# Where to look, and how long a ring is at least: that of a link of two lines may go around both boxes or around each.
PLACE = """() => {
  const it = document.activeElement, around = box => 2 * (box.width + box.height);
  it.scrollIntoView({block: 'center'});
  const box = it.getBoundingClientRect();
  const parts = [...it.getClientRects()].reduce((sum, part) => sum + around(part), 0);
  return {
    clip: {x: Math.max(0, box.x - 8), y: Math.max(0, box.y - 8), width: box.width + 16, height: box.height + 16},
    around: Math.min(around(box), parts),
  };
}"""
BLUR, GIVE_BACK = "() => { window.hadFocus = document.activeElement; hadFocus.blur() }", "() => hadFocus.focus({focusVisible: true})"
# How many pixels of two pictures have a contrast of 3:1 to each other.
CHANGED = """async pictures => {
  const pixels = async picture => {
    const image = await createImageBitmap(new Blob([Uint8Array.from(atob(picture), it => it.charCodeAt(0))]));
    const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d');
    canvas.drawImage(image, 0, 0);
    return canvas.getImageData(0, 0, image.width, image.height).data;
  };
  const linear = value => value <= 10 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4;
  const light = (all, at) => 0.2126 * linear(all[at]) + 0.7152 * linear(all[at + 1]) + 0.0722 * linear(all[at + 2]) + 0.05;
  const [before, after] = await Promise.all(pictures.map(pixels));
  let count = 0;
  for (let at = 0; at < before.length; at += 4) {
    const [one, other] = [light(before, at), light(after, at)];
    if (Math.max(one, other) >= 3 * Math.min(one, other)) count++;
  }
  return count;
}"""
NEARLY = 0.95  # the corners of a ring are round


def focused(page: Page) -> dict[str, Any] | None:
    """What has the focus. A mark that the browser draws by itself counts when it is seen."""
    found = page.evaluate(FOCUSED)
    if found is not None and not found["isMarked"] and found["isMarkedByTheBrowser"]:
        found["isMarked"] = _is_ringed(page)
    return found


def _is_ringed(page: Page) -> bool:
    """The focus changes as many pixels as a ring around the box has that is two pixels wide, each by 3:1."""
    place = page.evaluate(PLACE)
    with_focus = page.screenshot(clip=place["clip"])
    page.evaluate(BLUR)
    without = page.screenshot(clip=place["clip"])
    page.evaluate(GIVE_BACK)
    return _changed_pixels(page, with_focus, without) >= 2 * place["around"] * NEARLY


def _changed_pixels(page: Page, *pictures: bytes) -> int:
    """Compared on an empty page, for the page itself may refuse pictures."""
    empty = page.context.new_page()
    try:
        return empty.evaluate(CHANGED, [base64.b64encode(picture).decode() for picture in pictures])
    finally:
        empty.close()
