"""Submissions: made in a state for rule tests, or walked there by the real transitions."""

from __future__ import annotations

from collections import deque
from datetime import timedelta
from typing import Any

from sqlmodel import select

from challenge.people.models import Organisation, Person, SignInSession
from challenge.rounds.models import Extension, Round
from challenge.rounds.queries import rules_of
from challenge.submissions import actions, effects, rules
from challenge.submissions.asks import Checklist, Reject, SendBack, Withdraw
from challenge.submissions.models import Interest, Submission
from challenge.submissions.states import COUNTED, PUBLIC
from challenge.submissions.states import SubmissionState as S
from challenge.submissions.workflow import SUBMISSION
from tests.cast import PEOPLE, PLACES
from tests.factories.rounds import make_round

TITLE = "Quiet junctions at night"
LEADS = {1: "mari", 2: "sofia", 3: "aoife", 4: "niamh", 5: "tiina", 9: "katrin"}  # organisation id → its lead
GIVEN = {
    "send_back": SendBack(reason="Say where the numbers come from.", until="2030-01-01T12:00:00+00:00"),
    "reject": Reject(reason="The answer can be bought."),
    "withdraw": Withdraw(reason="The council decided otherwise."),
}
BEFORE_SUBMIT = (S.DRAFT, S.WITHDRAWN, S.LAPSED)


def answers(w: Any, **changes: Any) -> dict[str, Any]:
    """Every question answered; contact Mari, deputy Peeter unless changed."""
    codes = {name: w.session.get_one(Person, PEOPLE[name].id).code for name in ("mari", "peeter")}
    return {
        "title": TITLE,
        "summary": "Tram wheels squeal at four junctions after ten at night. Grinding the rail helps for five weeks.",
        "themes": ["mobility"],
        "problem": "Residents filed 212 complaints in 2026. The peak comes from the inner wheel of the second bogie.",
        "since": "2019",
        "affected": "3400",
        "affected_who": "live within 80 metres",
        "evidence": "Eight weeks of measurements at one-second steps.",
        "tried": "- Water spray, 2021: works above zero only.\n- Slower trams, 2022: two minutes lost.",
        "outcome": "Night peaks under 55 dB at all four junctions for twelve months.",
        "measure": "Noise at night",
        "measure_now": "71 dB",
        "measure_wished": "55 dB",
        "site": "Four junctions and a closed test curve in the depot.",
        "data": "Noise, tram positions, rail temperature; open from April.",
        "limits": "Track work at night needs six weeks’ notice.",
        "departments": "Track team, environment department.",
        "contact": codes["mari"],
        "deputy": codes["peeter"],
        "brings": "A project lead, half time, and 200 hours of the track team.",
        "residents": "A panel of thirty residents hears the recordings.",
        "partner": "A city with trams and frost.",
        "thesis": False,
        "consent": True,
        **changes,
    }


def people_of(w: Any, city_id: int) -> dict[str, Any]:
    """Contact and deputy of this city; where it has one person only, the deputy is missing."""
    codes = [code for code, _name in rules.choices(w, Submission(round_id=_any_round(w), city_id=city_id))["contact"]]
    return {"contact": codes[0] if codes else "", "deputy": codes[1] if len(codes) > 1 else ""}


def _any_round(w: Any) -> int:
    return w.session.exec(select(Round.id)).first()


def make_submission(
    w: Any,
    round_: Round,
    *,
    city: Any = PLACES["tartu"],
    state: S = S.DRAFT,
    title: str = TITLE,
    slot: int | None = None,
    given: dict[str, Any] | None = None,
    **fields: Any,
) -> Submission:
    """A submission put into ``state``: for tests of rules and lists, without journal and receipt."""
    counted = state in COUNTED
    made = Submission(
        round_id=round_.id, round_code=round_.code, city_id=city.id if city else None, state=state, title=title,
        title_key=rules.title_key(title) if counted else "", themes=["mobility"],
        answers={**answers(w), **(people_of(w, city.id) if city else {}), "title": title, **(given or {})},
        submitted_at=None if state in BEFORE_SUBMIT else w.now,
        published_at=w.now if state in PUBLIC else None, **fields,
    )  # fmt: skip
    made.themes = made.answers["themes"]
    made.slot_cap = fields.get("slot_cap", rules_of(round_).submissions_per_city)
    if not counted:
        made.title_key = made.code
    elif not made.imported:
        made.slot = slot or rules.free_slot(w, made) or 1
    made.search = effects.searchable(w, made)
    return w.add(made)


def make_interest(
    w: Any, submission: Submission, city: Any = PLACES["helsinki"], reason: str = "Ours squeal too."
) -> Interest:
    """A live interest, as if shown in time."""
    organisation = w.session.get_one(Organisation, city.id)
    taken = w.session.exec(
        select(Interest.slot).where(Interest.round_id == submission.round_id, Interest.city_id == city.id)
    ).all()
    return w.add(
        Interest(
            submission_id=submission.id, lead_city_id=submission.city_id, round_id=submission.round_id,
            city_id=organisation.id, reason=reason, slot=len(taken) + 1, shown_at=w.now,
        )
    )  # fmt: skip


def path_to(state: S) -> list[str]:
    """The shortest way from the beginning, by the names of the table."""
    queue = deque([(SUBMISSION.initial, [])])
    seen = {SUBMISSION.initial}
    while queue:
        here, names = queue.popleft()
        if here is state:
            return names
        for row in SUBMISSION.rows:
            if here in row.source and row.target not in seen:
                seen.add(row.target)
                queue.append((row.target, [*names, row.name]))
    raise LookupError(state)


def submission_in(world: Any, state: S, round_code: str | None = None, title: str = TITLE) -> str:
    """Tartu's submission, walked to ``state`` by real transitions, each by whoever does that; gives back its code."""
    with world.acting() as w:
        round_ = w.session.exec(select(Round).where(Round.code == round_code)).first() if round_code else make_round(w)
        round_id = round_.id
    with world.acting("mari") as w:
        made = actions.start(
            w, w.session.get_one(Round, round_id), w.session.get_one(Organisation, PLACES["tartu"].id), title
        )
        actions.revise(w, made, answers(w, title=title))
        code = made.code
    for name in path_to(state):
        step(world, code, name)
    return code


def step(world: Any, code: str, name: str) -> None:
    """One transition, by the person who does it; what must be true before is made true in the open."""
    row = next(row for row in SUBMISSION.rows if row.name == name)
    who = (
        "system"
        if not row.offered or name == "lapse"
        else "mari"
        if name in {"submit", "recall", "withdraw"}
        else "jaan"
    )
    now = world.now
    if name == "lapse":
        world.now = now + timedelta(days=2_000)
    if name == "accept":
        with world.acting("jaan") as w:
            actions.check(w, find(w, code), Checklist(real=True, no_supplier=True))
    with world.acting(who) as w:
        fire = actions.fire if row.offered else SUBMISSION.cause
        if who == "system":
            SUBMISSION.cause(w, find(w, code), name, GIVEN.get(name))
        else:
            fire(w, find(w, code), name, GIVEN.get(name))
    world.now = now


def find(w: Any, code: str) -> Submission:
    """The submission of this code."""
    return w.session.exec(select(Submission).where(Submission.code == code)).one()


def extend(w: Any, submission: Submission, until: Any) -> Extension:
    """More time for one submission."""
    return w.add(
        Extension(workflow="submission", subject_code=submission.code, until=until, reason="illness", at=w.now)
    )


def fresh(world: Any, name: str) -> Any:
    """A client with a new session, when the clock was moved further than a session lives."""
    world._clients.pop(name, None)
    if name != "nobody":
        with world.acting() as w:
            for row in w.session.exec(select(SignInSession).where(SignInSession.person_id == PEOPLE[name].id)):
                w.session.delete(row)
    return world.client(name)
