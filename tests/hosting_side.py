"""The hosting side's answers, signed as the real one signs them."""

import json
import time

from portal.gateways.hosting import signature
from tests.browser import Browser


def signed_answer(secret: str, body: bytes, *, at: int | None = None) -> dict[str, str]:
    """The headers of an answer; `at`: Unix seconds, if not now."""
    now = int(time.time()) if at is None else at
    return {"Content-Type": "application/json", "Keiyaku-Signature": f"t={now},v1={signature(secret, now, body)}"}


def answer(browser: Browser, secret: str, kind: str, about: str, **more: str) -> int:
    """The status of the portal's response. The answer's id is that of its question, so a second one is the same answer again."""
    body = json.dumps({"id": f"{kind} {about}", "type": kind, "about": about} | more).encode()
    response = browser.client.post("/notices/hosting", data=body, headers=signed_answer(secret, body), base_url=browser.base_url)
    return response.status_code
