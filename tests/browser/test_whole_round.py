"""The main job, through pages only: from Tartu's challenge to a running pilot with two Irish councils."""

import os
import subprocess
import sys

import pytest

from challenge.kernel.i18n import speaking
from challenge.rounds import actions as rounds
from challenge.rounds import queries as round_queries
from challenge.rounds.states import RoundState
from tests.browser.acting import Person
from tests.browser.round_story import AT, CHALLENGE, IDEA, LATER, PARTS, judge, sign, write
from tests.factories.rounds import make_round

pytestmark = pytest.mark.browser
JURY = ("lena", "oskar", "ilse")
CITIES = {"mari": "Tartu", "aoife": "Fingal", "niamh": "Dún Laoghaire-Rathdown"}
TITLE = "Hourly water"


def test_a_whole_round_is_played_through_pages_only(stage):  # noqa: PLR0915 -- it is long because the round is
    world = stage.world

    def at(name):
        world.now = AT[name]

    mari, ravi, jaan, kadri = (Person(stage, name) for name in ("mari", "ravi", "jaan", "kadri"))
    round_code = publish(stage, jaan)

    at("challenges")
    mari.go("/submissions/new").fill(title=CHALLENGE["title"])
    if mari.page.locator('main [name="city"]').count():
        mari.fill(city="Tartu")
    mari.press("Begin")
    challenge = mari.code()
    for part in ("problem", "site", "people"):
        mari.go(f"/submissions/{challenge}/edit?part={part}")
        here = {name: value for name, value in CHALLENGE.items() if mari.page.locator(f'main [name="{name}"]').count()}
        if part == "people":
            here |= {"contact": "Mari Maasikas", "deputy": "Peeter Paju"}
        mari.fill(**here).press("Save and leave")
    mari.go(f"/submissions/{challenge}/check").press("Submit").sees("Submitted")

    at("interests")
    for name in ("aoife", "niamh"):
        Person(stage, name).go(f"/challenges/{challenge}/interest").fill(
            reason="We test four times a week and still miss it."
        ).press("Show interest")
    jaan.go(f"/submissions/{challenge}").press("Start the review").go(f"/submissions/{challenge}/checklist")
    jaan.fill(real=True, no_supplier=True).press("Save the checklist")
    jaan.go(f"/submissions/{challenge}").press("Accept")

    at("ideas")
    Person(stage, "nobody").go(f"/challenges/{challenge}").sees("Fingal", CHALLENGE["title"])
    ravi.go(f"/proposals/new?challenge={challenge}").fill(title=TITLE)
    if ravi.page.locator('main [name="organisation"][value="6"]').count():
        ravi.fill(organisation="6")
    ravi.press("Begin")
    proposal = ravi.code()
    write(ravi, proposal, {part: PARTS[part] for part in IDEA})
    ravi.go(f"/proposals/{proposal}/check").press("Submit idea").sees("Submitted")
    jaan.go(f"/proposals/{proposal}").press("Screen in")
    for box in jaan.page.locator('main input[name="points"]').all():
        box.check(force=True)
    jaan.press("Screen in")
    jaan.go(f"/proposals/{proposal}").press("Invite")

    at("pilot_proposals")
    write(ravi, proposal, PARTS)
    for city, role in (("Tartu", "lead"), ("Fingal", "pilot"), ("Laoghaire", "pilot")):
        ravi.go(f"/proposals/{proposal}/cities?q={city}")
        found = ravi.page.locator('main form:has(input[type="hidden"][name="q"])').first
        found.locator('[name="role"]').select_option(role)
        found.locator("button").click()
        ravi.page.wait_for_load_state()
    ravi.go(f"/proposals/{proposal}/budget")
    ravi.page.locator("main table input").first.fill("1,200,000")
    ravi.press("Save and add up")
    sign(stage, proposal, CITIES)
    ravi.go(f"/proposals/{proposal}").press("Submit pilot proposal").sees("Shortlisting")
    panel(stage, round_code, proposal, "pilot_proposal")
    judge(stage, JURY, TITLE)
    jaan.go(f"/proposals/{proposal}").press("finalist")

    at("full_proposals")
    write(ravi, proposal, LATER)
    sign(stage, proposal, CITIES)
    ravi.go(f"/proposals/{proposal}").press("Submit full proposal").sees("In jury")

    at("jury")
    assign(stage, round_code, "full_proposal")
    judge(stage, JURY, TITLE)
    decide(jaan, kadri, round_code, proposal)
    ravi.go(f"/proposals/{proposal}/outcome").sees("1,200,000").press("Accept")

    pilot = pair(stage, proposal)
    Person(stage, "nobody", 390).go(f"/pilots/{pilot}").sees("Running", *CITIES.values())
    verifies(stage)


def publish(stage, jaan) -> str:
    """Jaan imports the round's document and publishes it."""
    with stage.world.acting() as w, speaking("en"):
        text = rounds.export_yaml(w, make_round(w, title="Template", state=RoundState.DRAFT))
    jaan.go("/rounds/import")
    jaan.page.locator("main textarea").first.fill(text.replace("Template", "Round of the story"))
    jaan.page.locator("main form button").first.click()
    jaan.page.wait_for_load_state()
    code = jaan.code()
    jaan.go(f"/rounds/{code}").press("Publish").sees("Published")
    with stage.world.acting(writing=False) as w:
        assert round_queries.visible(w, code).state is RoundState.PUBLISHED
    return code


def panel(stage, round_code, proposal, gate) -> None:
    """Jaan invites three jurors, they accept, and each gets the proposal."""
    jaan = Person(stage, "jaan")
    for name, full in (("lena", "Lena Lind"), ("oskar", "Oskar Olsen"), ("ilse", "Ilse Ivask")):
        jaan.go(f"/rounds/{round_code}/jurors").fill(name=full, email=f"{name}@example.org").press("Invite")
        juror = Person(stage, name).go("/reviews")
        juror.page.locator("main .note a").first.click()
        juror.page.wait_for_load_state()
        juror.fill(contract=True, confidentiality=True).press("Join the panel")
    assign(stage, round_code, gate)


def assign(stage, round_code, gate) -> None:
    jaan = Person(stage, "jaan").go(f"/rounds/{round_code}/assignment?gate={gate}")
    for box in jaan.page.locator('main input[name="assign"]').all():
        box.check(force=True)
    jaan.press("Assign what is ticked")


def decide(jaan, kadri, round_code, proposal) -> None:
    """One proposes, the other approves; then both turn their keys and everybody is told at once."""
    jaan.go(f"/proposals/{proposal}/outcomes/new").fill(
        verdict="fund", amount_cents="1,200,000", accept_by="2027-11-30T17:00", reasons="The cities need it."
    )
    jaan.page.locator("main form button").first.click()
    jaan.page.wait_for_load_state()
    outcome = jaan.code()
    kadri.go(f"/outcomes/{outcome}").press("Approve")
    if "/transitions/" in kadri.page.url:
        kadri.press("Approve")
    jaan.go(f"/rounds/{round_code}/announce")
    jaan.page.locator("main form button").first.click()
    jaan.page.wait_for_load_state()
    kadri.go(f"/rounds/{round_code}/announce")
    kadri.page.locator("main form button").first.click()
    kadri.page.wait_for_load_state()


def pair(stage, proposal) -> str:
    """Formal decisions, the pilot, the agreement signed by all, the plan, and it runs."""
    jaan, ravi = Person(stage, "jaan"), Person(stage, "ravi")
    for name, city in CITIES.items():
        person = Person(stage, name).go(f"/proposals/{proposal}")
        person.press(f"Sign or record a decision for {city}")
        person.fill(body="City Council", decided_on="2027-10-01").press("Record")
    jaan.go("/pilots/new").press("Pair")
    pilot = jaan.code()
    jaan.go(f"/pilots/{pilot}/edit").fill(starts_on="2027-11-01", ends_on="2030-10-31").press("Save")
    jaan.go(f"/pilots/{pilot}/agreement/edit").fill(agreement="All parties measure and publish.").press("Save")
    for name in CITIES:
        Person(stage, name).go(f"/pilots/{pilot}/agreement").press("Sign")
    ravi.go(f"/pilots/{pilot}/agreement").press("Sign")
    jaan.go(f"/pilots/{pilot}").press("Agree the pilot")
    jaan.go(f"/pilots/{pilot}/tranches/new").fill(label="All of it", cents="1,200,000", due_on="2027-12-01").press(
        "Save"
    )
    jaan.go(f"/pilots/{pilot}").press("Start").sees("Running")
    return pilot


def verifies(stage) -> None:
    """``./run challenge verify`` on the database of the story."""
    url = stage.world.database.url.render_as_string(hide_password=False)
    environment = {**os.environ, "CHALLENGE_DATABASE_URL": url, "CHALLENGE_SECRET_KEY": "x" * 40}
    command = [sys.executable, "-m", "challenge", "verify"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "The journal verifies" in done.stdout
