"""The columns of the table, and what stands in a row as it was written: nothing is guessed, unknown stays unknown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from challenge.kernel.errors import Invalid, Problem
from challenge.kernel.i18n import Text, _

UNKNOWN = frozenset({"", "?", "unknown", "not known", "teadmata"})


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in the file, what it takes, and an example."""

    name: str
    takes: Text
    example: str
    required: bool = False


COLUMNS = (
    Column("key", _("Your own short name for the pilot. A key that is there already is not imported twice."),
           "P-URBANSPLASH", required=True),
    Column("round", _("Code or title of the round it belongs to."), "Smart City Challenge 2023", required=True),
    Column("title", _("At most 120 characters."), "UrbanSplash", required=True),
    Column("state", _("agreed, running, completed or terminated."), "running", required=True),
    Column("cities", _("With country, the lead first, parted by semicolons."),
           "Tartu (EE); Fingal (IE); Dún Laoghaire-Rathdown (IE)", required=True),
    Column("followers", _("Follower cities, in the same way."), ""),
    Column("full_title", _("At most 240 characters."), "All-in-one solution for assessing bathing water quality"),
    Column("summary", _("One or two sentences for everybody."), "Sensors tell bathers when the water is safe."),
    Column("themes", _("Themes of its round, parted by semicolons."), ""),
    Column("budget_eur", _("In euros. Leave it empty when it is not known."), "1200000"),
    Column("months", _("How many months it takes."), "36"),
    Column("starts_on", _("A day, a month or a year: 2024-11-01, 2024-11 or 2024."), "2024-11"),
    Column("ends_on", _("A day, a month or a year."), ""),
    Column("lead", _("Who leads it, in words."), "FinEst Centre for Smart Cities (TalTech)"),
    Column("research_partners", _("Parted by semicolons."), "TalTech; University of Tartu; Dublin City University"),
    Column("products", _("What came out of it, parted by semicolons."), "Technology Toolbox; AI-Driven Data Platform"),
    Column("public_summary", _("What came of it, for everybody."), ""),
    Column("replication_plan", _("How others can do the same."), ""),
    Column("sources", _("Addresses that show it, parted by semicolons."), "https://finestcentre.eu/"),
    Column("notes", _("For coordinators and observers. Never public."), ""),
)  # fmt: skip
NAMES = tuple(column.name for column in COLUMNS)
REQUIRED = tuple(column.name for column in COLUMNS if column.required)


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it was written: ``number`` as a spreadsheet counts, cells by column; what is not known is not there."""

    number: int
    cells: dict[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str:
        """What stands in a column; empty when it is not known."""
        return self.cells.get(name, "")

    def parts(self, name: str) -> list[str]:
        """What stands in a column, parted by semicolons."""
        return [part.strip() for part in self.get(name).split(";") if part.strip()]


def rows_of(table: Sequence[Sequence[str]]) -> list[Row]:
    """The rows under the head. Raises Invalid naming columns that are missing or that nobody knows."""
    if not table:
        raise Invalid(Problem("no_head", _("The file has no row of column names. Begin with the template.")))
    head = [name.strip().lower() for name in table[0]]
    lacks = [name for name in REQUIRED if name not in head]
    odd = [name for name in head if name and name not in NAMES]
    twice = sorted({name for name in head if name and head.count(name) > 1})
    for code, names, text in (
        ("columns_missing", lacks, _("Columns are missing: %(names)s", names=", ".join(lacks))),
        (
            "columns_unknown",
            odd,
            _("Unknown columns: %(names)s. Take the names of the template.", names=", ".join(odd)),
        ),
        ("columns_twice", twice, _("Columns are there twice: %(names)s", names=", ".join(twice))),
    ):
        if names:
            raise Invalid(Problem(code, text))
    found = list(_rows(head, table[1:]))
    if not found:
        raise Invalid(Problem("no_rows", _("There is no row under the column names.")))
    return found


def _rows(head: list[str], table: Sequence[Sequence[str]]) -> Iterator[Row]:
    for number, line in enumerate(table, start=2):
        cells = {
            name: text.strip()
            for name, text in zip(head, line, strict=False)
            if name and text.strip().lower() not in UNKNOWN
        }
        if cells:
            yield Row(number, cells)
