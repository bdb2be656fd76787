"""Encrypts what nobody may read in a copy of the database: second factors of staff, tokens of payment companies.

A stored value is "<id of the key>:<Fernet token>". The first key of the settings encrypts; each key decrypts the values with its id.
"""

import base64
import hashlib
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

ID_LENGTH = 8
PURPOSE = b"keiyaku-portal: data at rest"

_keys: dict[str, Fernet] = {}  # by id, the one that encrypts first


class WrongKey(Exception):
    """No key of the settings belongs to this value. The commands find that out before they start."""


def bind(keys: Sequence[str]) -> None:
    """The keys of the settings: the one that encrypts, and former ones that still decrypt."""
    _keys.clear()
    for key in keys:
        derived = HKDF(SHA256(), length=32, salt=None, info=PURPOSE).derive(key.encode())
        _keys[hashlib.sha256(derived).hexdigest()[:ID_LENGTH]] = Fernet(base64.urlsafe_b64encode(derived))


def key_ids() -> list[str]:
    """The ids of the keys; the one that encrypts is the first."""
    return list(_keys)


def encrypt(text: str) -> str:
    """Raises WrongKey without a key."""
    if not _keys:
        raise WrongKey("no key is bound")
    key_id = key_ids()[0]
    return f"{key_id}:{_keys[key_id].encrypt(text.encode()).decode()}"


def decrypt(stored: str) -> str:
    """Raises WrongKey."""
    key_id, _, encrypted = stored.partition(":")
    try:
        return _keys[key_id].decrypt(encrypted).decode()
    except (KeyError, InvalidToken) as error:
        raise WrongKey(f"no key for {key_id[:ID_LENGTH]}") from error


def fingerprint(token: str) -> str:
    """Finds a token again without decrypting. Tokens of companies are random, so a plain hash tells nothing about them."""
    return hashlib.sha256(token.encode()).hexdigest()
