"""The key with which the tests encrypt, bound for every process that imports this."""

from portal.store import encryption

KEYS = ("the tests' own key: 0123456789abcdef",)
encryption.bind(KEYS)
