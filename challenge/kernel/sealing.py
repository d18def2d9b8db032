"""Secrets that must be read again: encrypted with a key derived from the installation's, one per purpose."""

from __future__ import annotations

import base64
import os
from contextlib import suppress

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE = 12  # bytes


def seal(secret: bytes, purpose: str, text: str, *, owner: str) -> str:
    """Encrypt ``text`` for one owner: the sealed text opens for no other owner and no other purpose."""
    nonce = os.urandom(NONCE)
    return base64.b64encode(nonce + _cipher(secret, purpose).encrypt(nonce, text.encode(), owner.encode())).decode()


def unseal(secrets: tuple[bytes, ...], purpose: str, sealed: str, *, owner: str) -> str:
    """Read it again with the secret of now or one of before. Raises InvalidTag for another key, purpose or owner."""
    whole = base64.b64decode(sealed)
    for secret in secrets:
        with suppress(InvalidTag):
            return _cipher(secret, purpose).decrypt(whole[:NONCE], whole[NONCE:], owner.encode()).decode()
    raise InvalidTag


def key_for(secret: bytes, purpose: str, *, owner: str) -> str:
    """A key (base64) that a browser of this owner is given to seal what only they may read."""
    info = f"browser: {purpose}: {owner}".encode()
    return base64.b64encode(HKDF(SHA256(), 32, b"challenge", info).derive(secret)).decode()


def _cipher(secret: bytes, purpose: str) -> AESGCM:
    if not secret:
        message = "sealing needs the installation's secret: open the work with it"
        raise ValueError(message)
    return AESGCM(HKDF(SHA256(), 32, b"challenge", f"sealed: {purpose}".encode()).derive(secret))
