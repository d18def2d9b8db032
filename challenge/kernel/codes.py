"""Public codes of records: eight Crockford characters, readable on the phone, saying nothing about order."""

from __future__ import annotations

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 8
_LOOKALIKES = str.maketrans("OIL", "011", "- ")


def new_code() -> str:
    """A fresh random code (40 bits); uniqueness is the database's."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def read_code(typed: str) -> str:
    """The code somebody meant: case, hyphens and the look-alikes O, I, L are forgiven."""
    return typed.upper().translate(_LOOKALIKES)
