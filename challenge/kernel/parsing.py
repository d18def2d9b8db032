"""Looks into files and cleans them. Runs as a program of its own, in a child with little of everything (sandbox.py).

It imports nothing of ours, gets the bytes on stdin and answers on stdout: a line ``yes KIND`` or ``no REASON``, then
the cleaned bytes where cleaning was asked for. Whatever else happens, the parent takes for "unreadable".
"""

from __future__ import annotations

import contextlib
import ctypes
import io
import itertools
import json
import os
import re
import struct
import sys
import zipfile
from collections.abc import Callable, Iterator
from typing import IO, Any, Final

CPU_SECONDS: Final = 10
NICE: Final = 10  # whoever reads pages goes before whoever sends files
MEMORY: Final = 512 * 1024 * 1024
MOST_ENTRIES: Final = 2_000
MOST_UNPACKED: Final = 200 * 1024 * 1024
MOST_RATIO: Final = 100
MOST_PIXELS: Final = 50_000_000
MOST_ROWS: Final = 1_001  # of a sheet: its head, and what is read at once
MOST_COLUMNS: Final = 100
SMALL: Final = 1024 * 1024  # what a well-packed small part unpacks to harms nobody
LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)
OFFICE: Final = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}
PICTURES: Final = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg"}
FORMATS: Final = {"png": "PNG", "jpg": "JPEG"}
PROPERTIES: Final = {
    "docProps/core.xml": b'<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
    b'core-properties"/>',
    "docProps/app.xml": b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"'
    b"/>",
    "docProps/custom.xml": b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
    b'custom-properties"/>',
}
# Who wrote a comment or a change, under which name the file was saved and where.
NAMED = re.compile(rb'\b((?:w|w15|w16cex):(?:author|initials|userId|providerId)|userName|displayName|userId)="[^"]*"')
AUTHORS = re.compile(rb"<((?:\w+:)?author)>[^<]*</")
SAVED_AT = re.compile(rb"<(?:\w+:)?absPath\b[^>]*/>")
PDF_TRACES: Final = ("/Metadata", "/PieceInfo", "/LastModified", "/AF", "/EmbeddedFiles", "/JavaScript", "/AA")


class No(Exception):  # noqa: N818 -- an answer, not an error
    """The file is refused; the reason is one word."""


def look(kind: str, content: bytes) -> tuple[str, bytes]:
    """What kind of file this really is. Raises No."""
    if kind == "zip":
        return _look_into_office(content), b""
    _measure(io.BytesIO(content), kind)
    return kind, b""


def clean(kind: str, content: bytes) -> tuple[str, bytes]:
    """The same content without who made it, when, where and with what."""
    if kind == "pdf":
        return kind, _clean_pdf(content)
    if kind in FORMATS:
        return kind, _clean_picture(content, kind)
    return look("zip", content)[0], _clean_office(content)


def sheet(kind: str, content: bytes) -> tuple[str, bytes]:
    """The first sheet of a workbook as rows of texts, in JSON. A formula is the text it is written as. Raises No."""
    if look(kind, content)[0] != "xlsx":
        raise No("type")
    sys.modules["numpy"] = None  # type: ignore[assignment]  # openpyxl looks for it: it takes more than we have here
    from openpyxl import load_workbook  # noqa: PLC0415

    found = load_workbook(io.BytesIO(content), read_only=True, keep_links=False).worksheets[0]
    lines = itertools.islice(found.iter_rows(values_only=True), MOST_ROWS + 1)
    rows = [[_said(cell) for cell in line[:MOST_COLUMNS]] for line in lines]
    if len(rows) > MOST_ROWS:
        raise No("rows")
    return "xlsx", json.dumps(rows).encode()


def _said(cell: Any) -> str:
    """A cell as text: a day without its idle midnight, a whole number without its idle point."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).removesuffix(" 00:00:00")


def _look_into_office(content: bytes) -> str:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise No("type") from error
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    kind = next((kind for part, kind in OFFICE.items() if part in names and "[Content_Types].xml" in names), None)
    if kind is None or any(name.lower().endswith("vbaproject.bin") for name in names):
        raise No("type")
    declared = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES or declared > MOST_UNPACKED:
        raise No("bomb")
    if declared > SMALL and declared > MOST_RATIO * len(content):
        raise No("bomb")
    if len(set(names)) < len(names) or any(name.startswith("/") or ".." in name or "\\" in name for name in names):
        raise No("type")
    for entry in entries:
        _look_at_part(archive, entry)
    return kind


def _look_at_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Unpack it piece by piece: what it declares need not be true."""
    if entry.flag_bits & 1:
        raise No("type")  # encrypted
    count, head = 0, b""
    with archive.open(entry) as part:
        while piece := part.read(65_536):
            head = head or piece
            count += len(piece)
            if count > entry.file_size or (count > SMALL and count > MOST_RATIO * max(entry.compress_size, 1)):
                raise No("bomb")
    if entry.filename.endswith((".xml", ".rels")):
        with archive.open(entry) as part:
            _refuse_entities(part)
    elif picture := next((kind for mark, kind in PICTURES.items() if head.startswith(mark)), None):
        with archive.open(entry) as part:
            _measure(part, picture)


def _refuse_entities(part: IO[bytes]) -> None:
    """Entities are declared before the root element: no further is read."""
    from xml.sax import SAXParseException  # noqa: PLC0415 -- a child loads only what its file needs
    from xml.sax.handler import ContentHandler  # noqa: PLC0415

    from defusedxml import DefusedXmlException, sax  # noqa: PLC0415

    class Enough(Exception):  # noqa: N818
        """The root element has come."""

    class Root(ContentHandler):
        def startElement(self, *_arguments: Any) -> None:  # noqa: N802 -- SAX calls it so
            raise Enough

    try:
        with contextlib.suppress(Enough):
            sax.parse(part, Root(), forbid_dtd=True)
    except DefusedXmlException as error:
        raise No("bomb") from error
    except SAXParseException as error:
        raise No("type") from error


def _measure(file: IO[bytes], kind: str) -> Any:
    """Open a picture, so far that its size is known."""
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415

    Image.MAX_IMAGE_PIXELS = None  # asked below
    try:
        picture = Image.open(file, formats=(FORMATS[kind],))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise No("type") from error
    if picture.width * picture.height > MOST_PIXELS:
        raise No("pixels")
    return picture


def _clean_picture(content: bytes, kind: str) -> bytes:
    from PIL import ImageOps  # noqa: PLC0415

    picture = ImageOps.exif_transpose(_measure(io.BytesIO(content), kind))
    if kind == "png":
        picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    picture.info = {}
    made = io.BytesIO()
    picture.save(made, FORMATS[kind], **({"quality": 92} if kind == "jpg" else {}))
    return made.getvalue()


def _clean_office(content: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            part = zipfile.ZipInfo(entry.filename, LONG_AGO)
            part.compress_type, part.create_system, part.external_attr = zipfile.ZIP_DEFLATED, 0, 0
            new.writestr(part, _clean_part(entry.filename, old.read(entry)))
    return made.getvalue()


def _clean_part(name: str, content: bytes) -> bytes:
    if name in PROPERTIES:
        return PROPERTIES[name]
    if name.endswith((".xml", ".rels")):
        content = NAMED.sub(rb'\1=""', content)
        return SAVED_AT.sub(b"", AUTHORS.sub(rb"<\1></", content))
    picture = next((kind for mark, kind in PICTURES.items() if content.startswith(mark)), None)
    return content if picture is None else _clean_picture(content, picture)


def _clean_pdf(content: bytes) -> bytes:
    from pypdf import PdfReader, PdfWriter  # noqa: PLC0415
    from pypdf.errors import PyPdfError  # noqa: PLC0415

    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            raise No("type")
        writer = PdfWriter(clone_from=reader)
        for thing in _dictionaries(writer):
            for key in PDF_TRACES:
                thing.pop(key, None)
            if thing.get("/Subtype") != "/Widget" and "/Rect" in thing:  # who wrote the note, and when
                for key in ("/T", "/M", "/CreationDate", "/NM"):
                    thing.pop(key, None)
        writer.metadata = None
        made = io.BytesIO()
        writer.compress_identical_objects(remove_unreferenced=True)
        writer.write(made)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise No("type") from error
    return made.getvalue()


def _dictionaries(writer: Any) -> Iterator[Any]:
    """Every dictionary of the document, also those that stand in others."""
    seen: list[Any] = list(writer._objects)  # noqa: SLF001 -- pypdf has no public way to walk them
    while seen:
        thing = seen.pop()
        if isinstance(thing, dict):
            yield thing
            seen.extend(value for value in thing.values() if isinstance(value, dict | list))
        elif isinstance(thing, list):
            seen.extend(value for value in thing if isinstance(value, dict | list))


def confine() -> None:
    """Little processor time and memory, no files to write, no network, no other program: before the first byte."""
    sys.addaudithook(_deny)
    with contextlib.suppress(ImportError):
        import resource  # noqa: PLC0415 -- not on every platform

        os.nice(NICE)
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        _forbid_calls()


def _deny(event: str, _arguments: tuple[Any, ...]) -> None:
    if event.startswith(("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system")):
        message = f"a parser does not need {event}"
        raise PermissionError(message)


def _forbid_calls() -> None:
    """A seccomp filter: the kernel refuses sockets and other programs, whatever a broken parser is made to do."""
    import platform  # noqa: PLC0415

    calls = {"x86_64": (41, 42, 53, 57, 58, 59, 322), "aarch64": (198, 199, 203, 220, 221, 281)}.get(platform.machine())
    if calls is None:
        return
    machine = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}[platform.machine()]
    load, equal, answer, allow, refuse = 0x20, 0x15, 0x06, 0x7FFF0000, 0x00050001  # the last one: EPERM
    steps = [(load, 0, 0, 4), (equal, 1, 0, machine), (answer, 0, 0, refuse), (load, 0, 0, 0)]
    steps += [(equal, len(calls) - place, 0, call) for place, call in enumerate(calls)]
    steps += [(answer, 0, 0, allow), (answer, 0, 0, refuse)]
    code = b"".join(struct.pack("HBBI", *step) for step in steps)
    kept = ctypes.create_string_buffer(code)
    program = struct.pack("HxxxxxxP", len(steps), ctypes.addressof(kept))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(38, 1, 0, 0, 0) == 0:  # PR_SET_NO_NEW_PRIVS
        libc.prctl(22, 2, ctypes.create_string_buffer(program), 0, 0)  # PR_SET_SECCOMP, a filter


ACTS: dict[str, Callable[[str, bytes], tuple[str, bytes]]] = {"look": look, "clean": clean, "sheet": sheet}


def main() -> None:
    """One file, one answer."""
    confine()
    act, kind = sys.argv[1:3]
    try:
        found, content = ACTS[act](kind, sys.stdin.buffer.read())
    except No as no:
        sys.stdout.buffer.write(f"no {no}\n".encode())
        return
    sys.stdout.buffer.write(f"yes {found}\n".encode() + content)


if __name__ == "__main__":
    main()
