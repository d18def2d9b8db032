"""Suggestions of who reads what: what they are computed from, and how their coordinator sees them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import col, select

from challenge.jury.fit import Said
from challenge.jury.models import Juror, Suggestion
from challenge.jury.queries.panel import Board, BoardRow, Member, board, round_of_jury
from challenge.jury.states import SuggestionState
from challenge.kernel.errors import Missing
from challenge.kernel.work import Work
from challenge.proposals.models import Proposal, ProposalChallenge
from challenge.rounds.models import Round
from challenge.rounds.states import Gate
from challenge.submissions.models import Submission


def inputs(w: Work, round_: Round, gate: Gate) -> dict[str, Any]:
    """The missing reviews of a gate and who could write them, by id; every live review stays as it is.

    ``jurors``: id, least and most further reviews. ``proposals``: id and reviews needed. ``forbidden``: positions of
    a juror and a proposal between whom a conflict, or a review that was there before, stands.
    """
    now = board(w, round_, gate)
    rows = [row for row in now.rows if row.needs]
    return {
        "jurors": [_juror(member, gate) for member in now.jurors],
        "proposals": [{"id": row.id, "needs": row.needs} for row in rows],
        "forbidden": [
            [at, to]
            for at, member in enumerate(now.jurors)
            for to, row in enumerate(rows)
            if _is_forbidden(row, member.juror.id)
        ],
    }


def _juror(member: Member, gate: Gate) -> dict[str, int]:
    load, juror = member.load.get(gate, 0), member.juror
    return {"id": juror.id, "least": max(juror.load_min - load, 0), "most": max(juror.load_max - load, 0)}


def _is_forbidden(row: BoardRow, juror_id: int) -> bool:
    cell = row.cells[juror_id]
    return cell.conflict is not None or cell.review is not None


def said_by_jurors(w: Work, ids: list[int]) -> list[Said]:
    """Themes and expertise, in the order of ``ids``."""
    found = {one.id: one for one in w.session.exec(select(Juror).where(col(Juror.id).in_(ids)))}
    return [Said(frozenset(found[key].themes), found[key].expertise) for key in ids]


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
    fit: float
    is_taken: bool


@dataclass(frozen=True, slots=True)
class SuggestedRow:
    """A proposal with who reads it already and who is suggested."""

    row: BoardRow
    present: tuple[Member, ...]
    suggested: tuple[Suggested, ...]


@dataclass(frozen=True, slots=True)
class SuggestedLoad:
    """A juror's reviews at the gate, before and after."""

    member: Member
    before: int
    added: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A suggestion beside the board as it stands now. ``stuck``: what cannot be covered, and by whom."""

    suggestion: Suggestion
    rows: tuple[SuggestedRow, ...]
    loads: tuple[SuggestedLoad, ...]
    stuck: tuple[tuple[BoardRow, ...], tuple[Member, ...]]

    @property
    def count(self) -> int:
        """How many reviews can still be assigned as suggested."""
        return sum(not one.is_taken for row in self.rows for one in row.suggested)


def shown(w: Work, round_: Round, found: Suggestion) -> Shown:
    """How its coordinator sees it: never a proposal they have a conflict with by now."""
    now = board(w, round_, found.gate)
    members = {member.juror.id: member for member in now.jurors}
    by_id = {row.id: row for row in now.rows}
    jurors = [one["id"] for one in found.inputs["jurors"]]
    proposals = [one["id"] for one in found.inputs["proposals"]]
    if found.state is SuggestionState.IMPOSSIBLE:
        rows = tuple(by_id[proposals[at]] for at in found.result["proposals"] if proposals[at] in by_id)
        people = tuple(members[jurors[at]] for at in found.result["jurors"] if jurors[at] in members)
        return Shown(found, (), (), (rows, people))
    chosen: dict[int, list[Suggested]] = {}
    for pair in found.result.get("pairs", []):
        row, member = by_id.get(proposals[pair["proposal"]]), members.get(jurors[pair["juror"]])
        if row is not None and member is not None:
            one = Suggested(member, pair["theme"], pair["text"], pair["fit"], _is_forbidden(row, member.juror.id))
            chosen.setdefault(row.id, []).append(one)
    rows_ = tuple(
        SuggestedRow(by_id[key], tuple(_present(by_id[key], members)), tuple(ones)) for key, ones in chosen.items()
    )
    return Shown(found, rows_, tuple(_loads(now, chosen)), ((), ()))


def _present(row: BoardRow, members: Mapping[int, Member]) -> Iterator[Member]:
    return (members[key] for key, cell in row.cells.items() if cell.is_live)


def _loads(now: Board, chosen: Mapping[int, list[Suggested]]) -> Iterator[SuggestedLoad]:
    added = Counter(one.member.juror.id for ones in chosen.values() for one in ones if not one.is_taken)
    for member in now.jurors:
        yield SuggestedLoad(member, member.load.get(now.gate, 0), added[member.juror.id])
