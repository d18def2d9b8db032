"""A device with a passkey, in software: it makes what a browser would send; and the browser that sends it."""

from __future__ import annotations

import hashlib
import json
import os
import struct
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, encode_cbor

from tests.world import Client

BROWSER = "__Host-passkey"
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Device:
    """One passkey. ``flags`` says whether the person was there and unlocked it; ``count`` grows with each use."""

    origin: str = "http://localhost:8000"
    flags: int = PRESENT | VERIFIED
    count: int = 0
    handle: bytes = b""
    credential_id: bytes = field(default_factory=lambda: os.urandom(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def create(self, options: dict[str, Any]) -> str:
        """The answer to a request for a new passkey."""
        self.handle = base64url_to_bytes(options["user"]["id"])
        public = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: public.x.to_bytes(32, "big"), -3: public.y.to_bytes(32, "big")}
        about = os.urandom(16) + struct.pack(">H", len(self.credential_id)) + self.credential_id + encode_cbor(cose)
        data = self._data(options["rp"]["id"], self.flags | ATTESTED) + about
        made = encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer({"clientDataJSON": self._client("create", options), "attestationObject": made})

    def get(self, options: dict[str, Any]) -> str:
        """The answer to a request to show the passkey."""
        self.count += 1
        data, client = self._data(options["rpId"], self.flags), self._client("get", options)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer(
            {"clientDataJSON": client, "authenticatorData": data, "signature": signature, "userHandle": self.handle}
        )

    def _data(self, host: str, flags: int) -> bytes:
        return hashlib.sha256(host.encode()).digest() + struct.pack(">BI", flags, self.count)

    def _client(self, kind: str, options: dict[str, Any]) -> bytes:
        said = {"type": f"webauthn.{kind}", "challenge": options["challenge"], "origin": self.origin}
        return json.dumps(said).encode()

    def _answer(self, response: dict[str, bytes]) -> str:
        name = bytes_to_base64url(self.credential_id)
        encoded = {part: bytes_to_base64url(value) for part, value in response.items()}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": encoded})


def asked(client: Client, path: str) -> dict[str, Any]:
    """What the browser's dialogue is given; the client keeps the cookie that binds it."""
    answer = client.post(path, headers={"accept": "application/json"})
    assert answer.status_code == 200, answer.text
    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith(f"{BROWSER}="))
    client.more_cookies[BROWSER] = cookie.split("=", 1)[1].split(";")[0]
    found: dict[str, Any] = answer.json()
    return found


def add(client: Client, device: Device, name: str = "Phone") -> Any:
    options = asked(client, "/account/passkeys/options")
    return client.post("/account/passkeys", data={"name": name, "credential": device.create(options)})


def show(client: Client, device: Device, wanted: str = "") -> Any:
    options = asked(client, "/sign-in/passkey/options")
    return client.post("/sign-in/passkey", data={"credential": device.get(options), "next": wanted})
