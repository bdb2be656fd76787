"""Checks that secrets and addresses in the settings are safe."""

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

SHORTEST_SECRET = 32
FEWEST_DIFFERENT_CHARACTERS = 8
WORDS_OF_SAMPLES = ("change", "example", "sample", "secret", "password", "your-", "dummy")
MAIL_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@([A-Za-z0-9-]+\.)+[A-Za-z0-9-]{2,63}")
PRINTABLE = re.compile(r"[!-~]+")


class UnsafeSettings(Exception):
    """Missing or unsafe settings, each a Japanese sentence for the operator. str() has all of them on one line."""

    def __init__(self, *problems: str) -> None:
        super().__init__("設定を直してください：" + " ".join(problems))
        self.problems = problems


def is_strong(secret: str) -> bool:
    """Long enough, not one repeated character, and not copied from documentation."""
    if len(secret) < SHORTEST_SECRET or len(set(secret)) < FEWEST_DIFFERENT_CHARACTERS:
        return False
    return not any(word in secret.lower() for word in WORDS_OF_SAMPLES)


def is_webhook(url: str) -> bool:
    try:
        parts = urlsplit(url)
        is_whole = parts.port != 0 and bool(parts.hostname) and PRINTABLE.fullmatch(url) is not None
    except ValueError:
        return False
    is_private = parts.scheme == "https" or (parts.scheme == "http" and is_this_machine(parts.hostname or ""))
    return is_whole and is_private and not (parts.username or parts.fragment)


def is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_on_this_machine(url: str) -> bool:
    try:
        return is_this_machine(urlsplit(url).hostname or "")
    except ValueError:
        return False


def is_mail_server(url: str) -> bool:
    try:
        parts = urlsplit(url)
        is_whole = parts.port != 0 and bool(parts.hostname) and bool(parts.password) == bool(parts.username)
    except ValueError:
        return False
    has_more = parts.path.strip("/") or parts.query or parts.fragment
    return parts.scheme in ("smtp", "smtps") and is_whole and not has_more


def is_safe_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and not (parts.path or parts.query or parts.fragment or parts.username)
