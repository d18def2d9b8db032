"""How a pilot begins: paired from a selected proposal, or imported from before."""

from __future__ import annotations

from sqlmodel import col, select

from challenge.kernel.errors import Invalid, Problem, Refused
from challenge.kernel.i18n import _
from challenge.kernel.work import Work
from challenge.people import rules as people
from challenge.people.models import Organisation
from challenge.pilots import content, rules
from challenge.pilots.actions.drafting import draft_plan
from challenge.pilots.actions.guard import permit
from challenge.pilots.models import MemberCity, Pilot, PilotChallenge
from challenge.pilots.schemas import ImportedPilot
from challenge.pilots.states import PAIRED
from challenge.pilots.workflow import PILOT
from challenge.proposals import content as proposals
from challenge.proposals.models import Proposal
from challenge.proposals.rules import is_coordinator
from challenge.rounds.models import Round
from challenge.rounds.queries import rules_of
from challenge.submissions.models import Submission


def pair(w: Work, proposal: Proposal) -> Pilot:
    """Make the pilot of a selected proposal: its cities, its challenges, and a plan drafted from its answers.

    1. The cities are locked, so that two pairs cannot both take a city's last place.
    2. The rule, the commitments and the places are checked.
    3. The pilot is made as *preparing*, then its cities join. The offer is taken up: it no longer runs out.
    """
    permit(w, proposal, is_coordinator)
    cities = proposals.cities(w, proposal)
    ids = sorted(city.id for city in cities)
    w.session.exec(
        select(Organisation.id).where(col(Organisation.id).in_(ids)).order_by(col(Organisation.id))
        .with_for_update(key_share=True)
    ).all()  # fmt: skip
    if problem := rules.why_not_pair(w, proposal):
        raise Refused(problem)
    challenges = proposals.challenges(w, proposal)
    own = rules_of(w.session.get_one(Round, proposal.round_id))
    pilot = w.add(
        Pilot(
            proposal_id=proposal.id, round_id=proposal.round_id, round_code=proposal.round_code,
            title=proposal.title, summary=proposal.summary, themes=_themes(w, [row.id for row in challenges]),
            pairing=own.pairing, home_country=own.home_country, min_cities=own.min_cities,
            organisation_id=proposal.organisation_id, lead_id=proposal.lead_id, budget_cents=proposal.award_cents,
            months=proposal.months,
        )
    )  # fmt: skip
    for city in cities:
        w.add(MemberCity(pilot_id=pilot.id, city_id=city.id, country=city.country, role=city.role, joined_at=w.now))
    for challenge in challenges:
        w.add(PilotChallenge(pilot_id=pilot.id, submission_id=challenge.id))
    proposal.offer_until = None
    draft_plan(w, pilot, proposal)
    w.step(
        content.WORKFLOW, pilot.code, "pair", old=None, new=str(pilot.state), scope=pilot.round_code,
        given={"proposal": proposal.code, "cities": [city.code for city in cities]},
    )  # fmt: skip
    return pilot


def _themes(w: Work, submission_ids: list[int]) -> list[str]:
    rows = w.session.exec(select(Submission.themes).where(col(Submission.id).in_(submission_ids)))
    return sorted({theme for themes in rows for theme in themes})


# Past pilots


def import_pilot(w: Work, round_: Round, given: ImportedPilot) -> Pilot:
    """Take in a real pilot from before. Its own copy of the rule must hold where the rule asks for it."""
    permit(w, round_, people.any_of(people.is_coordinator, people.is_system))
    own = rules_of(round_)
    codes = [city.city for city in given.cities]
    cities = {row.code: row for row in w.session.exec(select(Organisation).where(col(Organisation.code).in_(codes)))}
    if unknown := sorted(set(codes) - set(cities)):
        raise _unknown("cities", unknown)
    submissions = {
        row.code: row.id for row in w.session.exec(select(Submission).where(col(Submission.code).in_(given.challenges)))
    }
    if unknown := sorted(set(given.challenges) - set(submissions)):
        raise _unknown("challenges", unknown)
    columns = given.model_dump(exclude={"state", "cities", "challenges", "pairing", "min_cities"})
    pilot = w.add(
        Pilot(
            round_id=round_.id, round_code=round_.code, imported=True, home_country=own.home_country,
            pairing=given.pairing or own.pairing, min_cities=given.min_cities or own.min_cities, **columns,
        )
    )  # fmt: skip
    for city in given.cities:
        found = cities[city.city]
        w.add(
            MemberCity(
                pilot_id=pilot.id, city_id=found.id, country=found.country, role=city.role, site=city.site,
                joined_at=w.now,
            )
        )  # fmt: skip
    for code in given.challenges:
        w.add(PilotChallenge(pilot_id=pilot.id, submission_id=submissions[code]))
    if given.state in PAIRED and (problem := rules.pairing_holds(w, pilot)) is not None:
        raise Refused(problem)
    PILOT.enter(w, pilot, given.state, {"title": given.title, "cities": codes})
    return pilot


def _unknown(field: str, codes: list[str]) -> Invalid:
    text = _("Unknown: %(codes)s", codes=", ".join(codes))
    return Invalid(Problem(f"unknown_{field}", text, {field: text}))
