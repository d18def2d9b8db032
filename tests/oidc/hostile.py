"""A provider of our own that lies on demand: it signs whatever a test wants it to say."""

from __future__ import annotations

import base64
import contextlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc.jwk import ECKey

CLIENT = "city"
SECRET = "a secret for the tests only, long"


@dataclass
class Hostile:
    """``claims`` and ``header`` are put over the honest ones; ``token`` replaces the ID token; ``signer`` signs it."""

    issuer: str = ""
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "first", "use": "sig"}))
    listed: list[ECKey] = field(default_factory=list)
    signer: ECKey | bytes | None = None
    claims: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    token: Callable[[dict[str, Any]], str] | None = None
    described: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    now: int = 0
    nonce: str = ""
    asked: list[str] = field(default_factory=list)
    forms: list[dict[str, str]] = field(default_factory=list)

    def description(self) -> dict[str, Any]:
        ends = {
            "authorization_endpoint": "auth",
            "token_endpoint": "token",
            "jwks_uri": "jwks",
            "userinfo_endpoint": "me",
        }
        return {"issuer": self.issuer, **{name: f"{self.issuer}/{end}" for name, end in ends.items()}, **self.described}

    def id_token(self) -> str:
        honest = {
            "iss": self.issuer, "sub": "s-1", "aud": CLIENT, "iat": self.now, "exp": self.now + 300,
            "nonce": self.nonce, "email": "mari@example.org", "email_verified": True,
        }  # fmt: skip
        claims = {name: value for name, value in {**honest, **self.claims}.items() if value is not None}
        if self.token:
            return self.token(claims)
        header = {"alg": "ES256", "kid": "first", **self.header}
        return signed({k: v for k, v in header.items() if v is not None}, claims, self.signer or self.key)

    def jwks(self) -> dict[str, Any]:
        return {"keys": [key.as_dict(private=False) for key in self.listed or [self.key]]}


def signed(header: dict[str, Any], claims: dict[str, Any], key: ECKey | bytes) -> str:
    """A token made by hand: libraries refuse to make the odd ones. Bytes are a key for HMAC."""
    text = ".".join(
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in (header, claims)
    )
    if isinstance(key, bytes):
        signature = hmac.digest(key, text.encode(), "sha256")
    else:
        size = (key.curve_key_size + 7) // 8
        numbers = decode_dss_signature(key.private_key.sign(text.encode(), ECDSA(SHA256())))
        signature = b"".join(number.to_bytes(size, "big") for number in numbers)
    return f"{text}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def unsigned(claims: dict[str, Any]) -> str:
    """The classic: ``alg`` none, and no signature."""
    return signed({"alg": "none"}, claims, b"").rpartition(".")[0] + "."


@contextlib.contextmanager
def running() -> Iterator[Hostile]:
    """Serve it on loopback."""
    hostile = Hostile()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.reply()

        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["content-length"] or 0)).decode()
            hostile.forms.append({name: values[0] for name, values in parse_qs(sent).items()})
            self.reply()

        def reply(self) -> None:
            path = urlsplit(self.path).path
            hostile.asked.append(path)
            status, headers, body = hostile.answers.get(path) or (200, {}, json.dumps(self.said(path)).encode())
            self.send_response(status)
            for name, value in {
                "content-type": "application/json",
                "content-length": str(len(body)),
                **headers,
            }.items():
                self.send_header(name, value)
            self.end_headers()
            with contextlib.suppress(OSError):  # who asked may have heard enough
                self.wfile.write(body)

        def said(self, path: str) -> dict[str, Any]:
            if path == "/token":
                return {"access_token": "a", "token_type": "Bearer", "expires_in": 60, "id_token": hostile.id_token()}
            if path == "/jwks":
                return hostile.jwks()
            return hostile.userinfo if path == "/me" else hostile.description()

        def log_message(self, *_arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hostile.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield hostile
    server.shutdown()
    thread.join()
    server.server_close()
