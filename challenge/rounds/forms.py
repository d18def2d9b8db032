"""A part of the editor as a page shows it: fields, rows, and what is wrong with them. Nothing typed is lost."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from zoneinfo import available_timezones

from pydantic import BaseModel, ValidationError

from challenge.http.forms import Choices, FieldView, Form
from challenge.http.messages import message_of
from challenge.http.sent import SentBody
from challenge.kernel.errors import Problem
from challenge.kernel.i18n import Text, _, _n, gettext
from challenge.kernel.journal import digest
from challenge.people.countries import countries
from challenge.rounds.document import leaves
from challenge.rounds.editor import Part, Table, answers, applied, form_model, name_of, row_model, rows
from challenge.rounds.rules import needed
from challenge.rounds.schemas import RoundDocument
from challenge.rounds.states import WindowName
from challenge.rounds.wording import (
    DEFAULTS,
    LADDER_WORDS,
    choices_of,
    default_at,
    field_at,
    ladder_word,
    source_of,
    worded,
)

MOST_ROWS = 40
ACTS = ("add", "remove", "up")


@dataclass(slots=True)
class RowForm:
    """One row of a table."""

    prefix: str
    key: str
    form: Form[Any]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed in it; a choice beside something to type does not count."""
        names = list(self.form.model.model_fields)
        typed = [name for name in names if len(names) == 1 or name not in self.form.choices]
        return not any(str(self.form.data.get(name) or "").strip() for name in typed)

    @property
    def fields(self) -> list[FieldView]:
        """Its fields under the names they have in the page."""
        return [replace(view, name=f"{self.prefix}-{view.name}") for view in self.form.fields]

    @property
    def wide(self) -> list[FieldView]:
        """The fields over the whole width: the first and long texts."""
        return [view for number, view in enumerate(self.fields) if number == 0 or view.widget == "textarea"]

    @property
    def narrow(self) -> list[FieldView]:
        """The fields that stand side by side."""
        return [view for view in self.fields[1:] if view.widget != "textarea"]


@dataclass(slots=True)
class TableForm:
    """A list as rows."""

    table: Table
    title: str
    hint: str
    rows: list[RowForm] = field(default_factory=list)

    @property
    def filled(self) -> list[RowForm]:
        """The rows somebody typed into."""
        return [row for row in self.rows if not row.is_empty]


class PartForm:
    """``document`` is what the part edits; ``result()`` the document with the answers, when they are right."""

    def __init__(
        self, part: Part, document: RoundDocument, form: Form[BaseModel], raw: Mapping[str, list[dict[str, Any]]]
    ) -> None:
        self.part, self.document, self.form = part, document, form
        self.tables = [self._table(table, raw[table.path]) for table in part.tables]

    @classmethod
    def shown(cls, part: Part, document: RoundDocument) -> PartForm:
        """The part as the document has it."""
        form = Form(form_model(part.slug), answers(part, document), choices=choices(part, document), zone=document.zone)
        return cls(part, document, form, {table.path: rows(table, document) for table in part.tables})

    @classmethod
    def sent(cls, part: Part, document: RoundDocument, body: SentBody) -> PartForm:
        """The part as it was sent; after “add”, “remove” or “up” with its rows changed, and unchecked."""
        form = Form.sent(form_model(part.slug), body, choices=choices(part, document), zone=document.zone)
        form.show_errors = not asks_for_rows(body)
        raw = {table.path: _changed(body, table, _read_rows(body, table)) for table in part.tables}
        return cls(part, document, form, raw)

    def _table(self, table: Table, entries: list[dict[str, Any]]) -> TableForm:
        info = field_at(table.path)
        made = TableForm(
            table, gettext(info.title) if info.title else "", gettext(info.description) if info.description else ""
        )
        for number, entry in enumerate(entries):
            data = {name: value for name, value in entry.items() if name != "key"}
            form = Form(
                row_model(table.path, table.single), data, choices=row_choices(table, self.document),
                zone=self.document.zone, checked=self.form.show_errors,
            )  # fmt: skip
            made.rows.append(RowForm(f"{table.name}-{number}", str(entry.get("key", "")), form))
        return made

    def result(self) -> RoundDocument | None:
        """The document with the answers; None when something is wrong, which is then said."""
        filled = {table.table.path: table.filled for table in self.tables}
        if not self.form.valid or not all(row.form.valid for rows in filled.values() for row in rows):
            return None
        if self.part.is_windows and (halves := self._halves()):
            for name in halves:
                self.form.say(name, _("Give both dates, or neither"))
            return None
        tables = {
            path: [{**row.form.value.model_dump(), "key": row.key} for row in rows] for path, rows in filled.items()
        }
        try:
            return applied(self.part, self.document, self.form.value, tables)
        except ValidationError as error:
            for found in error.errors(include_url=False):
                self.form.say(self._field_of(found["loc"]), message_of(found, None))
            return None

    def _halves(self) -> list[str]:
        """The dates that are missing beside one that is there."""
        given = self.form.value
        pairs = [(f"{name}_opens_at", f"{name}_closes_at") for name in WindowName]
        lone = [pair for pair in pairs if (getattr(given, pair[0]) is None) != (getattr(given, pair[1]) is None)]
        return [name for pair in lone for name in pair if getattr(given, name) is None]

    def _field_of(self, place: tuple[int | str, ...]) -> str:
        if place[:1] == ("windows",) and len(place) > 1:
            sent = [name for name in WindowName if any(self.form.data.get(f"{name}_{end}") for end in _ENDS)]
            end = place[2] if len(place) > 2 else "closes_at"  # noqa: PLR2004 -- ("windows", number, end)
            return f"{sent[int(place[1])]}_{end}"
        return ""

    def say_problem(self, problem: Problem) -> None:
        """Show a problem where it belongs, or on top."""
        for path, text in problem.fields.items():
            window = path.removeprefix("windows.")
            name = f"{window}_closes_at" if self.part.is_windows and window != path else name_of(path)
            self.form.say(name if name in self.form.model.model_fields else "", text)
        if not problem.fields:
            self.form.say("", problem.text)

    # What the page shows

    @property
    def fields(self) -> list[FieldView]:
        """The part's fields; hints say the default and whose it is."""
        views = self.form.fields
        if self.part.is_windows:
            return views
        return [
            replace(view, hint=" ".join(text for text in (view.hint, str(default_words(path))) if text))
            for view, path in zip(views, self.part.paths, strict=True)
        ]

    @property
    def windows(self) -> list[tuple[WindowName, FieldView, FieldView]]:
        """The dates by window."""
        must = needed(self.document.rules)
        names = [(name, name in must) for name in WindowName for _end in _ENDS]
        views = [replace(view, required=asked) for view, (_name, asked) in zip(self.fields, names, strict=True)]
        return list(zip(WindowName, views[::2], views[1::2], strict=True))

    @property
    def errors(self) -> list[tuple[str, str]]:
        """(address, text) of everything that is wrong."""
        if not self.form.show_errors:
            return []
        found = list(self.form.summary)
        for table in self.tables:
            for row in table.filled:
                found += [(f"#{row.prefix}-{name.lstrip('#')}", text) for name, text in row.form.summary]
        return found

    @property
    def errors_title(self) -> str:
        """How many answers need the person."""
        return str(_n("One answer needs you", "%(n)s answers need you", len(self.errors)))


_ENDS = ("opens_at", "closes_at")


def seen(part: Part, document: RoundDocument) -> str:
    """What a page was made from: another value when somebody has changed the part since."""
    values = {path: value for path, value in leaves(document).items() if part.holds(path)}
    return digest({path: sorted(value) if isinstance(value, set) else value for path, value in values.items()})[:16]


def asks_for_rows(body: SentBody) -> bool:
    """Whether a button of a table was pressed, not “Save”."""
    return any(body.get(act) for act in ACTS)


def choices(part: Part, document: RoundDocument) -> dict[str, Choices]:
    """What may be chosen in the part's fields."""
    if part.is_windows:
        return {}
    found: dict[str, Choices] = {name_of(path): choices_of(field_at(path)) for path in part.paths}
    found = {name: options for name, options in found.items() if options}
    if "zone" in part.paths:
        zones = {zone for zone in available_timezones() if zone.startswith("Europe/")} | {"UTC", document.zone}
        found["zone"] = [(zone, zone.replace("_", " ")) for zone in sorted(zones)]
    if "rules.home_country" in part.paths:
        found["home_country"] = countries()
    return found


def row_choices(table: Table, document: RoundDocument) -> dict[str, Choices]:
    """What may be chosen in a row."""
    if table.single == "rung":
        words = dict.fromkeys([*LADDER_WORDS, *sorted(document.rules.ladder_words - set(LADDER_WORDS))])
        return {"rung": [(word, ladder_word(word, document.rules)) for word in words]}
    if table.single:
        return {}
    fields = row_model(table.path, "").model_fields
    return {name: options for name, info in fields.items() if (options := choices_of(info))}


def default_words(path: str) -> Text | str:
    """“Default: 3 (FinEst 2023).” or “Default: 120 (of this service, not a FinEst rule).”"""
    source = source_of(field_at(path))
    if source is None:
        return ""
    value = worded(path, default_at(path), DEFAULTS)
    if source.ours:
        return _("Default of this service, not a FinEst rule: %(value)s.", value=value)
    return _("Default, as in the FinEst round of 2023: %(value)s.", value=value)


def _read_rows(body: SentBody, table: Table) -> list[dict[str, Any]]:
    names = set(row_model(table.path, table.single).model_fields) | {"key"}
    pattern = re.compile(rf"{re.escape(table.name)}-(\d{{1,3}})-(\w+)")
    found: dict[int, dict[str, Any]] = {}
    for name, values in body.fields.items():
        match = pattern.fullmatch(name)
        if match and match[2] in names:
            found.setdefault(int(match[1]), {})[match[2]] = values[-1].strip()
    return [found[number] for number in sorted(found)][:MOST_ROWS]


def _changed(body: SentBody, table: Table, entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows after “add”, “remove” or “up”: the value names the table and the row."""
    if body.get("add") == table.name and len(entries) < MOST_ROWS:
        return [*entries, {}]
    for act in ("remove", "up"):
        name, _dash, number = body.get(act).rpartition("-")
        if name != table.name or not number.isdigit() or int(number) >= len(entries):
            continue
        here = int(number)
        entry = entries.pop(here)
        if act == "up":
            entries.insert(max(here - 1, 0), entry)
    return entries
