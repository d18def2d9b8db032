"""Static files: read once, compressed once, served from memory under an address that names their content.

``/static/<hash>/app.css`` carries the hash of the whole folder and may be kept for ever; modules that import each other
by relative paths get hashed addresses for free. ``/static/app.css``, and any older hash (a page of the other node while
a new version is rolled out), answers with what is here now and asks the browser to check again.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response

from challenge.http.compression import accepts_gzip

FOLDER = Path(__file__).parent / "static"
DIGEST = re.compile(r"[0-9a-f]{12}/")
FOR_EVER, CHECK = "public, max-age=31536000, immutable", "no-cache"
SMALLEST = 200  # bytes: below this compression only adds
KINDS = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".lock": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
}
PACKED = frozenset({".woff2"})  # compressed already
SOURCES = frozenset({".scss", ".lock"})  # what the served files are made from

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file, plain and (where it pays) compressed."""

    kind: str
    plain: bytes
    packed: bytes | None
    tag: str


@dataclass(frozen=True, slots=True)
class Bundle:
    """The folder as it was when the process began."""

    digest: str
    files: dict[str, StaticFile]


@cache
def bundle(folder: Path = FOLDER) -> Bundle:
    """Every file of the folder; the digest covers all paths and contents."""
    files, whole = {}, hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix not in SOURCES):
        name, content = path.relative_to(folder).as_posix(), path.read_bytes()
        tag = hashlib.sha256(content).hexdigest()[:16]
        whole.update(f"{name}\0{tag}\n".encode())
        pays = len(content) >= SMALLEST and path.suffix not in PACKED
        packed = gzip.compress(content, 9, mtime=0) if pays else None
        files[name] = StaticFile(KINDS.get(path.suffix, "application/octet-stream"), content, packed, tag)
    return Bundle(whole.hexdigest()[:12], files)


def address(path: str) -> str:
    """The address of a static file, for ever the same content. KeyError for a file that is not there."""
    found = bundle()
    if path not in found.files:
        raise KeyError(path)
    return f"/static/{found.digest}/{path}"


async def serve(scope: Scope, receive: Receive, send: Send) -> None:
    """ASGI, mounted at ``/static``: GET and HEAD of what is in the folder."""
    if scope["method"] not in {"GET", "HEAD"}:
        raise HTTPException(405)
    headers = Headers(scope=scope)
    await answer(wanted(scope), headers)(scope, receive, send)


def wanted(scope: Scope) -> str:
    """The path below ``/static/``."""
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", "")).removeprefix("/static").lstrip("/")


def answer(path: str, headers: Headers) -> Response:
    """The file, or 304 when the browser has it already."""
    found = bundle()
    named = DIGEST.match(path)
    file = found.files.get(path[named.end() :] if named else path)
    if file is None:
        raise HTTPException(404)
    is_current = named is not None and named.group() == f"{found.digest}/"
    packed = file.packed if accepts_gzip(headers) else None
    tag = f'"{file.tag}{"" if packed is None else "-gz"}"'
    more = {"Cache-Control": FOR_EVER if is_current else CHECK, "ETag": tag}
    if file.packed is not None:
        more["Vary"] = "Accept-Encoding"
    if matches(headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=more)
    if packed is not None:
        more["Content-Encoding"] = "gzip"
    return Response(file.plain if packed is None else packed, headers=more, media_type=file.kind)


def matches(asked: str, tag: str) -> bool:
    """Whether an ``If-None-Match`` names this tag (weakly, as RFC 9110 §13.1.2 asks)."""
    tags = {entry.strip().removeprefix("W/") for entry in asked.split(",")}
    return tag in tags or "*" in tags
