"""Deciding, through pages: scenarios, a deviation, two people, the rehearsal, the announcement, a drop-out replaced."""

import pytest
from sqlmodel import col, select

from challenge.jobs import ticker
from challenge.kernel.letter import Letter
from challenge.notifications import actions as notifications
from challenge.proposals.models import Proposal
from challenge.rounds.models import Round
from tests.browser.acting import Person
from tests.selection.scenarios import MILLION, scored
from tests.selection.steps import codes

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database", ["postgresql"], indirect=True)]
WHY = "Its city opens the site this spring; the others can wait a year."
SCENARIOS = {"The rules": {}, "One large": {"planned-large": 1}, "More money": {"budget": "5,000,000"}}
# What is proposed: verdict, and what belongs to it. The adopted scenario funds the second and the third.
FUND = {"verdict": "fund", "amount_cents": "2,000,000", "deviation": WHY}
OUTCOMES = (
    FUND, {"verdict": "reserve", "reserve_rank": 1, "deviation": WHY},
    {"verdict": "reserve", "reserve_rank": 2, "deviation": WHY}, {"verdict": "decline"},
)  # fmt: skip


@pytest.fixture
def judged(stage):
    """Four proposals before the jury, the best of which costs most; codes of the round and of the proposals."""
    round_id, *ids = scored(stage.world, budget_cents=3 * MILLION)
    with stage.world.acting() as w:
        w.session.get_one(Round, round_id).title = "Round of the story"
        for key in ids:
            proposal = w.session.get_one(Proposal, key)
            proposal.reviews_eligible, proposal.below_threshold = 1, False
    return codes(stage.world, round_id, *ids)


def test_a_round_is_decided_announced_and_a_drop_out_replaced(stage, judged):
    round_code, *proposals = judged
    jaan, kadri, ravi = (Person(stage, name) for name in ("jaan", "kadri", "ravi"))
    place = f"/rounds/{round_code}"

    for name, changes in SCENARIOS.items():
        jaan.go(f"{place}/scenarios/new").fill(name=name, **changes).press("Compute it")
    ticker.tick(stage.world.database, stage.world.settings, stage.world.clock)
    kadri.go(f"{place}/scenarios").sees(*SCENARIOS, "of €5,000,000")
    kadri.press("The rules", within="main table").press("Adopt this scenario").sees("Proposal 1", "Proposal 2")

    for code, given in zip(proposals, OUTCOMES, strict=True):
        jaan.go(f"/proposals/{code}/outcomes/new").fill(**given, reasons="What the panel wrote.").press("Propose")
    for _code in proposals:
        kadri.go(f"{place}/outcomes").press("Look and approve").press("Approve")

    jaan.go(f"{place}/announce").press("Rehearse it").sees("The one award keeps the pairing rule.", "Mari Maasikas")
    jaan.press("“Proposal 0” is selected for funding").sees("Dear Ravi Rao,", "What the panel wrote.", "/outcome")
    assert WHY not in jaan.said()
    rehearsed = jaan.page.locator(".mail").all_text_contents()
    jaan.go(f"{place}/announce/preview").press("Go to the announcement").press("Ask to announce")
    kadri.go(f"{place}/announce").press("Announce now").sees("Announced")
    with stage.world.acting() as w:
        notifications.tell(w, stage.world.settings.public_url)
        sent = w.session.exec(select(Letter.text).where(col(Letter.subject).contains("“Proposal 0” is selected"))).all()

    ravi.go("/inbox").sees("“Proposal 0” is selected for funding")
    ravi.go(f"/proposals/{proposals[0]}/outcome").press("Turn it down")
    ravi.fill(reason="Our engineer has left.").press("Turn down")

    jaan.go(f"{place}/reserve").sees("An award is free", "Our engineer has left.").press("Propose that it moves up")
    jaan.fill(reasons="First on the list, and the money covers it.").press("Propose")
    kadri.go(f"{place}/reserve").press("Look and approve").press("Approve")
    jaan.go(f"{place}/announce").press("Ask to announce")
    kadri.go(f"{place}/announce").press("Announce now")
    ravi.go(f"/proposals/{proposals[1]}/outcome").sees("Selected for funding", "€1,500,000")

    jaan.go(f"{place}/dossier").sees("The adopted scenario does not fund it.", WHY, "Kadri Kask")
    assert len(rehearsed) > 2
    assert sorted(rehearsed) == sorted(sent)
