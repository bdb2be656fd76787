"""Starts Firefox for Playwright, and answers for it the BiDi commands of Playwright that this Firefox does not know yet.

Playwright's BiDi is written for the newest Firefox, Debian has the one with long support. Everything else passes through.
"""

import json
import re
import subprocess
import sys
import threading
from contextlib import suppress

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.sync.server import ServerConnection, serve

NOT_YET = {"emulation.setMediaFeaturesOverride"}  # needed by no test here; drop it when Debian's Firefox knows it
LISTENING = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
NO_LIMIT = {"max_size": None, "compression": None, "ping_interval": None}


def main(firefox: str, *arguments: str) -> int:
    process = subprocess.Popen([firefox, *arguments], stderr=subprocess.PIPE, text=True, errors="replace")
    for line in process.stderr:
        found = LISTENING.search(line)
        if found:
            relay(found[1])
        else:
            sys.stderr.write(line)
    return process.wait()


def relay(address: str) -> None:
    server = serve(lambda playwright: pass_on(playwright, address), "127.0.0.1", 0, **NO_LIMIT)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"WebDriver BiDi listening on ws://127.0.0.1:{server.socket.getsockname()[1]}", file=sys.stderr, flush=True)


def pass_on(playwright: ServerConnection, address: str) -> None:
    with connect(address + playwright.request.path, **NO_LIMIT) as browser:
        answers = threading.Thread(target=lambda: copy(browser, playwright), daemon=True)
        answers.start()
        copy(playwright, browser)


def copy(source, target) -> None:
    with suppress(ConnectionClosed):
        for message in source:
            asked = json.loads(message)
            if asked.get("method") in NOT_YET and "id" in asked:
                source.send(json.dumps({"type": "success", "id": asked["id"], "result": {}}))
            else:
                target.send(message)
    target.close()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
