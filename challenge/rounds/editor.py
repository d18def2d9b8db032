"""The parts of the rules' editor: which values of the document each asks for, and how answers become a document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, get_args

from pydantic import BaseModel, Field, create_model
from pydantic.fields import FieldInfo

from challenge.kernel.ask import Ask, Instant
from challenge.kernel.i18n import N_, Text, _
from challenge.people.spelling import plain
from challenge.rounds.schemas import RoundDocument
from challenge.rounds.states import CLOSES, GATES, OPENS, Gate, WindowName
from challenge.rounds.wording import field_at, model_of_list

ANNOTATED: Any = Annotated


@dataclass(frozen=True, slots=True)
class Table:
    """A list within a part, edited as rows. ``single`` names the one field of a list of plain texts."""

    path: str
    row: Text  # what one row is called
    single: str = ""

    @property
    def name(self) -> str:
        """How its fields begin in the form."""
        return self.path.rsplit(".", maxsplit=1)[-1]


@dataclass(frozen=True, slots=True)
class Part:
    """A page of the editor."""

    slug: str
    title: Text
    lead: Text
    paths: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()

    @property
    def is_windows(self) -> bool:
        """Whether this is the page of dates, which asks by window."""
        return self.slug == "windows"

    def holds(self, path: str) -> bool:
        """Whether a value of the document is edited here."""
        if self.is_windows:
            return path.startswith("windows.")
        return path in self.paths or any(path == table.path for table in self.tables)


def _in_rules(*names: str) -> tuple[str, ...]:
    return tuple(f"rules.{name}" for name in names)


def _gate(gate: Gate) -> Part:
    names = ("on", "judges", "reviews", "blind", "owed", "total_threshold")
    return Part(
        slug=gate.replace("_", "-"),
        title=_("Gate: %(gate)s", gate=GATES[gate]),
        lead=_("Who judges at this gate, by what, and what cities promise before it."),
        paths=_in_rules(*(f"gates.{gate}.{name}" for name in names)),
        tables=(Table(f"rules.gates.{gate}.criteria", _("Criterion")),),
    )


PARTS: tuple[Part, ...] = (
    Part(
        "basics", _("Basics"), _("What the round is called and what it is about."),
        ("title", "summary", "zone", "budget_cents"), (Table("rules.themes", _("Theme")),),
    ),
    Part(
        "windows", _("Dates"),
        _("When each window opens and closes. Gates that are on and the challenges need dates before you publish."),
    ),
    Part(
        "cities", _("Who may take part"), _("Cities, their limits, and the pairing rule."),
        _in_rules("submitter_kinds", "city_kinds", "submissions_per_city", "interests_per_city", "pairing",
                  "min_cities", "home_country"),
    ),
    *(_gate(gate) for gate in Gate),
    Part(
        "money", _("Pilots and money"), _("How many pilots of which size, and what happens until they are agreed."),
        _in_rules("pilots_per_city", "decision_before_agreement", "offer_days", "cure_days",
                  "transfer_percent"),
        (Table("rules.size_classes", _("Size")),),
    ),
    Part(
        "fairness", _("Deadlines and fairness"), _("Grace, marks, ties, conflicts of interest, appeals and data."),
        _in_rules("grace_seconds", "ranking", "scale.maximum", "scale.step", "spread_alert", "conflict_years",
                  "jurors_from_elsewhere", "reaction_days", "reaction_pages", "appeal_days", "retention_years.drafts",
                  "retention_years.declined", "retention_years.funded"),
        (Table("rules.tie_ladder", _("Rung"), single="rung"),
         Table("rules.host_organisations", _("Host"), single="host")),
    ),
)  # fmt: skip
BY_SLUG: Mapping[str, Part] = {part.slug: part for part in PARTS}

SINGLES = {
    "rung": (ANNOTATED[str, Ask("select")], Field(title=N_("What decides"))),
    "host": (str, Field(max_length=120, title=N_("Name of the organisation"))),
}


def name_of(path: str) -> str:
    """The field's name in the form of its part."""
    if path.startswith("rules.gates."):
        return path.rsplit(".", maxsplit=1)[-1]
    return path.removeprefix("rules.").replace(".", "_")


@cache
def form_model(slug: str) -> type[BaseModel]:
    """The form of a part, without its tables. Nothing has a default: an empty answer is not "as before"."""
    part = BY_SLUG[slug]
    if part.is_windows:
        return create_model("WindowsForm", **_date_fields())
    fields: Any = {name_of(path): _field(field_at(path)) for path in part.paths}
    return create_model(f"{slug.title()}Form", **fields)


def _field(info: FieldInfo) -> tuple[Any, Any]:
    annotation = ANNOTATED[(info.annotation, *info.metadata)] if info.metadata else info.annotation
    default: Any = ... if info.is_required() else info.get_default(call_default_factory=True)
    is_optional = type(None) in get_args(info.annotation)
    kept = None if is_optional else "" if default == "" else ...
    return annotation, Field(kept, title=info.title, description=info.description)


def _date_fields() -> Any:
    asked = ANNOTATED[Instant | None, Ask("datetime")]
    return {
        f"{name}_{end}": (asked, Field(None, title=words[name].message))
        for name in WindowName
        for end, words in (("opens_at", OPENS), ("closes_at", CLOSES))
    }


@cache
def row_model(path: str, single: str) -> type[BaseModel]:
    """The form of one row of a table, without its key."""
    if single:
        fields: Any = {single: SINGLES[single]}
    else:
        model = model_of_list(path)
        fields = {name: _row_field(info) for name, info in model.model_fields.items() if name != "key"}
    return create_model(f"{path.title().replace('.', '')}Row", **fields)


def _row_field(info: FieldInfo) -> tuple[Any, Any]:
    annotation, asked = _field(info)
    return annotation, asked


# From the document to answers, and back


def answers(part: Part, document: RoundDocument) -> dict[str, Any]:
    """The part's answers as the document has them."""
    if part.is_windows:
        return {
            f"{window.name}_{end}": getattr(window, end)
            for window in document.windows
            for end in ("opens_at", "closes_at")
        }
    return {name_of(path): at(document, path) for path in part.paths}


def rows(table: Table, document: RoundDocument) -> list[dict[str, Any]]:
    """The table's rows as the document has them."""
    entries = at(document, table.path)
    if table.single:
        return [{table.single: entry} for entry in entries]
    return [entry.model_dump() for entry in entries]


def at(document: RoundDocument, path: str) -> Any:
    """The value a path leads to."""
    value: Any = document
    for name in path.split("."):
        value = value[Gate(name)] if isinstance(value, dict) else getattr(value, name)
    return value


def applied(
    part: Part, document: RoundDocument, given: BaseModel, tables: Mapping[str, list[dict[str, Any]]]
) -> RoundDocument:
    """The document with the part's answers. Raises ValidationError where it no longer hangs together."""
    data = document.model_dump()
    if part.is_windows:
        data["windows"] = _windows(given)
    for path in part.paths:
        _set(data, path, getattr(given, name_of(path)))
    for table in part.tables:
        entries = tables[table.path]
        _set(data, table.path, [entry[table.single] for entry in entries] if table.single else keyed(entries))
    return RoundDocument.model_validate(data)


def _windows(given: BaseModel) -> list[dict[str, Any]]:
    dates = {name: (getattr(given, f"{name}_opens_at"), getattr(given, f"{name}_closes_at")) for name in WindowName}
    return [
        {"name": name, "opens_at": opens_at, "closes_at": closes_at}
        for name, (opens_at, closes_at) in dates.items()
        if opens_at is not None or closes_at is not None
    ]


def _set(data: dict[Any, Any], path: str, value: Any) -> None:
    *way, last = path.split(".")
    for name in way:
        data = data[name]
    data[last] = value


def keyed(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows with their keys: an old row keeps its own, a new one is named after its title."""
    taken = {entry["key"] for entry in entries if entry.get("key")}
    found = []
    for entry in entries:
        key = entry.get("key") or _new_key(str(entry["title"]), taken)
        taken.add(key)
        found.append({**entry, "key": key})
    return found


def _new_key(title: str, taken: set[str]) -> str:
    word = "_".join(mark for mark in plain(title).split() if mark.isascii())[:24] or "entry"
    base = word if word[0].isalpha() else f"n_{word}"[:24]
    number, key = 1, base
    while key in taken:
        number += 1
        key = f"{base}_{number}"
    return key
