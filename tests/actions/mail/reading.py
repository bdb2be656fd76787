"""A mail as a customer reads it."""

from portal.actions.mail import rendering
from portal.enums import MailKind
from tests.actions.mail.samples import BETWEEN, SAMPLES

STOP = "自動更新を止める：https://portal.example.jp/renewal/reset"
BY_HAND = "「サーバー契約・更新」の「契約更新の操作へ進む」からお手続きください。https://portal.example.jp/contract"


def subject(kind: MailKind, values: dict) -> str:
    return rendering.render(kind, "見本 太郎", **values).subject.removeprefix("【かわせみサーバー】")


def read(kind: MailKind, values: dict | None = None, **changes: object) -> str:
    """The text without the line breaks that were added to fit 72 columns."""
    body = rendering.render(kind, "見本 太郎", **(values or SAMPLES[kind]) | changes).body
    return "".join(line.strip() for line in body.split("\n"))


def between(name: str) -> str:
    return read(*BETWEEN[name])
