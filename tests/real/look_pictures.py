"""Takes the pictures "after" of docs/look.md anew: `PYTHONPATH=.:site .venv/bin/python -m tests.real.look_pictures`.

Those "before" cannot be taken again; they stay in docs/look/before.
"""

import base64
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from portal.demo.states import making
from portal.runtime.settings import sample_company
from tests.gallery import Gallery
from tests.real.browsers import ARGUMENTS
from tests.real.gallery_server import GalleryServer

LOOK = Path(__file__).parents[2] / "docs/look"
SCREENS = {
    "01-login": "sign-in",
    "02-panel": "panel-renewing",
    "03-contract-calm": "contract-renewing",
    "04-form": "form",
    "05-method": "methods-card",
    "06-final": "confirm-card",
    "07-done": "order-paid-card",
    "08-slip": "order-awaited",
    "09-timeline": "timeline-renewing",
    "10-staff-awaited": "staff-awaited",
    "11-staff-look": "allocation-look",
    "12-error": "error-not-found",
    "13-contract-transfer": "contract-awaited",
    "14-contract-failed": "contract-failed",
    "17-reset": "reset",
}
DESK, PHONE = (1280, 300), (390, 130)  # the width of the window, and of the picture
VIEWS = [(*DESK, "light"), (*DESK, "dark"), (*PHONE, "light"), (*PHONE, "dark")]
# The pictures beside each other, 6 pixels apart; what is higher than 420 is cut.
COMPOSE = """async pictures => {
  const read = async ({data}) => createImageBitmap(await (await fetch('data:image/png;base64,' + data)).blob());
  const images = await Promise.all(pictures.map(read));
  const canvas = document.createElement('canvas'), widths = pictures.map(it => it.width);
  canvas.width = widths.reduce((sum, width) => sum + width + 6, -6);
  canvas.height = 420;
  const paper = canvas.getContext('2d');
  paper.fillStyle = '#808080';
  paper.fillRect(0, 0, canvas.width, canvas.height);
  paper.imageSmoothingQuality = 'high';
  images.forEach((image, index) => {
    const left = widths.slice(0, index).reduce((sum, width) => sum + width + 6, 0);
    const height = image.height * widths[index] / image.width;
    paper.save();
    paper.beginPath();
    paper.rect(left, 0, widths[index], 420);
    paper.clip();
    paper.drawImage(image, left, 0, widths[index], height);
    paper.restore();
  });
  return canvas.toDataURL('image/webp', 0.8).split(',')[1];
}"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        making.make(Path(folder) / "gallery", sample_company())
        server = GalleryServer(Gallery(Path(folder) / "gallery"), Path(folder) / "served").start()
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", *ARGUMENTS])
        paper = browser.new_page()
        for name, state in SCREENS.items():
            pictures = [_picture(browser, f"{server.url}/demo/states/{state}", *view) for view in VIEWS]
            (LOOK / f"{name}.webp").write_bytes(base64.b64decode(paper.evaluate(COMPOSE, pictures)))
        server.stop()


def _picture(browser: Browser, address: str, window: int, width: int, scheme: str) -> dict[str, object]:
    page: Page = browser.new_page(viewport={"width": window, "height": 420 * window // width}, color_scheme=scheme)
    page.goto(address)
    page.evaluate("() => document.querySelector('aside.panel').remove()")  # the line that says that it is a picture
    taken = base64.b64encode(page.screenshot()).decode()
    page.close()
    return {"data": taken, "width": width}


if __name__ == "__main__":
    main()
