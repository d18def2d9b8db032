"""The forms of a page as a browser has them: where they go, what stands in them, which fields take text."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

TEXTUAL = frozenset({"text", "search", "email", "password", "url", "tel", "number", ""})
Attributes = list[tuple[str, str | None]]


@dataclass(slots=True)
class Form:
    """``texts``: name → the most characters it takes, None where the page gives no limit."""

    action: str
    method: str
    values: dict[str, list[str]] = field(default_factory=dict)
    texts: dict[str, int | None] = field(default_factory=dict)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._here: Form | None = None
        self._area: str | None = None
        self._select: str | None = None

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        given = {key: value or "" for key, value in attrs}
        if tag == "form":
            self._here = Form(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self._here)
        if self._here is None or (tag in {"input", "textarea", "select"} and not given.get("name")):
            return
        if tag == "input":
            self._input(self._here, given)
        elif tag == "textarea":
            self._area = given["name"]
            self._here.values[self._area] = [""]
            self._take(self._here, given)
        elif tag == "select":
            self._select = given["name"]
        elif tag == "option" and self._select is not None and "selected" in given:
            self._here.values.setdefault(self._select, []).append(given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._here = None
        elif tag == "textarea":
            self._area = None
        elif tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._area is not None and self._here is not None:
            self._here.values[self._area][0] += data

    def _input(self, here: Form, given: dict[str, str]) -> None:
        kind = given.get("type", "")
        if kind in {"file", "submit", "button", "image"}:
            return
        if kind not in {"checkbox", "radio"} or "checked" in given:
            here.values.setdefault(given["name"], []).append(given.get("value", ""))
        if kind in TEXTUAL:
            self._take(here, given)

    @staticmethod
    def _take(here: Form, given: dict[str, str]) -> None:
        most = given.get("maxlength", "")
        here.texts[given["name"]] = int(most) if most.isdigit() else None


def forms_of(page: str) -> list[Form]:
    """Every form of a page."""
    reader = _Reader()
    reader.feed(page)
    return reader.forms
