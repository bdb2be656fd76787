"""Which new passwords are refused. Only a new one is judged: who has a weak one from before still signs in.

Any characters, spaces too. Compared in NFC, so that the same keys on a Mac and on a phone are the same password; nothing that the person
can see is changed. From OWASP ASVS 5.0, 6.2.1 to 6.2.12.
"""

import lzma
import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from portal.catalog import Catalog

SHORTEST, LONGEST = 8, 1000
_WORDS, _SCRIPTS = re.compile(r"[^\W_]+"), re.compile("[a-z0-9]+|[ぁ-ゖー]+|[ァ-ヺー]+|[一-鿿々]+")
SPARE_LETTERS = 4  # a known word with fewer letters of one's own is guessed: kawasemi2026!
# The 10,000 commonest passwords of 8 characters and more, from the lists of zxcvbn (MIT licence, see the file beside it).
_COMMONEST = Path(__file__).with_name("commonest_passwords.txt.xz")


def as_compared(typed: str) -> str:
    """The text that is hashed: composed (NFC), and nothing else changed."""
    return unicodedata.normalize("NFC", typed)


def why_refused(password: str, known_texts: Iterable[str]) -> str | None:
    """Why this may not become a password, in Japanese. `known_texts`: what others know of the person and the site."""
    length = len(as_compared(password))
    if length < SHORTEST:
        return f"新しいパスワードは{SHORTEST}文字以上にしてください。"
    if length > LONGEST:
        return f"新しいパスワードは{LONGEST:,}文字以内にしてください。"
    folded = _folded(password)
    if folded in commonest() or len(set(folded)) < 3:
        return "多くの人が使っていて推測されやすいパスワードのため、使えません。ほかのパスワードにしてください。"
    if _is_made_of(folded, words_in(known_texts)):
        return (
            "ログインID・お名前・メールアドレス・会社名・商品名をもとにしたパスワードは推測されやすいため、使えません。"
            "ほかのパスワードにしてください。"
        )
    return None


def site_texts(catalog: Catalog, public_url: str) -> tuple[str, ...]:
    """What everybody knows of the company: its names, addresses and products."""
    company, plans = catalog.company, (plan.name for plan in catalog.plans)
    products = (text for product in catalog.products for text in (product.name, product.short_name))
    return (company.name, company.service_name, company.email, urlsplit(public_url).hostname or "", *plans, *products)


def words_in(texts: Iterable[str]) -> set[str]:
    """The words of 3 letters and more (2, if they are Japanese), each script apart; a name of several words is also one word."""
    plain = [unicodedata.normalize("NFKC", text).casefold() for text in texts]
    found = {word for text in plain for word in (*_WORDS.findall(text), *_SCRIPTS.findall(text), "".join(_WORDS.findall(text)))}
    return {word for word in found if len(word) >= (3 if word.isascii() else 2) and not word.isdigit()}


@cache
def commonest() -> frozenset[str]:
    return frozenset(lzma.decompress(_COMMONEST.read_bytes()).decode().split())


def _is_made_of(folded: str, words: set[str]) -> bool:
    """True if little is left without these words, digits and signs."""
    rest = folded
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, " ")
    own = "".join(character for character in rest if character.isalnum())
    return rest != folded and (own in commonest() or sum(character.isalpha() for character in own) < SPARE_LETTERS)


def _folded(password: str) -> str:
    return "".join(unicodedata.normalize("NFKC", password).casefold().split())
