"""One sentence for the next page, in a signed cookie that lives until it is shown."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json

from fastapi import Request
from starlette.responses import Response

COOKIE = "__Host-said"
TONES = frozenset({"success", "info", "warning"})


def _sign(request: Request, payload: bytes) -> str:
    return hmac.new(request.app.state.settings.secret, b"flash:" + payload, hashlib.sha256).hexdigest()[:32]


def put(request: Request, response: Response, tone: str, text: str) -> None:
    """Say ``text`` on the next page."""
    payload = base64.urlsafe_b64encode(json.dumps([tone, text]).encode())
    value = f"{payload.decode()}.{_sign(request, payload)}"
    response.set_cookie(COOKIE, value, max_age=120, path="/", secure=True, httponly=True, samesite="lax")


def read(request: Request) -> list[tuple[str, str]]:
    """What is to be said now; nothing when the signature is not ours."""
    payload, _, signature = request.cookies.get(COOKIE, "").rpartition(".")
    if not payload or not hmac.compare_digest(signature, _sign(request, payload.encode())):
        return []
    try:
        tone, text = json.loads(base64.urlsafe_b64decode(payload))
    except (ValueError, binascii.Error):
        return []
    return [(tone, text)] if tone in TONES else []


def clear(request: Request, response: Response) -> None:
    """It was shown."""
    if COOKIE in request.cookies:
        response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="lax")
