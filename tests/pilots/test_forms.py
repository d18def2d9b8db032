"""The forms of a pilot's own people: what they change, what comes back, what a stale one is told."""

from __future__ import annotations

from datetime import date

from sqlmodel import select

from challenge.pilots import content
from challenge.pilots.models import Indicator, Milestone, Report, Tranche
from challenge.pilots.states import PilotState, ReportState
from challenge.rounds.states import CityRole
from tests.factories.pilots import PAIR, make_indicator, make_pilot, make_report
from tests.pilots.ready import city, get

S = PilotState


def test_members_by_page(world):
    with world.acting("system") as w:
        code = make_pilot(w, state=S.RUNNING, cities=PAIR).code
        codes = {place: city(w, place).code for place in ("tartu", "fingal", "helsinki", "dlr", "narva")}
        version = get(w, code).version
    jaan, base = world.client("jaan"), f"/pilots/{code}/members"

    assert f'value="{codes["helsinki"]}"' in jaan.get(f"{base}?q=helsin").text
    assert "No other city is called that" in jaan.get(f"{base}?q=atlantis").text
    stale = jaan.post(base, data={"city": codes["helsinki"], "role": "pilot", "version": version - 1})
    assert stale.status_code == 409
    assert jaan.post(base, data={"city": codes["helsinki"], "role": "boss"}).status_code == 422
    assert jaan.post(base, data={"city": codes["helsinki"], "role": "follower"}).status_code == 303
    assert jaan.post(f"{base}/{codes['fingal']}/remove").status_code == 409
    assert jaan.post(f"{base}/{codes['fingal']}/replace", data={"city": codes["dlr"]}).status_code == 303
    assert jaan.post(f"{base}/{codes['helsinki']}/role", data={"role": "pilot"}).status_code == 303
    assert jaan.post(f"{base}/{codes['dlr']}/remove").status_code == 303
    assert jaan.post(f"{base}/{codes['dlr']}/remove").status_code == 404
    assert world.client("mari").post(f"{base}/{codes['tartu']}/site", data={"site": "The canal."}).status_code == 303
    assert world.client("katrin").post(f"{base}/{codes['tartu']}/site", data={"site": "x"}).status_code == 403
    with world.acting("system") as w:
        rows = content.members(w, get(w, code))
        assert [(row.name, row.role, row.site) for row in rows] == [
            ("Tartu", CityRole.LEAD, "The canal."), ("Helsinki", CityRole.PILOT, ""),
        ]  # fmt: skip


def test_a_citys_lead_leaves_by_page_and_is_told_what_it_means(world):
    with world.acting("system") as w:
        code = make_pilot(w, state=S.RUNNING, cities=PAIR).code
        place = city(w, "fingal").code
    url = f"/pilots/{code}/members/{place}/leave"
    aoife = world.client("aoife")

    assert "Without this city the pilot is suspended" in aoife.get(url).text
    assert aoife.post(url, data={"reason": ""}).status_code == 422
    assert aoife.post(url, data={"reason": "The council has stopped it."}).status_code == 303
    text = world.client("mari").get(f"/pilots/{code}").text
    assert "This pilot is suspended." in text
    assert "A partner city is wanted" in text
    assert "No city abroad" in world.client().get(f"/pilots/{code}").text
    assert "The council has stopped it." not in world.client().get(f"/pilots/{code}").text


def test_agreement_by_page(world):
    with world.acting("system") as w:
        code = make_pilot(w, cities=PAIR).code
        places = {place: city(w, place).code for place in PAIR}
    base = f"/pilots/{code}/agreement"
    jaan = world.client("jaan")

    assert "Write the agreement" in jaan.get(base).text
    assert jaan.post(f"{base}/edit", data={"agreement": ""}).status_code == 422
    assert jaan.post(f"{base}/edit", data={"agreement": "### Purpose\n\nWe try it."}).status_code == 303
    assert "Sign for" not in jaan.get(base).text
    assert "Sign for Fingal" in world.client("aoife").get(base).text
    assert world.client("aoife").post(f"{base}/sign", data={"city": places["fingal"]}).status_code == 422
    signs = {"city": places["fingal"], "revision": "1"}
    assert world.client("aoife").post(f"{base}/sign", data=signs).status_code == 303
    assert world.client("mari").post(f"{base}/sign", data=signs).status_code == 403
    assert world.client("mari").post(f"{base}/sign", data={**signs, "city": places["tartu"]}).status_code == 303
    assert world.client("ravi").post(f"{base}/sign", data={"revision": "1"}).status_code == 303
    assert world.client("jaan").get(base).text.count("tag--moss") == 3
    assert jaan.post(f"/pilots/{code}/transitions/agree").status_code == 303


def test_plan_by_page(world):
    with world.acting("system") as w:
        code = make_pilot(w).code
        tartu = city(w, "tartu").code
    base = f"/pilots/{code}"
    jaan, ravi = world.client("jaan"), world.client("ravi")

    milestone = {"title": "Sensors stand", "starts_on": "2027-02-01", "due_on": "2027-06-30"}
    assert ravi.post(f"{base}/milestones/new", data={**milestone, "due_on": "2027-01-01"}).status_code == 422
    assert ravi.post(f"{base}/milestones/new", data=milestone).status_code == 303
    indicator = {"title": "Hours", "unit": "h", "city": tartu, "baseline": "48,5", "target": "2"}
    assert ravi.post(f"{base}/indicators/new", data={**indicator, "city": "00000000"}).status_code == 422
    assert ravi.post(f"{base}/indicators/new", data={**indicator, "baseline": "many"}).status_code == 422
    assert ravi.post(f"{base}/indicators/new", data=indicator).status_code == 303
    assert ravi.post(f"{base}/tranches/new", data={}).status_code == 422
    tranche = {"label": "First", "cents": "1,200,000", "due_on": "2027-03-01"}
    assert ravi.post(f"{base}/tranches/new", data=tranche).status_code == 403
    assert jaan.post(f"{base}/tranches/new", data=tranche).status_code == 303
    assert jaan.post(f"{base}/reports/new", data={"kind": "final", "due_on": "2030-01-01"}).status_code == 303
    with world.acting("system") as w:
        codes = {t: w.session.exec(select(t.code)).one() for t in (Milestone, Indicator, Tranche, Report)}
        assert str(w.session.exec(select(Indicator.baseline)).one()) in {"48.5", "48.5000"}
        assert w.session.exec(select(Tranche.cents)).one() == 120_000_000

    done = {**milestone, "done_on": "2027-06-01"}
    url = f"{base}/milestones/{codes[Milestone]}"
    assert "Say what shows that the milestone is done." in ravi.post(url, data=done).text
    assert ravi.post(url, data={**done, "evidence": "A photograph."}).status_code == 303
    assert 'value="48.5"' in ravi.get(f"{base}/indicators/{codes[Indicator]}").text
    measured = {"actual": "12", "measured_on": "2027-01-09", "closed": "yes"}
    mari = world.client("mari")
    assert mari.post(f"{base}/indicators/{codes[Indicator]}/measure", data=measured).status_code == 303
    assert jaan.post(f"{base}/indicators/{codes[Indicator]}/reopen").status_code == 303
    assert jaan.post(f"{base}/tranches/{codes[Tranche]}", data={**tranche, "report": codes[Report]}).status_code == 303
    assert jaan.post(f"{base}/reports/{codes[Report]}/drop").status_code == 409
    assert jaan.post(f"{base}/tranches/{codes[Tranche]}/drop").status_code == 303
    assert jaan.post(f"{base}/reports/{codes[Report]}/drop").status_code == 303
    assert jaan.get(f"{base}/tranches/{codes[Tranche]}").status_code == 404
    assert "Before the pilot can start" in ravi.get(f"{base}/plan").text


def test_details_and_results_by_page(world):
    with world.acting("system") as w:
        pilot = make_pilot(w)
        code = pilot.code
        make_indicator(w, pilot)
    details = {"title": "Clean Bays", "summary": "Warned in time.", "budget_cents": "1200000", "months": "36"}
    jaan = world.client("jaan")

    again = jaan.post(f"/pilots/{code}/edit", data={**details, "mentor": "who@example.org"})
    assert again.status_code == 422
    assert "Nobody has an account with this address." in again.text
    assert 'value="who@example.org"' in again.text
    assert jaan.post(f"/pilots/{code}/edit", data={**details, "mentor": "kadri@example.org"}).status_code == 303
    results = {"public_summary": "It worked.", "replication_plan": "Next: Narva."}
    assert world.client("ravi").post(f"/pilots/{code}/results", data=results).status_code == 303
    assert world.client("mari").post(f"/pilots/{code}/results", data=results).status_code == 403
    assert "Next: Narva." in jaan.get(f"/pilots/{code}").text


def test_report_by_page_is_kept_as_one_types(world):
    with world.acting("system") as w:
        pilot = make_pilot(w, state=S.RUNNING)
        report = make_report(w, pilot, due_on=date(2027, 1, 5))
        code, url = report.code, f"/reports/{report.code}"
        version = report.version
    ravi, aoife = world.client("ravi"), world.client("aoife")

    kept = ravi.post(f"{url}/edit", data={"done": "It stands."},
                     headers={"accept": "application/json"})  # fmt: skip
    assert kept.json()["version"] == version + 1
    late = aoife.post(f"{url}/edit", data={"done": "It lies."})
    assert late.status_code == 409
    assert "Two texts" in late.text
    more = {"done": "It stands.", "measured": "12 h.", "follows": "More."}
    assert ravi.post(f"{url}/edit", data=more).status_code == 303
    assert "Submit the report" in ravi.get(f"{url}/check").text
    assert ravi.get(f"{url}/files").status_code == 200
    assert "published with the text" not in ravi.get(f"{url}/files").text
    assert "Late" in ravi.get(f"/pilots/{pilot.code}").text
    assert ravi.post(f"{url}/transitions/submit").status_code == 303
    assert "Late" not in ravi.get(f"/pilots/{pilot.code}").text
    assert ravi.get(f"{url}/edit").status_code == 409
    assert world.client("katrin").get(url).status_code == 404
    assert world.client("olev").get(f"{url}/edit").status_code == 403
    assert world.client("jaan").post(f"{url}/transitions/send_back", data={"points": "June."}).status_code == 303
    assert "June." in ravi.get(f"{url}/edit").text
    with world.acting("system") as w:
        assert w.session.exec(select(Report.state).where(Report.code == code)).one() is ReportState.RETURNED
