"""Verbs of the example round: each is done by a person of the demo's cast through the same actions as the pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlmodel import select

from challenge.demo import texts
from challenge.demo.cast import PEOPLE, PLACES
from challenge.jury import actions as jury
from challenge.jury.models import Juror, Review
from challenge.jury.schemas import Acceptance, Declaration, MarkIn, ReviewIn
from challenge.jury.states import Confidence
from challenge.kernel.actor import SYSTEM
from challenge.kernel.database import Database
from challenge.kernel.money import split
from challenge.kernel.work import Work, open_work
from challenge.people.models import Organisation, Person
from challenge.people.queries import actor_of, find_by_email
from challenge.proposals import actions as proposals
from challenge.proposals import content
from challenge.proposals.asks import Point, Screening, Signature
from challenge.proposals.models import Proposal
from challenge.proposals.money import years_of
from challenge.proposals.rules import uncommitted
from challenge.proposals.schemas import NewProposal
from challenge.proposals.states import BudgetCategory, CommitmentKind
from challenge.rounds.models import Round
from challenge.rounds.states import CityRole, Gate
from challenge.settings import Settings
from challenge.submissions import actions as submissions
from challenge.submissions.asks import Checklist
from challenge.submissions.models import Submission

LEADS = {"kaldvere": "karl", "merilinna": "tiiu", "lindsund": "mikko", "ostmere": "nora", "havnsted": "liv"}
SHARES = ((BudgetCategory.STAFF, 60), (BudgetCategory.EQUIPMENT, 25), (BudgetCategory.SERVICES, 15))
CRITERIA = {
    Gate.PILOT_PROPOSAL: ("impact", "science", "transfer"),
    Gate.FULL_PROPOSAL: ("impact", "science", "transfer", "team", "plan"),
}


class Play:
    """The stage: a database, the settings, and the instant that counts as today."""

    def __init__(self, database: Database, settings: Settings, today: datetime) -> None:
        self.database, self.settings, self.today = database, settings, today

    @contextmanager
    def acting(self, who: str, days: float) -> Iterator[Work]:
        """A unit of work as this person, so many days from today (negative: before)."""
        at = self.today + timedelta(days=days)
        actor = SYSTEM
        if who != "system":
            with self.database.session(writing=False) as session:
                email = PEOPLE[who].email
                person = session.exec(select(Person).where(Person.email == email)).one()
                actor = actor_of(session, person, at, proven_at=at)
        with open_work(self.database, at, actor, secret=self.settings.secret) as w:
            yield w

    # Challenges

    def submit_challenge(self, place: str, key: str, days: float) -> str:
        """The city writes and submits it; gives back its code."""
        text = texts.CHALLENGES[key]
        with self.acting(LEADS[place], days) as w:
            contact, deputy = person_code(w, LEADS[place]), person_code(w, f"deputy_{place}")
            made = submissions.start(w, only_live(w), organisation(w, place), text.title)
            submissions.revise(w, made, texts.challenge_answers(text, contact, deputy))
            submissions.fire(w, made, "submit", None)
            return made.code

    def accept_challenge(self, code: str, days: float) -> None:
        """A coordinator reviews, ticks the points and accepts."""
        with self.acting("liis", days) as w:
            found = submission(w, code)
            submissions.fire(w, found, "review", None)
            submissions.check(w, found, Checklist(real=True, no_supplier=True, note=""))
            submissions.fire(w, found, "accept", None)

    def show_interest(self, place: str, code: str, reason: str, days: float) -> None:
        """Another city would like to take part."""
        with self.acting(LEADS[place], days) as w:
            submissions.show_interest(w, submission(w, code), organisation(w, place), reason)

    # Proposals

    def write_idea(self, lead: str, key: str, challenge: str, days: float) -> str:
        """A researcher starts a proposal and fills in everything; gives back its code."""
        text = texts.PROPOSALS[key]
        with self.acting(lead, days) as w:
            place = organisation(w, PEOPLE[lead].place or "institute")
            draft = NewProposal(title=text.title, organisation=place.id, challenges=[challenge])
            made = proposals.start(w, only_live(w), draft)
            proposals.revise(w, made, texts.proposal_answers(text))
            return made.code

    def team_up(self, lead: str, code: str, cities: Sequence[str], key: str, days: float) -> None:
        """Partner cities (the first leads) and a budget that adds up."""
        total, years = texts.PROPOSALS[key].cents, years_of(texts.PROPOSALS[key].months)
        with self.acting(lead, days) as w:
            found = proposal(w, code)
            places = [organisation(w, place) for place in cities]
            for number, place in enumerate(places):
                proposals.ask_city(w, found, place.code, CityRole.LEAD if number == 0 else CityRole.PILOT)
            own = organisation(w, PEOPLE[lead].place or "institute")
            cents: dict[tuple[str, BudgetCategory, int], int] = {}
            for place, share in zip([own, *places], shares(len(places) + 1), strict=True):
                for category, part in SHARES:
                    weights = [1] * (1 if category is BudgetCategory.EQUIPMENT else years)
                    for year, one in enumerate(split(total * share * part // 10_000, weights), start=1):
                        cents[place.code, category, year] = one
            rest = total - sum(cents.values())
            cents[own.code, BudgetCategory.STAFF, 1] += rest
            proposals.set_budget(w, found, cents)

    def fire(self, who: str, code: str, name: str, days: float, given: Any = None) -> None:
        """A transition of a proposal."""
        with self.acting(who, days) as w:
            proposals.fire(w, proposal(w, code), name, given)

    def screen(self, code: str, days: float) -> None:
        """The coordinator finds the idea eligible."""
        self.fire("liis", code, "screen_in", days, Screening(points=list(Point)))

    def sign_all(self, code: str, days: float, *, but: Sequence[str] = ()) -> None:
        """Every city signs the proposal as it is."""
        with self.acting("system", days) as w:
            missing = [city.id for city in uncommitted(w, proposal(w, code), CommitmentKind.SIGN_OFF)]
            names = [place for place in LEADS if organisation(w, place).id in missing and place not in but]
        for place in names:
            with self.acting(LEADS[place], days) as w:
                found = proposal(w, code)
                now = content.current(w, found)
                signature = Signature(revision_number=now.number, revision_hash=now.hash)
                proposals.sign_off(w, found, organisation(w, place).code, signature)

    # Jury

    def assign(self, code: str, gate: Gate, days: float, jurors: Sequence[str] = ("amara", "jonas", "elif")) -> None:
        """The coordinator gives a proposal to jurors."""
        with self.acting("liis", days) as w:
            for name in jurors:
                jury.assign(w, proposal(w, code), juror(w, name), gate)

    def review(
        self, name: str, code: str, gate: Gate, marks: Sequence[str], days: float, *, submit: bool = True
    ) -> None:
        """A juror declares no conflict, scores and comments, and submits."""
        with self.acting(name, days) as w:
            found = w.session.exec(
                select(Review)
                .join(Juror)
                .where(Review.proposal_id == proposal(w, code).id, Review.gate == gate, Juror.person_id == w.actor.id)
            ).one()
            jury.declare(w, found, Declaration(answer="none"))
            given = {
                key: MarkIn(mark=Decimal(mark), comment=texts.COMMENTS[key])
                for key, mark in zip(CRITERIA[gate], marks, strict=False)
            }
            jury.save_review(
                w, found, ReviewIn(marks=given, comment="Worth doing in two cities.", confidence=Confidence.HIGH)
            )
            if submit:
                jury.fire(w, found, "submit", None)

    def panel(self, names: Sequence[str], days: float) -> None:
        """The jurors accept their invitations."""
        for name in names:
            with self.acting(name, days) as w:
                jury.accept_invitation(w, juror(w, name), Acceptance(contract=True, confidentiality=True))


def only_live(w: Work) -> Round:
    """The example round."""
    return w.session.exec(select(Round).where(Round.example.is_(True))).one()  # type: ignore[attr-defined]


def organisation(w: Work, place: str) -> Organisation:
    """A place of the demo's cast."""
    return w.session.exec(select(Organisation).where(Organisation.name == PLACES[place].name)).one()


def person_code(w: Work, who: str) -> str:
    """The code of a person; ``deputy_<place>`` is a deputy made for every city."""
    email = f"deputy.{who.removeprefix('deputy_')}@example.org" if who.startswith("deputy_") else PEOPLE[who].email
    found = find_by_email(w, email)
    if found is None:
        raise LookupError(who)
    return found.code


def submission(w: Work, code: str) -> Submission:
    """A challenge by its code."""
    return w.session.exec(select(Submission).where(Submission.code == code)).one()


def proposal(w: Work, code: str) -> Proposal:
    """A proposal by its code."""
    return w.session.exec(select(Proposal).where(Proposal.code == code)).one()


def juror(w: Work, name: str) -> Juror:
    """A juror by the cast's name."""
    return w.session.exec(select(Juror).join(Person).where(Person.email == PEOPLE[name].email)).one()


def shares(count: int) -> list[int]:
    """Percent of the budget per partner: the researchers' organisation the most."""
    others = 60 // max(1, count - 1)
    return [100 - others * (count - 1), *[others] * (count - 1)]
