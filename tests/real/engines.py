"""Checkers of pages that others have written: HTML_CodeSniffer and IBM's engine, put into an open page, and the Nu validator.

They are no Python packages: `./run gallery` asks npm for them. Only files with these hashes are used.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.real.chromium import Window

FOLDER = Path(sys.prefix) / "engines" / "node_modules"
CODESNIFFER, IBM, NU = "html_codesniffer/build/HTMLCS.js", "accessibility-checker-engine/ace.js", "vnu-jar/build/dist/vnu.jar"
HASHES = {
    CODESNIFFER: "bc9501382a35bff6acfc255945b1ed732fcec544cfcaeec17b5ac8d79a6c7967",
    IBM: "1fd7c18b2aa5ba3ec0444a275e2e08e2823c317316c6613d1c273d2a688760fa",
    NU: "22f15dd39a33bed929d2a5c0cddf5946849a647eca9272bf4d5d00bc7e7a4d47",
}
# What IBM's engine calls a failure and is none: a form without a name is no landmark (HTML-AAM), so there is nothing to tell apart.
NO_FAULTS = ("aria_form_label_unique",)
NEWER = re.compile(r"CSS: .{0,30}container")
RUN_CODESNIFFER = """() => new Promise(done => HTMLCS.process('WCAG2AA', document, () => done(HTMLCS.getMessages()
  .filter(it => it.type === 1).map(it => `${it.code}: ${it.msg}: ${(it.element.outerHTML || '').slice(0, 160)}`))))"""
RUN_IBM = """async no_faults => (await new ace.Checker().check(document, ['WCAG_2_2'])).results
  .filter(it => it.value[0] === 'VIOLATION' && it.value[1] === 'FAIL' && !no_faults.includes(it.ruleId))
  .map(it => `${it.ruleId}: ${it.message}: ${it.snippet.slice(0, 160)}`)"""


def missing(*files: str) -> str:
    """Which are not there, or are others; "" if all are there."""
    found = [
        name for name in files if not (FOLDER / name).is_file() or hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() != HASHES[name]
    ]
    return ", ".join(found) + (" and java" if NU in files and shutil.which("java") is None else "")


def faults(window: Window) -> list[str]:
    """Errors of both engines in the open page. What they only ask a person to look at is left out."""
    for name in (CODESNIFFER, IBM):
        window.page.evaluate((FOLDER / name).read_text("utf-8"))
    found = window.page.evaluate(RUN_CODESNIFFER)
    return [f"HTML_CodeSniffer: {fault}" for fault in found] + [f"IBM: {fault}" for fault in window.page.evaluate(RUN_IBM, NO_FAULTS)]


def invalid(folder: Path) -> Iterator[str]:
    """What the Nu validator says about the pages in a folder, but for the one rule of the stylesheet that it does not know yet."""
    command = ["java", "-jar", str(FOLDER / NU), "--format", "json", "--stdout", "--skip-non-html", str(folder)]
    answer = json.loads(subprocess.run(command, capture_output=True, text=True, check=False).stdout)
    return (f"{Path(message['url']).stem}: {message['message']}" for message in answer["messages"] if not NEWER.match(message["message"]))
