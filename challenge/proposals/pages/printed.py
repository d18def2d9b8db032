"""A proposal as PDF: the answers, then cities, indicators, budget, files, and who signed exactly this version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from challenge.http.printed import Content, Printing
from challenge.http.templates import day, moment, percent
from challenge.kernel import attachment
from challenge.kernel.i18n import Text, _
from challenge.kernel.money import euros
from challenge.kernel.typeset import Part, Section, Table, row
from challenge.kernel.typeset import Text as Answer
from challenge.kernel.work import Work
from challenge.people.queries import organisations
from challenge.proposals import content, money, rules
from challenge.proposals.lines import Indicator, tasks_in
from challenge.proposals.money import Sums
from challenge.proposals.pages.forms import CONTENT, DRAFTS, zone_of
from challenge.proposals.pages.tables import KINDS
from challenge.proposals.schemas import FORMS
from challenge.proposals.states import CATEGORIES, CommitmentKind, CommitmentState
from challenge.rounds.states import CITY_ROLES
from challenge.rounds.words import Country


def now(w: Work, proposal: Any) -> Content:
    """What stands in it, with the fingerprint that a signature on it would carry."""
    current = content.current(w, proposal)
    return Content(current.content, current.number if current.kept else None, current.hash)


def more(w: Work, proposal: Any, printed: Content) -> list[Section]:
    """What a proposal holds beside its answers."""
    kept = printed.content
    found: list[tuple[Text, list[Part]]] = [
        (CONTENT["challenges"], [Answer("\n".join(_challenges(w, proposal, kept)))] if kept["challenges"] else []),
        (CONTENT["cities"], [_cities(kept)] if kept["cities"] else []),
        (_("Tasks and their months"), [_tasks(kept)] if kept["answers"].get("work_plan") else []),
        (_("Indicators"), [_indicators(kept)] if kept["answers"].get("indicators") else []),
        (CONTENT["budget"], list(_budget(kept)) if kept["budget"] else []),
        (CONTENT["files"], [_files(w, proposal, kept)] if kept["files"] else []),
        (_("Signed by the cities"), list(_signatures(w, proposal, printed))),
    ]
    return [Section(str(title), parts) for title, parts in found if parts]


def _challenges(w: Work, proposal: Any, kept: Mapping[str, Any]) -> list[str]:
    titles = {found.code: found.title for found in content.challenges(w, proposal)}
    return [f"{code} {titles.get(code, '')}".strip() for code in kept["challenges"]]


def _cities(kept: Mapping[str, Any]) -> Table:
    roles = {str(role): str(text) for role, text in CITY_ROLES.items()}
    return Table(
        str(_("Partner cities")), row(_("City"), _("Country"), _("Role")),
        [row(city["name"], Country(city["country"]), roles[city["role"]]) for city in kept["cities"]],
    )  # fmt: skip


def _indicators(kept: Mapping[str, Any]) -> Table:
    lines = [Indicator.cells(line) for line in kept["answers"]["indicators"]]
    head = [_("What is measured"), _("Baseline"), _("Target"), _("Source")]
    rows = [[*line.values()] for line in lines]
    return Table(str(_("Indicators with baseline and target")), row(*head), rows)


def _tasks(kept: Mapping[str, Any]) -> Table:
    head = [_("Task"), _("Led by"), _("From month"), _("To month")]
    rows = [row(task.name, task.lead, task.first, task.last) for task in tasks_in(kept["answers"]["work_plan"])]
    return Table(str(_("Tasks with their first and last month")), row(*head), rows, right=(2, 3))


def _budget(kept: Mapping[str, Any]) -> Iterator[Table]:
    """By partner and category somebody spends in; then by year, with what each pays itself and asks for."""
    sheet, everybody = money.sheet_in(kept), str(_("All"))
    used = [category for category in CATEGORIES if sheet.all.of_category(category)]

    def by_category(name: str, sums: Sums) -> list[str]:
        return [name, *(euros(sums.of_category(category)) for category in used), euros(sums.total)]

    def by_year(name: str, sums: Sums) -> list[str]:
        cents = [*(sums.of_year(year) for year in sheet.years), sums.total, sums.own, sums.asked]
        return [name, *map(euros, cents), percent(sums.rate)]

    heads = (
        (_("Budget by partner and category"), by_category, [*(CATEGORIES[category] for category in used), _("Total")]),
        (
            _("Budget by partner and year, own shares and what is asked for"), by_year,
            [*(_("Year %(n)s", n=year) for year in sheet.years), _("Total"), _("Own share"), _("Asked for"),
             _("Funding rate")],
        ),
    )  # fmt: skip
    for caption, cells, head in heads:
        rows = [cells(sheet.names[code], sums) for code, sums in sheet.partners.items()]
        right = tuple(range(1, len(head) + 1))
        total = cells(everybody, sheet.all)
        yield Table(str(caption), row(_("Partner"), *head), rows, right=right, total=total)


def _files(w: Work, proposal: Any, kept: Mapping[str, Any]) -> Table:
    names = {file.sha256: file.name for file in attachment.of(w, content.WORKFLOW, proposal.code)}
    return Table(
        str(_("Files that belong to this version")), row(_("File"), _("Fingerprint (SHA-256)")),
        [[names.get(sha256, str(_("no longer here"))), sha256] for sha256 in kept["files"]],
    )  # fmt: skip


def _signatures(w: Work, proposal: Any, printed: Content) -> Iterator[Table]:
    """Sign-offs of exactly this version, and the formal decisions that count."""
    signed = [one for one in rules.commitments(w, proposal) if printed.hash and _belongs(one, printed.hash)]
    if not signed:
        return
    held, zone = organisations(w, [one.city_id for one in signed]), zone_of(w, proposal)
    rows = []
    for one in signed:
        is_decision = one.kind is CommitmentKind.FORMAL_DECISION
        what = _("Formal decision on version %(number)s", number=one.revision_number) if is_decision else _("Sign-off")
        when = f"{one.body}, {day(one.decided_on)}" if is_decision else moment(one.signed_at, zone)
        rows.append(row(held[one.city_id].name, what, when))
    caption = _("Sign-offs are of the fingerprint at the foot of each page")
    yield Table(str(caption), row(_("City"), _("What"), _("When")), rows)


def _belongs(one: Any, fingerprint: str) -> bool:
    if one.kind is CommitmentKind.FORMAL_DECISION:
        return bool(one.state is CommitmentState.SIGNED)
    return one.revision_hash == fingerprint and one.signed_at is not None and one.state is not CommitmentState.WITHDRAWN


PRINTING = Printing(
    drafts=DRAFTS, kicker=_("Proposal"), now=now, model=lambda _w, proposal: FORMS[content.last_gate(proposal)],
    columns=content.COLUMNS, elsewhere=frozenset({"title", "summary", "publish", *KINDS}), more=more,
)  # fmt: skip
