"""A panel that is far apart, through pages: comments, the team's answer, a consensus, and the ranking that follows."""

import pytest

from challenge.jobs import ticker
from challenge.jury.scale import shown
from tests.browser.acting import Person
from tests.factories.jury import CRITERIA, JURY, make_judged, make_juror, make_submitted
from tests.factories.rounds import make_round

pytestmark = pytest.mark.browser
MARKS = {"Ice": (50, 20, 40), "Rain": (40, 35, 40), "Snow": (30, 35, 30), "Fog": (45, 40, 45), "Dew": (35, 30, 40)}


@pytest.fixture
def codes(stage):
    stage.world.now = JURY
    with stage.world.acting() as w:
        round_ = make_round(w)
        jurors = [make_juror(w, round_, name) for name in ("lena", "oskar", "ilse")]
        found = {"round": round_.code}
        for title, marks in MARKS.items():
            proposal = make_judged(w, round_, title=title)
            for juror, mark in zip(jurors, marks, strict=True):
                make_submitted(w, proposal, juror, mark, comment=f"Costed, says the panel of {title}.")
            found[title] = proposal.code
        return found


def test_a_panel_that_is_far_apart_agrees(stage, codes):
    jaan, lena, oskar, ilse, ravi = (Person(stage, name) for name in ("jaan", "lena", "oskar", "ilse", "ravi"))
    ice = codes["Ice"]

    jaan.go(f"/rounds/{codes['round']}/ranking").sees("Far apart", "a consensus note is needed")
    jaan.go(f"/rounds/{codes['round']}/meeting").press("Open the comments to")
    ravi.go(f"/proposals/{ice}/reaction").sees("Costed, says the panel of Ice.")
    assert "Lena" not in ravi.said()
    ravi.fill(text="The sensors are costed for both cities, on page 4.").press("Send the answer to the panel")

    jaan.go(f"/proposals/{ice}/discussion").fill(juror="Lena").press("Name the moderator")
    oskar.go(f"/proposals/{ice}/discussion").sees("on page 4", "far apart")
    oskar.fill(text="I had not seen page 4. I would go up.").press("Add the note")
    lena.go(f"/proposals/{ice}/discussion").sees("I would go up").press("Write the consensus")
    consensus = lena.code()
    lena.fill(**{f"{criterion}-mark": shown(45) for criterion in CRITERIA})
    lena.fill(note="Page 4 answers what divided us.", statement="Well costed; say more on who runs it later.")
    lena.press("Save").press("Put it to the panel")
    for juror in (oskar, ilse):
        juror.go(f"/consensus/{consensus}").fill(answer="confirm").press("Record my answer")
    lena.go(f"/consensus/{consensus}").press("Record as agreed").sees("Consensus agreed")

    ticker.tick(stage.world.database, stage.world.settings, stage.world.clock)
    ranking = jaan.go(f"/rounds/{codes['round']}/ranking").sees("Consensus", "95 % interval", "How jurors mark")
    assert "a consensus note is needed" not in ranking.said()
    assert jaan.page.locator("figure svg").count() > 0
    assert "statement" not in ravi.go(f"/proposals/{ice}").said()  # until the results are told
