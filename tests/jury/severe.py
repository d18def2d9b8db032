"""A round whose jurors differ in severity by design, so that what calibration must find is known."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from challenge.jobs import calibrating
from challenge.jury import queries
from challenge.rounds.schemas import Rules
from tests.factories.jury import FULL, JURY, make_judged, make_juror, make_submitted, round_of
from tests.factories.rounds import make_round

# Lena is a mark and a half stricter than the others. Each proposal is read by two of three jurors; B by the two mild
# ones, C by Lena and a mild one. Raw: B 4.0, C 3.75. The mild juror they share gives C more than B.
SEVERE = {
    "A": {"lena": 25, "oskar": 40},
    "B": {"oskar": 40, "ilse": 40},
    "C": {"lena": 30, "oskar": 45},
    "D": {"lena": 20, "ilse": 35},
    "E": {"oskar": 35, "ilse": 35},
    "F": {"lena": 25, "ilse": 40},
}


def rules_with(reviews=2, ranking="raw", total_threshold=Fraction(0)):
    gates = Rules().gates
    criteria = [one.model_copy(update={"threshold": Decimal(0)}) for one in gates[FULL].criteria]
    changed = {"reviews": reviews, "total_threshold": total_threshold, "criteria": criteria}
    return Rules(gates={**gates, FULL: gates[FULL].model_copy(update=changed)}, ranking=ranking)


def scene(world, marks=SEVERE, **rules):
    """A round in which these jurors gave these marks (in tenths, one for all criteria)."""
    world.now = JURY
    codes = {}
    with world.acting() as w:
        round_ = make_round(w, title=f"Round {len(rules)} {rules.get('ranking')}", rules=rules_with(**rules))
        codes["round"] = round_.code
        names = sorted({name for given in marks.values() for name in given})
        jurors = {name: make_juror(w, round_, name) for name in names}
        codes |= {name: juror.code for name, juror in jurors.items()}
        for title, given in marks.items():
            proposal = make_judged(w, round_, title=f"Proposal {title}")
            codes[title] = proposal.code
            for name, tenths in given.items():
                codes[f"{name}{title}"] = make_submitted(w, proposal, jurors[name], tenths).code
    return codes


def compute(world):
    return calibrating.run(world.database, world.clock)


def ranking(world, codes, who="jaan"):
    with world.acting(who) as w:
        return queries.ranking(w, round_of(w, codes["round"]), FULL)
