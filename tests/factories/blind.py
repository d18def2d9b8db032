"""A double-blind gate: its rules, and a proposal in every field of which somebody is named."""

from __future__ import annotations

from typing import Any

from sqlmodel import select

from challenge.jury.blind import actions
from challenge.kernel import attachment
from challenge.kernel.work import Work
from challenge.people.models import Organisation, Person
from challenge.people.queries import fold
from challenge.proposals import content
from challenge.proposals.lines import SEPARATOR
from challenge.proposals.models import BudgetLine, Proposal, TeamMember
from challenge.proposals.states import BudgetCategory, TeamRole
from challenge.rounds.models import Round
from challenge.rounds.schemas import Rules
from challenge.rounds.states import Blind
from tests.cast import PEOPLE, PLACES
from tests.factories.files import pdf
from tests.factories.jury import FULL, JURY, make_judged
from tests.factories.proposals import ANSWERS
from tests.factories.rounds import make_round

LEAD, HOUSE, GUEST, CONTACT, PROJECT = (
    "Kanaar Lindvere",
    "Sinilinnu Instituut",
    "Uudo Peidus",
    "Vaike Salaja",
    "KOITAEG",
)
# What must be read nowhere: parts of the names, and the extra word, written plainly.
NAMES = ("kanaar", "lindver", "sinilin", "peidus", "vaike", "salaja", "koitaeg")
SENTENCE = (
    f"{LEAD} of {HOUSE} leads; Lindverega räägib {GUEST}, Sinilinnu Instituudi ja Vaike Salajale. {PROJECT} on"
    " www.sinilind.ee"
)


def blind_rules(blind: Blind = Blind.DOUBLE_BLIND, **fields: Any) -> Rules:
    """Default rules with this way of review at the last gate."""
    gates = Rules().gates
    return Rules(gates={**gates, FULL: gates[FULL].model_copy(update={"blind": blind})}, **fields)


def named_in(text: str) -> set[str]:
    """The names that can be read in a text, in whatever form."""
    found = text.casefold()
    return {name for name in NAMES if name in found}


def christen(w: Work) -> None:
    """The cast under names that occur nowhere else."""
    lead, house = w.session.get_one(Person, PEOPLE["ravi"].id), w.session.get_one(Organisation, PLACES["taltech"].id)
    lead.name, lead.email, lead.email_key = LEAD, "kanaar@sinilind.ee", "kanaar@sinilind.ee"
    house.name, house.name_key, house.website = HOUSE, fold(HOUSE), "https://www.sinilind.ee"
    w.session.get_one(Person, PEOPLE["mari"].id).name = CONTACT


def make_named(w: Work, round_: Round, files: Any = None, *, number: int = 1, **fields: Any) -> Proposal:
    """A proposal before the jury that names its people in every field; two files where there is a folder for them."""
    texts = {name: value if isinstance(value, list) else SENTENCE for name, value in ANSWERS.items()}
    answers = texts | {
        "months": "36", "size_class": "large", "publish": True,
        "indicators": [SEPARATOR.join((f"Hours {LEAD}", "48", "2", HOUSE))],
    }  # fmt: skip
    made = make_judged(w, round_, title=f"{number}: {LEAD} in Tartu", summary=SENTENCE, answers=answers, **fields)
    w.session.exec(select(TeamMember).where(TeamMember.proposal_id == made.id)).one().name = LEAD
    w.add(
        TeamMember(proposal_id=made.id, name=GUEST, email="uudo@peidus.ee", email_key="uudo@peidus.ee",
                   role=TeamRole.RESEARCHER, invited_at=w.now)
    )  # fmt: skip
    for place in ("taltech", "tartu"):
        w.add(BudgetLine(proposal_id=made.id, organisation_id=PLACES[place].id, category=BudgetCategory.STAFF, cents=9))
    for name in ("Lindvere.pdf", "Peidus.pdf") if files else ():
        attachment.attach(w, "proposal", made, attachment.store(files, pdf(f"{LEAD} {name}"), name))
    content.keep(w, made)
    w.session.flush()
    return made


def confirmed(world: Any, *codes: str, words: str = PROJECT) -> None:
    """The copies of these proposals, with an extra word, as a coordinator confirms them."""
    with world.acting("jaan") as w:
        for code in codes:
            proposal = actions.of_proposal(w, code)
            actions.set_names(w, proposal, actions.Names(words=words))
            actions.confirm(w, proposal, None)


def blind_round(
    world: Any, blind: Blind = Blind.DOUBLE_BLIND, proposals: int = 1, *, files: bool = False
) -> dict[str, str]:
    """A round at jury time whose proposals name their people: ``round``, ``p1`` …; with ``files`` the last has two."""
    world.now, folder = JURY, world.settings.files if files else None
    with world.acting() as w:
        christen(w)
        round_ = make_round(w, rules=blind_rules(blind))
        numbers = range(1, proposals + 1)
        made = [make_named(w, round_, folder if at == proposals else None, number=at) for at in numbers]
        return {"round": round_.code} | {f"p{at}": one.code for at, one in enumerate(made, 1)}
