"""Suggestions of who reads what: what they are computed from, and how their coordinator sees them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import col, select

from challenge.jury.fit import Said
from challenge.jury.models import Juror, Suggestion
from challenge.jury.queries.panel import Board, BoardRow, Cell, Member, board, round_of_jury
from challenge.jury.schemas import Suggesting
from challenge.jury.states import ReviewState, SuggestionState
from challenge.kernel.errors import Missing
from challenge.kernel.work import Work
from challenge.proposals.models import Proposal, ProposalChallenge
from challenge.rounds.models import Round
from challenge.rounds.states import Gate
from challenge.submissions.models import Submission


def inputs(w: Work, round_: Round, gate: Gate, asked: Suggesting) -> dict[str, Any]:
    """Who may write which reviews at a gate, by id, and what is there already.

    ``jurors``: id, least and most reviews. ``proposals``: id and reviews, those that are there included. Positions of
    a juror and a proposal: ``fixed`` have begun, ``keep`` are assigned, ``forbidden`` is what a conflict, the rules of
    the round or an earlier review rules out. ``missing``: reviews still needed. The rest is what was asked for.
    """
    now = board(w, round_, gate)
    pairs = [(at, to, row.cells[member.juror.id]) for at, member in enumerate(now.jurors)
             for to, row in enumerate(now.rows)]  # fmt: skip
    live = [(at, to, cell.review.state) for at, to, cell in pairs if cell.is_live and cell.review is not None]
    by_juror, by_proposal = Counter(at for at, _to, _state in live), Counter(to for _at, to, _state in live)
    return {
        "jurors": [_juror(member, gate, by_juror[at]) for at, member in enumerate(now.jurors)],
        "proposals": [{"id": row.id, "needs": row.needs + by_proposal[to]} for to, row in enumerate(now.rows)],
        "fixed": [[at, to] for at, to, state in live if state is not ReviewState.ASSIGNED],
        "keep": [[at, to] for at, to, state in live if state is ReviewState.ASSIGNED],
        "forbidden": [[at, to] for at, to, cell in pairs if not cell.is_live and _is_forbidden(cell)],
        "missing": sum(row.needs for row in now.rows),
        **asked.model_dump(),
    }


def _juror(member: Member, gate: Gate, here: int) -> dict[str, int]:
    """The load that is left for what the coordinator may see; what is there is never too much."""
    juror, elsewhere = member.juror, member.load.get(gate, 0) - here
    most = max(juror.load_max - elsewhere, here)
    return {"id": juror.id, "least": min(max(juror.load_min - elsewhere, 0), most), "most": most}


def _is_forbidden(cell: Cell) -> bool:
    return cell.conflict is not None or cell.review is not None or cell.country is not None


def said_by_jurors(w: Work, ids: list[int]) -> list[Said]:
    """Themes, expertise and languages, in the order of ``ids``."""
    found = {one.id: one for one in w.session.exec(select(Juror).where(col(Juror.id).in_(ids)))}
    return [Said(frozenset(found[key].themes), found[key].expertise, frozenset(found[key].languages)) for key in ids]


def said_by_proposals(w: Work, ids: list[int]) -> list[Said]:
    """Themes of the challenges they answer, and title, summary and answers, in the order of ``ids``."""
    found = {one.id: one for one in w.session.exec(select(Proposal).where(col(Proposal.id).in_(ids)))}
    rows = w.session.execute(
        select(ProposalChallenge.proposal_id, Submission.themes)
        .join(Submission, col(Submission.id) == ProposalChallenge.submission_id)
        .where(col(ProposalChallenge.proposal_id).in_(ids))
    )
    themes: dict[int, set[str]] = {}
    for key, keys in rows:
        themes.setdefault(key, set()).update(keys)
    return [Said(frozenset(themes.get(key, ())), _words(found[key])) for key in ids]


def _words(proposal: Proposal) -> str:
    answers = [value for value in proposal.answers.values() if isinstance(value, str)]
    return "\n".join([proposal.title, proposal.summary, *answers])


def suggestion(w: Work, round_code: str, code: str) -> Suggestion:
    """One of the actor's own, in a round whose jury they run. Raises Missing."""
    round_ = round_of_jury(w, round_code)
    found = w.session.exec(
        select(Suggestion).where(
            Suggestion.code == code, Suggestion.round_id == round_.id, Suggestion.by_id == w.actor.id
        )
    ).first()
    if found is None:
        raise Missing
    return found


def latest_suggestion(w: Work, round_: Round, gate: Gate) -> Suggestion | None:
    """The actor's last one at a gate."""
    return w.session.exec(
        select(Suggestion)
        .where(Suggestion.round_id == round_.id, Suggestion.gate == gate, Suggestion.by_id == w.actor.id)
        .order_by(col(Suggestion.id).desc())
        .limit(1)
    ).first()


@dataclass(frozen=True, slots=True)
class Suggested:
    """A juror for a proposal, and why: parts between 0 and 1. ``is_taken``: no longer possible, or done by now."""

    member: Member
    theme: float
    text: float
    language: float
    fit: float
    is_taken: bool


@dataclass(frozen=True, slots=True)
class Moved:
    """A juror who would be released from a proposal, not having begun. ``is_taken``: begun or gone by now."""

    member: Member
    is_taken: bool


@dataclass(frozen=True, slots=True)
class SuggestedRow:
    """A proposal with who stays, who is suggested and who would be released."""

    row: BoardRow
    present: tuple[Member, ...]
    suggested: tuple[Suggested, ...]
    moved: tuple[Moved, ...]


@dataclass(frozen=True, slots=True)
class SuggestedLoad:
    """A juror's reviews at the gate, before and after."""

    member: Member
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A suggestion beside the board as it stands now. ``stuck``: what cannot be covered, and by whom."""

    suggestion: Suggestion
    rows: tuple[SuggestedRow, ...]
    loads: tuple[SuggestedLoad, ...]
    stuck: tuple[tuple[BoardRow, ...], tuple[Member, ...]]
    quotas: tuple[tuple[Member, str], ...]  # juror and key of a theme, where these are in the way

    @property
    def new(self) -> list[Suggested]:
        """Reviews that are not there yet."""
        return [one for row in self.rows for one in row.suggested]

    @property
    def moved(self) -> list[Moved]:
        """Reviews that would be released."""
        return [one for row in self.rows for one in row.moved]

    @property
    def stays(self) -> int:
        """How many reviews stay as they are."""
        return len(self.suggestion.inputs["fixed"]) + len(self.suggestion.inputs["keep"]) - len(self.moved)

    @property
    def count(self) -> int:
        """How many reviews can still be assigned as suggested."""
        return sum(not one.is_taken for one in self.new)


def shown(w: Work, round_: Round, found: Suggestion) -> Shown:
    """How its coordinator sees it: never a proposal they have a conflict with by now."""
    now = board(w, round_, found.gate)
    members = {member.juror.id: member for member in now.jurors}
    by_id = {row.id: row for row in now.rows}
    jurors = [members.get(one["id"]) for one in found.inputs["jurors"]]
    proposals = [by_id.get(one["id"]) for one in found.inputs["proposals"]]
    if found.state is not SuggestionState.READY:
        return Shown(found, (), (), *_in_the_way(found.result, jurors, proposals))
    before = {(at, to) for name in ("fixed", "keep") for at, to in found.inputs[name]}
    after = {(pair["juror"], pair["proposal"]): pair for pair in found.result["pairs"]}
    new, gone = defaultdict[int, list[Suggested]](list), defaultdict[int, list[Moved]](list)
    for (at, to), pair in after.items():
        member, row = jurors[at], proposals[to]
        if (at, to) not in before and member is not None and row is not None:
            cell = row.cells[member.juror.id]
            taken = cell.is_live or _is_forbidden(cell)
            new[to].append(
                Suggested(member, pair["theme"], pair["text"], pair["language"], pair["fit"], is_taken=taken)
            )
    for at, to in sorted(before - after.keys()):
        member, row = jurors[at], proposals[to]
        if member is not None and row is not None:
            review = row.cells[member.juror.id].review
            gone[to].append(Moved(member, is_taken=review is None or review.state is not ReviewState.ASSIGNED))
    rows = tuple(
        SuggestedRow(row, tuple(_staying(row, members, gone[to])), tuple(new[to]), tuple(gone[to]))
        for to, row in enumerate(proposals)
        if row is not None and (new[to] or gone[to])
    )
    return Shown(found, rows, tuple(_loads(now, rows)), ((), ()), ())


def _in_the_way(
    result: Mapping[str, Any], jurors: list[Member | None], proposals: list[BoardRow | None]
) -> tuple[tuple[tuple[BoardRow, ...], tuple[Member, ...]], tuple[tuple[Member, str], ...]]:
    rows = tuple(row for at in result.get("proposals", ()) if (row := proposals[at]) is not None)
    people = tuple(member for at in result.get("jurors", ()) if (member := jurors[at]) is not None)
    quotas = ((jurors[one["juror"]], one["theme"]) for one in result.get("quotas", ()))
    return (rows, people), tuple((member, theme) for member, theme in quotas if member is not None)


def _staying(row: BoardRow, members: Mapping[int, Member], gone: list[Moved]) -> Iterator[Member]:
    leaving = {one.member.juror.id for one in gone if not one.is_taken}
    return (members[key] for key, cell in row.cells.items() if cell.is_live and key not in leaving)


def _loads(now: Board, rows: tuple[SuggestedRow, ...]) -> Iterator[SuggestedLoad]:
    added = Counter(one.member.juror.id for row in rows for one in row.suggested if not one.is_taken)
    added.subtract(Counter(one.member.juror.id for row in rows for one in row.moved if not one.is_taken))
    for member in now.jurors:
        before = member.load.get(now.gate, 0)
        yield SuggestedLoad(member, before, before + added[member.juror.id])
