"""PDF: a document as plain data, set by one template. Tagged (PDF/UA-1), the same bytes for the same data.

Values reach the template as data, never as markup, and it reads no file and no font of the machine. Setting takes some
20 ms of computing: call it outside the unit of work.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

TEMPLATE: Final = Path(__file__).with_name("document.typ")
# What the built-in fonts hold, tried sign by sign: Latin, Greek, Cyrillic, and signs for text, money and mathematics.
SHOWN: Final = (
    (0x20, 0x7E), (0xA0, 0x4FF), (0x1E00, 0x1FFF), (0x2010, 0x2027), (0x2030, 0x205E), (0x20A0, 0x20C0),
    (0x2100, 0x2151), (0x2153, 0x2184), (0x2190, 0x23FF), (0x25A0, 0x262F),
)  # fmt: skip
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Mn", "Mc", "Me"})


@dataclass(frozen=True, slots=True)
class Text:
    """An answer under its question; empty lines part paragraphs."""

    text: str
    label: str = ""
    kind: str = field(default="text", init=False)


@dataclass(frozen=True, slots=True)
class Facts:
    """Short facts: a name and what it is."""

    rows: Sequence[Sequence[str]]
    kind: str = field(default="facts", init=False)


@dataclass(frozen=True, slots=True)
class Table:
    """A table: a row for each of ``rows``; the columns named in ``right`` hold numbers; ``total`` is the last row."""

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    right: Sequence[int] = ()
    total: Sequence[str] = ()
    kind: str = field(default="table", init=False)


Part = Text | Facts | Table


@dataclass(frozen=True, slots=True)
class Attached:
    """A file inside the file, so that what was signed can be checked with nothing else at hand: always JSON."""

    name: str
    text: str
    description: str


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it."""

    title: str
    parts: Sequence[Part]


@dataclass(frozen=True, slots=True)
class Document:
    """What is printed: ``kicker`` over the title, ``foot`` on every page (before its number)."""

    title: str
    language: str
    sections: Sequence[Section]
    kicker: str = ""
    lead: str = ""
    foot: str = ""
    facts: Sequence[Sequence[str]] = ()
    attached: Sequence[Attached] = ()
    is_wide: bool = False  # the long side below, small tables


def row(*cells: object) -> list[str]:
    """Cells in words, in the language that is spoken now."""
    return [str(cell) for cell in cells]


def showable(text: str) -> str:
    r"""The text with every sign the fonts hold; others stand by their name (``[BICYCLE]``), unseen ones are left out.

    >>> showable("Õhk 🚲\u200b")
    'Õhk [BICYCLE]'
    """
    kept = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\t", " "))
    return "".join(map(_sign, kept)).strip()


def _sign(sign: str) -> str:
    kind = unicodedata.category(sign)
    if sign == "\n":
        return sign
    if kind in _UNSEEN:
        return ""
    if kind != "Cn" and any(first <= ord(sign) <= last for first, last in SHOWN):
        return sign
    return " " if kind.startswith("Z") else f"[{unicodedata.name(sign, f'U+{ord(sign):04X}')}]"


def _cleaned(value: Any) -> Any:
    """The same shape with every text showable."""
    if isinstance(value, str):
        return showable(value)
    if isinstance(value, dict):
        return {key: _cleaned(inner) for key, inner in value.items()}
    return [_cleaned(inner) for inner in value] if isinstance(value, list | tuple) else value


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text, lines kept."""
    return [part.strip("\n") for part in re.split(r"\n\s*\n", text) if part.strip()]


def pdf(document: Document) -> bytes:
    """The file. The same document gives the same bytes."""
    import typst  # noqa: PLC0415 -- 80 MB that most processes never need

    data = {**_cleaned(asdict(document)), "attached": [asdict(file) for file in document.attached]}
    data["title"] = data["title"] or "–"  # a heading may not be empty
    for part in _every_part(data["sections"]):
        if part["kind"] == "text":
            part["text"] = paragraphs(part["text"])
        elif part["kind"] == "table":
            part["widths"] = _widths(part)
    made = typst.compile(
        TEMPLATE.read_bytes(), sys_inputs={"data": json.dumps(data)}, pdf_standards=["ua-1"], ignore_system_fonts=True,
    )  # fmt: skip
    if not isinstance(made, bytes):  # a list only where the format is one file per page
        raise TypeError(type(made).__name__)
    return made


def _widths(table: dict[str, Any]) -> list[int]:
    """A share of the page for each column, by its longest cell within bounds; 0: as wide as its numbers."""
    columns = zip(table["head"], *table["rows"], strict=True)
    longest = [max(map(len, cells)) for cells in columns]
    return [0 if place in table["right"] else min(max(size, 6), 40) for place, size in enumerate(longest)]


def _every_part(sections: Iterable[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    return (part for section in sections for part in section["parts"])
