"""Customers who sign in, look round, order by card or by transfer, and try again what did not work, each from a network of their own."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any

import brotli

from tests import steps
from tests.abuse.networks import over_http
from tests.browser import Browser, NotSound
from tests.page import NotOnThePage

THINKS = (3.0, 9.0)
BY_NGINX, IN_JAPANESE = "ただいま接続できません", "ただいま処理できませんでした"
BROKEN = (OSError, HTTPException, NotOnThePage)


@dataclass
class Phase:
    name: str
    may_fail: bool = False
    answers: Counter = field(default_factory=Counter)
    longest: float = 0.0
    odd: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        failed = sum(count for what, count in self.answers.items() if what not in ("answered", "refused"))
        cells = (
            self.name,
            sum(self.answers.values()),
            self.answers["503 of the portal"],
            self.answers["503 of nginx"],
            self.answers["no answer"],
        )
        others = failed - sum(cells[2:])
        return f"| {' | '.join(map(str, (*cells, others, f'{self.longest:.1f}')))} |"

    @property
    def faults(self) -> list[str]:
        wrong = self.odd + (
            [] if self.may_fail else [f"{count} × {what}" for what, count in self.answers.items() if "50" in what or what == "no answer"]
        )
        return [f"{self.name}: {each}" for each in wrong]


class Crowd:
    """`seen`: what a page has said of an order, by login."""

    def __init__(self, port: int, logins: Sequence[str], count: int) -> None:
        self._port, self._logins, self._lock = port, iter(logins), threading.Lock()
        self.phase, self.stop, self.seen = Phase("start"), threading.Event(), dict[str, str]()
        self._threads = [threading.Thread(target=self._customer, args=(number,), daemon=True) for number in range(count)]

    def begin(self) -> None:
        for each in self._threads:
            each.start()

    def end(self) -> None:
        self.stop.set()
        for each in self._threads:
            each.join(60)

    def _customer(self, number: int) -> None:
        dice = random.Random(number)
        self.stop.wait(dice.uniform(0, THINKS[1]))
        while not self.stop.is_set():
            with self._lock:
                login = next(self._logins)
            browser = Browser(self._watched(over_http(2 + number, self._port, {})), f"http://127.0.0.1:{self._port}", may_break=True)
            by_card = dice.random() < 0.6
            while not self.stop.is_set() and login not in self.seen:
                try:
                    self._order(browser, login, dice, by_card=by_card)
                except BROKEN:
                    pass
                except NotSound as error:
                    self._note_page(browser, error)
                self._think(dice)

    def _note_page(self, browser: Browser, error: NotSound) -> None:
        """nginx's page for when nothing answers is none of the portal's, so what each of those has is not asked of it."""
        if browser.traffic[-1].status < 500:
            self.phase.odd.append(f"{browser.traffic[-1].path}: {error}")

    def _order(self, browser: Browser, login: str, dice: random.Random, *, by_card: bool) -> None:
        """From wherever the customer is to an order that a page calls paid or awaited."""
        browser.visit("/contract")
        if browser.h1 == "ログイン":
            self._think(dice)
            browser.fill("ログインID", login).fill("パスワード", "demo-pass").press("ログイン").visit("/contract")
        if self._has_ordered(browser, login):
            return
        browser.visit(dice.choice(("/", "/history", "/mails", "/legal/tokutei")))
        self._think(dice)
        browser.visit("/contract").press("新規契約のお申し込みへ進む").tick(steps.SERVER_TERMS).press("お支払い方法選択へ")
        self._think(dice)
        if by_card:
            steps.enter_card(browser.press("クレジットカード情報入力"))
        else:
            browser.choose("銀行振込", under="お支払い方法").press("選んだ方法の説明を見る").press("お支払い")
        self._think(dice)
        browser.press("OK")
        self._think(dice)
        self._has_ordered(browser.visit("/contract"), login)

    def _has_ordered(self, browser: Browser, login: str) -> bool:
        for said, state in (("入金確認済", "paid"), ("お支払い情報", "placed")):
            if browser.status == 200 and browser.says(said, "main"):
                self.seen[login] = state
                return True
        return False

    def _think(self, dice: random.Random) -> None:
        self.stop.wait(dice.uniform(*THINKS))

    def _watched(self, ask: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
        """Counts each answer for the phase in which it was asked."""

        def asked(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            began, status, asked_in = time.monotonic(), [""], self.phase

            def note(line: str, headers: list, *rest: Any) -> Any:
                status[0] = line[:3]
                status.extend((dict(headers).get("Retry-After", ""), dict(headers).get("Content-Encoding", "")))
                return start_response(line, headers, *rest)

            try:
                body = b"".join(ask(environ, note))
                phase = self._phase_of(asked_in)
            except (OSError, HTTPException) as error:
                phase = self._phase_of(asked_in)
                phase.answers["no answer"] += 1
                print(f"no answer to {environ['REQUEST_METHOD']} {environ['PATH_INFO']}: {error!r}", flush=True)
                if not phase.may_fail:
                    phase.odd.append(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}: {error!r}")
                raise
            phase.longest = max(phase.longest, time.monotonic() - began)
            self._judge(phase, environ, status, body)
            return [body]

        return asked

    def _phase_of(self, asked_in: Phase) -> Phase:
        """Where it was asked, or where it was answered if that one may fail."""
        return self.phase if self.phase.may_fail else asked_in

    def _judge(self, phase: Phase, environ: dict[str, Any], status: list[str], body: bytes) -> None:
        if not status[0].startswith("5"):
            phase.answers["answered" if status[0] in ("200", "303", "304", "302") else "refused"] += 1
            return
        text = (brotli.decompress(body) if status[2] == "br" else body).decode("utf-8", "replace")
        whose = "nginx" if BY_NGINX in text else "the portal"
        phase.answers[f"{status[0]} of {whose}"] += 1
        if status[0] != "503" or not status[1] or not (BY_NGINX in text or IN_JAPANESE in text):
            phase.odd.append(
                f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']} is a {status[0]}, Retry-After {status[1]!r}: {text[:200]}"
            )
