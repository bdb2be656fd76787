"""What is a mail address: one that a mail can be sent to, also with a Japanese domain."""

import re

# Old Japanese mobile addresses have two dots in a row, or one before the @. They are allowed and sent quoted.
_LOCAL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
_DOMAIN = re.compile(r"(?=.{1,253}$)([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
LONGEST = 254


class BadAddress(ValueError):
    """No mail can be sent to this address. The text says in Japanese why."""


def ascii_address(text: str) -> str:
    """An ASCII address; a Japanese domain in its ASCII (punycode) form. Raises BadAddress."""
    local, _, domain = text.rpartition("@")
    if not _LOCAL.fullmatch(local):
        raise BadAddress("メールアドレスの形が正しくないため、送れません。")
    needs_quotes = not all(local.split("."))
    return f'"{local}"@{_ascii(domain)}' if needs_quotes else f"{local}@{_ascii(domain)}"


def why_refused(text: str) -> str | None:
    """Why it cannot be somebody's address: it must have a dot in its domain too. None if it can."""
    try:
        ascii_address(text)
    except BadAddress as error:
        return str(error)
    is_whole = len(text) <= LONGEST and "." in text.rpartition("@")[2]
    return None if is_whole else "メールアドレスは、name@example.jp のような形で入力してください。"


def is_same(one: str, other: str | None) -> bool:
    return one.lower() == (other or "").lower()


def _ascii(domain: str) -> str:
    try:
        plain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        plain = ""
    if not _DOMAIN.fullmatch(plain):
        raise BadAddress("メールアドレスのドメイン（@ の後ろ）の形が正しくないため、送れません。")
    return plain
