"""Reads a domain name that somebody typed: IDNA 2008 (RFC 5890-5893) by the library `idna`, with what browsers map beforehand (UTS 46).

Nothing is guessed: whatever is more or less than a name is refused with a Japanese sentence that says what to type.
"""

import ipaddress
import re
from dataclasses import dataclass
from functools import partial

import idna

LONGEST = 253  # of a name in the DNS (RFC 1035), without the root's dot
LONGEST_LABEL = 63
_DOTS = str.maketrans("。．｡", "...")
_DIGITS = re.compile(r"[0-9]+")
_LABEL = re.compile(r"(?!-)[a-z0-9-]+(?<!-)")

EMPTY = "独自ドメインを入力してください（例 example.jp）。"
ADDRESS = "「http://」やスラッシュを除いて、ドメインの名前だけを入力してください（例 example.jp）。"
MAIL = "メールアドレスではなく、ドメインの名前だけを入力してください（例 example.jp）。"
PORT = "「:」から後ろのポート番号を除いて入力してください（例 example.jp）。"
WILDCARD = "「*」を含む名前（ワイルドカード）はご利用いただけません。「*.」を除いて入力してください（例 example.jp）。"
NUMBERS = "IPアドレスはご利用いただけません。ドメインの名前を入力してください（例 example.jp）。"
NO_DOT = "「.jp」や「.com」などの終わりまで入力してください（例 example.jp）。"
WWW = "「www.」を除いて入力してください。「www.」の有無は、独自SSLのコモンネームを選ぶときに決められます。"
TOO_LONG = f"ドメイン名は、日本語などを変換したあとで{LONGEST}文字までです。"
LONG_LABEL = f"「.」で区切られたそれぞれの部分は、日本語などを変換したあとで{LONGEST_LABEL}文字までです。"
NOT_A_NAME = "ドメイン名に使えない文字が含まれています。空白や記号を除いて入力してください（例 example.jp、日本語.jp）。"


@dataclass(frozen=True)
class DomainName:
    """`name`: as the DNS has it (A-labels, lower case). `shown`: as people write it (U-labels). Equal for names without Japanese."""

    name: str
    shown: str


class NotADomain(Exception):
    """The message is Japanese and says what to type instead."""


def read_domain_name(typed: str) -> DomainName:
    """日本語.jp and xn--wgv71a119e.jp are one name; so are Example.JP, ＥＸＡＭＰＬＥ．ＪＰ and example.jp. Raises NotADomain."""
    plain = typed.strip().translate(_DOTS).rstrip(".")
    _refuse_what_is_no_name(plain)
    try:
        encode = partial(idna.encode, uts46=True, std3_rules=True, transitional=False)
        name = encode(plain).decode("ascii").lower()
        shown = idna.decode(name)
    except (idna.IDNAError, UnicodeError) as error:
        raise NotADomain(_why(plain, error)) from error
    _refuse_what_no_dns_has(name)
    return DomainName(name, shown)


def in_full(name: str) -> str:
    """A name of the DNS as people write it, and as it is: 日本語.jp（xn--wgv71a119e.jp）."""
    shown = idna.decode(name)
    return name if shown == name else f"{shown}（{name}）"


def _refuse_what_is_no_name(plain: str) -> None:
    if not plain:
        raise NotADomain(EMPTY)
    half_width = plain.translate({0xFF0A: "*", 0xFF1A: ":", 0xFF0F: "/", 0xFF20: "@"})
    if "*" in half_width:
        raise NotADomain(WILDCARD)
    if "/" in half_width:
        raise NotADomain(ADDRESS)
    if "@" in half_width:
        raise NotADomain(MAIL)
    if _is_ip_address(half_width.strip("[]")):
        raise NotADomain(NUMBERS)
    if ":" in half_width:
        raise NotADomain(PORT)


def _is_ip_address(plain: str) -> bool:
    try:
        ipaddress.ip_address(plain)
    except ValueError:
        return False
    return True


def _why(plain: str, error: Exception) -> str:
    if len(plain) > LONGEST or ("too long" in str(error).lower() and "label" not in str(error).lower()):
        return TOO_LONG
    return LONG_LABEL if "too long" in str(error).lower() else NOT_A_NAME


def _refuse_what_no_dns_has(name: str) -> None:
    labels = name.split(".")
    if len(name) > LONGEST:
        raise NotADomain(TOO_LONG)
    if _DIGITS.fullmatch(labels[-1]):
        raise NotADomain(NUMBERS)
    if len(labels) < 2:
        raise NotADomain(NO_DOT)
    if not all(_LABEL.fullmatch(label) for label in labels):
        raise NotADomain(NOT_A_NAME)
    if labels[0] == "www":
        raise NotADomain(WWW)
