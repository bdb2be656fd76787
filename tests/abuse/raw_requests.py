"""Requests with a few bytes changed, lost, doubled or put in, sent as bytes to a demo of this machine: never a 5xx, and it goes on serving.

RAW_REQUESTS (5000) and RAW_SEED (1) may be set. Loopback only; about two minutes.
"""

import os
import random
import socket
import sys
import tempfile
from collections import Counter
from contextlib import suppress
from pathlib import Path

from tests.real.server import Server

MANY, SEED = int(os.environ.get("RAW_REQUESTS", "5000")), int(os.environ.get("RAW_SEED", "1"))
PATIENCE, READ = 20, 65_536
FORM = b"Host: 127.0.0.1:%d\r\nContent-Type: application/x-www-form-urlencoded\r\n"
SEEDS = (
    b"GET /login HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAccept-Encoding: gzip, br\r\nCookie: session=x\r\nRange: bytes=0-1\r\n\r\n",
    b"POST /login HTTP/1.1\r\n" + FORM + b"Content-Length: 34\r\nExpect: 100-continue\r\n\r\nlogin=new&password=x&csrf_token=x&a",
    b"POST /login HTTP/1.1\r\n" + FORM + b"Transfer-Encoding: chunked\r\n\r\n4\r\na=b&\r\n5\r\nlogin\r\n0\r\n\r\n",
    b"POST /notices/card HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nSandbox-Signature: t=1,v1=0\r\nContent-Length: 2\r\n\r\n{}",
    b"POST /password HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 62\r\n\r\n"
    b'--x\r\nContent-Disposition: form-data; name="login"\r\n\r\nnew\r\n--x--',
    b'GET /static/x/portal.js HTTP/1.0\r\nIf-None-Match: W/"x"\r\nIf-Modified-Since: Sun, 29 Nov 2026 00:00:00 GMT\r\n\r\n',
)
ODD = (
    b"\0",
    b"\r",
    b"\n",
    b"\r\n",
    b"\r\n\r\n",
    b"\r\n ",
    b":",
    b" ",
    b"\t",
    b"%",
    b"%00",
    b"\xff",
    b"\xed\xa0\x80",
    b"0",
    b"-1",
    b"9" * 30,
)
ODD += (b"A" * 9000, b"..//..", b"http://evil.example/", b"Content-Length: 1\r\n", b"Transfer-Encoding: chunked\r\n", b"Upgrade: h2c\r\n")


def main() -> int:
    dice, statuses = random.Random(SEED), Counter[str]()
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder) / "demo").start()
        try:
            wrong = [fault for _ in range(MANY) if (fault := fault_of(server.port, changed(dice, server.port), statuses))]
            wrong += [] if server.is_healthy() else ["it serves no longer"]
            wrong += [line for line in server.said().splitlines() if "request failed" in line or "Traceback" in line]
        finally:
            server.stop()
    print(f"{MANY} requests: {dict(statuses)}")
    print("\n".join(wrong) or "no answer was a 5xx")
    return 1 if wrong else 0


def changed(dice: random.Random, port: int) -> bytes:
    text = bytearray(dice.choice(SEEDS).replace(b"%d", str(port).encode()))
    for _ in range(dice.randint(1, 4)):
        place, length = dice.randrange(len(text) + 1), dice.randint(1, 20)
        match dice.randrange(4):
            case 0:
                text[place : place + 1] = bytes([dice.randrange(256)])
            case 1:
                del text[place : place + length]
            case 2:
                text[place:place] = text[place : place + length]
            case _:
                text[place:place] = dice.choice(ODD)
    return bytes(text)


def fault_of(port: int, sent: bytes, statuses: Counter[str]) -> str:
    """Empty if the answer is sound. The client says that it sends no more, so nobody waits for a rest."""
    answer = b""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
            with suppress(OSError):
                connection.sendall(sent)
                connection.shutdown(socket.SHUT_WR)
            while got := connection.recv(READ):
                answer += got
    except ConnectionError:
        statuses["reset"] += not answer
    except TimeoutError:
        return f"no end within {PATIENCE} s: {sent[:300]!r}"
    status = answer.removeprefix(b"HTTP/1.1 100 Continue\r\n\r\n")[9:12].decode("ascii", "replace") or "none"
    statuses[status] += 1
    is_refusal_of_server = status in ("501", "505")  # what it does not speak
    return f"{status}: {sent[:300]!r}" if status.startswith("5") and not is_refusal_of_server else ""


if __name__ == "__main__":
    sys.exit(main())
