"""Response times that could tell what is hidden (reliability.md, cases 4b and 11).

Two worlds differ only in who reviews a proposal and which marks were given. Whoever must not know asks both for the
same page, one pair after the other in random order; bodies must be the same bytes, and a rank test must not tell the
times apart. A third world, a copy of the first, says what the method finds where there is nothing; and a coordinator,
who may know, must see that the worlds differ.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from benchmarks.load import Browser
from benchmarks.ranks import median, rank_test
from benchmarks.result import Plan, Result
from benchmarks.service import Service, free_port, running, settings_of
from benchmarks.world import World, database, world
from challenge.proposals.states import ProposalState

P, DELTA_MS = 0.01, 2.0
NOT_THERE = "00000000"
Pair = tuple[str, str]  # two addresses, one for each side


@dataclass(frozen=True, slots=True)
class Subject:
    """The proposal of which something is hidden, and tokens of those from whom it is."""

    proposal: str
    review: str
    round: str
    foreign: str
    reader: int
    tokens: dict[str, str]

    def plain(self, path: str) -> str:
        """An address without the codes of this world."""
        for code in (self.proposal, self.review, self.round, self.foreign, NOT_THERE):
            path = path.replace(code, "{code}")
        return path


def measure(plan: Plan) -> Iterator[Result]:
    """A row per page."""
    with world(plan.of(1_000, 100)) as made:
        subject = _subject(made)
        copies = [made.path, _changed(made, subject), made.copy("same.db")]
        port = free_port()
        urls = [f"sqlite:///{path}" for path in copies]
        command = ["benchmarks.two_worlds", str(port), *urls]
        with running(command, port, settings_of(made.url, port, made.files)) as service:
            times = plan.of(500, 40)
            _differ(service, subject)
            for who, path in _pages(subject):
                yield _row(
                    "4(b)", f"{who}, {subject.plain(path)}", _twice(service, subject, who, (path, path), times, 1)
                )
            yield _row("control", "the same world twice, /home", _twice(
                service, subject, "applicant", ("/home", "/home"), times, 2), is_control=True)  # fmt: skip
            for who, there, absent in _codes(subject):
                found = _twice(service, subject, who, (there, absent), times, 0)
                yield _row("11", f"{who}, {subject.plain(there)} of others or none", found)


def _differ(service: Service, subject: Subject) -> None:
    """There is something to hide: who may know of it sees another review in the other world."""
    path = f"/reviews/{subject.review}"
    first, second = (Browser(service.port, subject.tokens["coordinator"], headers={"x-world": side}) for side in "01")
    answers = first.get(path), second.get(path)
    if {one.status for one in answers} != {200} or answers[0].body == answers[1].body:
        message = "the worlds do not differ for a coordinator: nothing is measured"
        raise RuntimeError(message)


def _subject(made: World) -> Subject:
    seeded = made.seeded
    judged = seeded.proposals.some[ProposalState.IN_JURY]
    chosen = judged[0]
    foreign = next(one for one in judged if one.lead.id != chosen.lead.id)
    with database(made.url) as opened, opened.engine.connect() as connection:
        review = connection.execute(
            text("SELECT code FROM review WHERE proposal_id = :id ORDER BY id LIMIT 1"), {"id": chosen.id}
        ).scalar_one()
        reader = connection.execute(
            text(
                "SELECT person_id FROM juror WHERE id NOT IN (SELECT juror_id FROM review WHERE proposal_id = :id)"
                " ORDER BY id LIMIT 1"
            ),
            {"id": chosen.id},
        ).scalar_one()
    who = {
        "applicant": chosen.lead.id, "other juror": reader, "applicant of another": foreign.lead.id,
        "coordinator": seeded.society.offices[0].id,
    }  # fmt: skip
    tokens = {name: made.session_of(person) for name, person in who.items()}
    return Subject(chosen.code, review, seeded.round_code, foreign.code, reader, tokens)


CHANGES = (  # one review is somebody else's; all of the proposal have other marks and longer words
    "UPDATE review SET juror_id = (SELECT max(j.id) FROM juror j WHERE j.id NOT IN"
    " (SELECT r.juror_id FROM review r WHERE r.proposal_id = review.proposal_id) AND j.person_id <> :reader)"
    " WHERE code = :review",
    "UPDATE score SET tenths = 50 - tenths, comment = comment || comment WHERE review_id IN"
    " (SELECT id FROM review WHERE proposal_id = (SELECT id FROM proposal WHERE code = :proposal))",
    "UPDATE review SET comment = comment || comment"
    " WHERE proposal_id = (SELECT id FROM proposal WHERE code = :proposal)",
)


def _changed(made: World, subject: Subject) -> Path:
    """The same world with another reviewer and other marks."""
    path = made.copy("other.db")
    names = {"review": subject.review, "proposal": subject.proposal, "reader": subject.reader}
    with database(f"sqlite:///{path}") as opened, opened.engine.begin() as connection:
        counts = [connection.execute(text(change), names).rowcount for change in CHANGES]
    if not all(counts):
        message = f"the worlds do not differ: {counts}"
        raise RuntimeError(message)
    return path


def _pages(subject: Subject) -> Sequence[tuple[str, str]]:
    own = f"/proposals/{subject.proposal}"
    return (
        ("applicant", "/home"), ("applicant", "/proposals"), ("applicant", own), ("applicant", f"{own}/outcome"),
        ("applicant", f"/api/v1{own}"), ("applicant", f"/reviews/{subject.review}"), ("applicant", "/api/v1/reviews"),
        ("applicant", f"/rounds/{subject.round}"), ("other juror", "/reviews"),
        ("other juror", f"/reviews/{subject.review}"), ("applicant of another", own),
    )  # fmt: skip


def _codes(subject: Subject) -> Sequence[tuple[str, str, str]]:
    """(who, somebody else's record, one that does not exist)."""
    return (
        ("applicant", f"/proposals/{subject.foreign}", f"/proposals/{NOT_THERE}"),
        ("applicant", f"/proposals/{subject.foreign}/outcome", f"/proposals/{NOT_THERE}/outcome"),
        ("applicant", f"/reviews/{subject.review}", f"/reviews/{NOT_THERE}"),
        ("applicant", f"/api/v1/proposals/{subject.foreign}", f"/api/v1/proposals/{NOT_THERE}"),
    )


@dataclass(frozen=True, slots=True)
class Found:
    """Milliseconds of each side, and whether the bodies were the same."""

    first: list[float]
    second: list[float]
    same: bool

    @property
    def p(self) -> float:
        """How likely such a difference is where there is none."""
        return rank_test(self.first, self.second)[0]


def _twice(service: Service, subject: Subject, who: str, pair: Pair, times: int, other: int) -> Found:
    """Once; where that tells the sides apart, once more: one page in a hundred would fail by chance alone."""
    found = _interleaved(service, subject, who, pair, times, other)
    return found if found.p > P else _interleaved(service, subject, who, pair, times, other)


def _interleaved(service: Service, subject: Subject, who: str, pair: Pair, times: int, other: int) -> Found:
    sides = [Browser(service.port, subject.tokens[who], headers={"x-world": str(side)}) for side in (0, other)]
    chance = random.Random(times)
    found: tuple[list[float], list[float]] = ([], [])
    same = True
    for turn in range(times + 20):
        order = [0, 1] if chance.random() < 0.5 else [1, 0]  # noqa: PLR2004
        bodies = {}
        for side in order:
            answer = sides[side].get(pair[side])
            bodies[side] = subject.plain(answer.text)
            if turn >= 20:  # noqa: PLR2004 -- the first ones warm up
                found[side].append(answer.seconds * 1_000)
        same = same and bodies[0] == bodies[1]
    for browser in sides:
        browser.close()
    return Found(*found, same)


def _row(case: str, name: str, found: Found, *, is_control: bool = False) -> Result:
    p, area = rank_test(found.first, found.second)
    delta = median(found.second) - median(found.first)
    holds = found.same and p > P and abs(delta) < DELTA_MS
    return Result(
        "worlds", f"{case} {name}",
        f"p {p:.3f}, Δ median {delta:+.2f} ms, bodies {'same' if found.same else 'DIFFER'}",
        f"p > {P}, |Δ| < {DELTA_MS:.0f} ms, same", holds=None if is_control else holds,
        against=f"median {median(found.first):.2f} ms",
        raw={"p": p, "area": area, "delta_ms": delta, "median_ms": median(found.first), "same": float(found.same)},
    )  # fmt: skip
